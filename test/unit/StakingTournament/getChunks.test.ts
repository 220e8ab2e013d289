import { expect } from "chai";
import { id } from "ethers";

import { packScores, unpackScores } from "../../../sdk/index.js";
import { ethers, networkHelpers } from "../../fixtures/deployed.js";
import { MIXED, MIXED_SCORES, closedMixedRound, scoredMixedRound } from "../../fixtures/mixed-round.js";

// Attempts of several chunks: test/integration/several-chunks.test.ts.
describe("StakingTournament.getChunks", () => {
  it("names no account before the first score", async () => {
    const { tournament, members, roundId } = await networkHelpers.loadFixture(closedMixedRound);
    await tournament.connect(members[0]).beginScoring(roundId, MIXED.cut, id("evidence"), "");
    expect(await tournament.getChunks(roundId, 1n)).to.deep.equal([]);
  });

  it("names the account whose code is a zero byte and the scores as they were posted", async () => {
    const { tournament, roundId, attemptId } = await networkHelpers.loadFixture(scoredMixedRound);
    const pointers = await tournament.getChunks(roundId, attemptId);
    expect(pointers).to.have.length(1);
    const code = await ethers.provider.getCode(pointers[0] ?? "");
    const [packed = ""] = packScores(MIXED_SCORES);
    expect(code).to.equal(`0x00${packed.slice(2)}`);
    expect(unpackScores([`0x${code.slice(4)}`])).to.deep.equal(MIXED_SCORES);
  });

  it("refuses an attempt that was not begun", async () => {
    const { tournament, roundId, attemptId } = await networkHelpers.loadFixture(scoredMixedRound);
    for (const attempt of [0n, attemptId + 1n]) {
      await expect(tournament.getChunks(roundId, attempt))
        .to.be.revertedWithCustomError(tournament, "AttemptNotFound")
        .withArgs(roundId, attempt);
    }
  });
});
