import { parseEther } from "ethers";
import { expect } from "chai";

import { CHUNK } from "../../sdk/index.js";
import { deployed, ethers, networkHelpers } from "../fixtures/deployed.js";
import { expectBalanced } from "../fixtures/ledger.js";
import { BAD, GOOD, fleet, openRound, resolve, stakeFleet } from "../fixtures/rounds.js";

const COUNT = CHUNK + 2;
/** Stakes whose settlement fits the gas limit of a transaction. */
const BATCH = 600;

describe("Settling a round with scores in two chunks", () => {
  it("reads the right score on both sides of the border", async () => {
    const d = await networkHelpers.loadFixture(deployed);
    const roundId = await openRound(d, parseEther("1"));
    const owner = await fleet(d, COUNT, BigInt(COUNT));
    const bid = { amount: 1n, confidence: parseEther("2") };
    await stakeFleet(
      owner,
      roundId,
      1n,
      Array.from({ length: COUNT }, () => bid),
    );
    // Of the last two of the first chunk and the two of the next, every second one fails.
    const failed = [CHUNK - 1, CHUNK + 1];
    await resolve(
      d,
      roundId,
      Array.from({ length: COUNT }, (_, index) => (failed.includes(index) ? BAD : GOOD)),
    );

    const settling = d.tournament.settle(roundId, CHUNK - 2, CHUNK + 2);
    await expect(settling).to.changeTokenBalance(ethers, d.nmr, owner, 2n);
    const settled = await d.tournament.queryFilter(d.tournament.filters.StakeSettled(roundId));
    expect(settled.map(({ args }) => [args.index, args.returned])).to.deep.equal([
      [2046n, 1n],
      [2047n, 0n],
      [2048n, 1n],
      [2049n, 0n],
    ]);

    for (let from = 0; from < COUNT; from += BATCH) {
      await d.tournament.settle(roundId, from, Math.min(from + BATCH, COUNT));
    }
    expect(await d.nmr.balanceOf(owner)).to.equal(BigInt(COUNT - failed.length));
    await expectBalanced(d);
  });
});
