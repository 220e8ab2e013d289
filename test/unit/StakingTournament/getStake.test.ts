import { expect } from "chai";

import { networkHelpers } from "../../fixtures/deployed.js";
import { MIXED_BIDS, openMixedRound, voidMixedRound } from "../../fixtures/mixed-round.js";

describe("StakingTournament.getStake", () => {
  it("gives model, amount and confidence of each stake in order of arrival", async () => {
    const { tournament, roundId, models } = await networkHelpers.loadFixture(openMixedRound);
    for (const [index, { amount, confidence }] of MIXED_BIDS.entries()) {
      expect([...(await tournament.getStake(roundId, index))]).to.deep.equal([models[index], amount, confidence]);
    }
  });

  it("refuses the place after the last, and any place of a round without stakes", async () => {
    const { tournament, roundId } = await networkHelpers.loadFixture(openMixedRound);
    await expect(tournament.getStake(roundId, 4n))
      .to.be.revertedWithCustomError(tournament, "StakeNotFound")
      .withArgs(roundId, 4n, 4n);
    await expect(tournament.getStake(roundId + 1n, 0n))
      .to.be.revertedWithCustomError(tournament, "StakeNotFound")
      .withArgs(roundId + 1n, 0n, 0n);
  });

  it("shows a settled stake with no amount, the others untouched", async () => {
    const { tournament, roundId, models } = await networkHelpers.loadFixture(voidMixedRound);
    await tournament.settle(roundId, 1n, 2n);
    expect([...(await tournament.getStake(roundId, 1n))]).to.deep.equal([models[1], 0n, MIXED_BIDS[1]?.confidence]);
    expect((await tournament.getStake(roundId, 0n)).amount).to.equal(MIXED_BIDS[0]?.amount);
    expect((await tournament.getStake(roundId, 2n)).amount).to.equal(MIXED_BIDS[2]?.amount);
  });
});
