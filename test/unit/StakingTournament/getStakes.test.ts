import { expect } from "chai";

import { networkHelpers } from "../../fixtures/deployed.js";
import { MIXED_BIDS, openMixedRound } from "../../fixtures/mixed-round.js";

describe("StakingTournament.getStakes", () => {
  for (const [from, to] of [
    [0, 4],
    [1, 3],
    [3, 4],
    [0, 0],
    [4, 4],
  ] as const) {
    it(`gives the stakes ${from} to ${to - 1} in order`, async () => {
      const { tournament, roundId, models } = await networkHelpers.loadFixture(openMixedRound);
      const stakes = await tournament.getStakes(roundId, from, to);
      expect(stakes.map((stake) => [...stake])).to.deep.equal(
        MIXED_BIDS.map(({ amount, confidence }, index) => [models[index], amount, confidence]).slice(from, to),
      );
    });
  }

  for (const [what, from, to] of [
    ["ends after the last stake", 0, 5],
    ["begins after it ends", 3, 2],
    ["lies behind the last stake", 5, 5],
  ] as const) {
    it(`refuses a range that ${what}`, async () => {
      const { tournament, roundId } = await networkHelpers.loadFixture(openMixedRound);
      await expect(tournament.getStakes(roundId, from, to))
        .to.be.revertedWithCustomError(tournament, "InvalidRange")
        .withArgs(from, to, 4n);
    });
  }
});
