import { parseEther, solidityPackedKeccak256 } from "ethers";
import { expect } from "chai";
import fc from "fast-check";

import { ethers, networkHelpers, type Deployed } from "../../fixtures/deployed.js";
import { STATUS, everyStatus } from "../../fixtures/every-status.js";
import {
  MIXED_BIDS,
  closedMixedRound,
  openMixedRound,
  resolvedMixedRound,
  voidMixedRound,
} from "../../fixtures/mixed-round.js";
import { crowd, playCrowd, smallRound } from "../../fixtures/random-rounds.js";
import { openRound, stakeEach } from "../../fixtures/rounds.js";

/** Where a stake's confidence lies in its slot, in bits. */
const CONFIDENCE_AT = 136n;

/** The slot of a mixed round's first stake: that of some mapping by round whose value is this stake. */
async function firstStakeSlot({ tournament }: Deployed, roundId: bigint): Promise<bigint> {
  const { confidence } = await tournament.getStake(roundId, 0n);
  for (let mapping = 0; mapping < 50; ++mapping) {
    const slot = BigInt(solidityPackedKeccak256(["uint256", "uint256"], [roundId, mapping]));
    if (BigInt(await ethers.provider.getStorage(tournament, slot)) >> CONFIDENCE_AT === confidence) return slot;
  }
  throw new Error(`no slot has the first stake of round ${roundId}`);
}

describe("StakingTournament.previewOutcome", () => {
  describe("given a resolved round", () => {
    it("tells who is paid, destroyed and returned", async () => {
      const d = await networkHelpers.loadFixture(resolvedMixedRound);
      const previews = await Promise.all([0, 1, 2, 3].map((index) => d.tournament.previewOutcome(d.roundId, index)));
      expect(previews).to.deep.equal([
        [parseEther("10"), 0n, parseEther("2"), 0n],
        [0n, parseEther("8"), 0n, 0n],
        [parseEther("30"), 0n, parseEther("8"), 0n],
        [parseEther("6"), 0n, 0n, 0n],
      ]);
    });

    it("refuses a stake that is settled, and one that is not there", async () => {
      const d = await networkHelpers.loadFixture(resolvedMixedRound);
      await d.tournament.settle(d.roundId, 0n, 2n);
      for (const index of [0n, 1n]) {
        await expect(d.tournament.previewOutcome(d.roundId, index))
          .to.be.revertedWithCustomError(d.tournament, "StakeAlreadySettled")
          .withArgs(d.roundId, index);
      }
      for (const index of [4n, 2n ** 32n - 1n, 2n ** 256n - 1n]) {
        await expect(d.tournament.previewOutcome(d.roundId, index))
          .to.be.revertedWithCustomError(d.tournament, "StakeNotFound")
          .withArgs(d.roundId, index, 4n);
      }
    });
  });

  describe("given a place so far off that the stakes of another round lie there", () => {
    it("finds no stake", async () => {
      const d = await networkHelpers.loadFixture(resolvedMixedRound);
      const other = await openRound(d);
      await stakeEach(d, other, MIXED_BIDS);
      const [from, to] = [await firstStakeSlot(d, d.roundId), await firstStakeSlot(d, other)];
      const index = BigInt.asUintN(256, to - from);
      expect(index).to.be.greaterThan(2n ** 32n);
      await expect(d.tournament.previewOutcome(d.roundId, index))
        .to.be.revertedWithCustomError(d.tournament, "StakeNotFound")
        .withArgs(d.roundId, index, 4n);
    });
  });

  describe("given a void round", () => {
    it("tells that everything comes back", async () => {
      const d = await networkHelpers.loadFixture(voidMixedRound);
      expect(await d.tournament.previewOutcome(d.roundId, 1n)).to.deep.equal([parseEther("8"), 0n, 0n, 0n]);
    });
  });

  describe("given a round that is not over", () => {
    for (const [status, fixture] of [
      ["Open", openMixedRound],
      ["Closed", closedMixedRound],
    ] as const) {
      it(`refuses a round that is ${status}`, async () => {
        const d = await networkHelpers.loadFixture(fixture);
        await expect(d.tournament.previewOutcome(d.roundId, 0n))
          .to.be.revertedWithCustomError(d.tournament, "RoundNotSettleable")
          .withArgs(d.roundId, STATUS[status]);
      });
    }

    it("finds no stake in one that was never opened", async () => {
      const d = await networkHelpers.loadFixture(everyStatus);
      await expect(d.tournament.previewOutcome(d.rounds.None, 0n))
        .to.be.revertedWithCustomError(d.tournament, "StakeNotFound")
        .withArgs(d.rounds.None, 0n, 0n);
    });
  });

  describe("given any rounds of any stakes and scores", () => {
    it("tells what settling then does", async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(smallRound, { minLength: 1, maxLength: 3 }), async (rounds) => {
          const d = await networkHelpers.loadFixture(crowd);
          for (const plan of rounds) {
            const roundId = await playCrowd(d, plan);
            const previews = await Promise.all(
              plan.stakes.map((_, index) => d.tournament.previewOutcome(roundId, index)),
            );
            await d.tournament.settle(roundId, 0n, plan.stakes.length);
            const settled = await d.tournament.queryFilter(d.tournament.filters.StakeSettled(roundId));
            expect(
              settled.map(({ args: { returned, burned, etherPaid, bonus } }) => [returned, burned, etherPaid, bonus]),
            ).to.deep.equal(previews);
          }
        }),
        { numRuns: 10 },
      );
    });
  });
});
