import { ZeroHash, id, type ContractTransactionResponse } from "ethers";
import { expect } from "chai";

import { at } from "../../fixtures/at.js";
import { networkHelpers } from "../../fixtures/deployed.js";
import { STATUS, itNeedsStatus } from "../../fixtures/every-status.js";
import { AMOUNT, CONFIDENCE, placedStake, sellModel, type StakingRound } from "../../fixtures/staking-round.js";

const NEWER = id("newer predictions");

async function commit(
  d: StakingRound,
  { by = d.owner, index = 0n, predictionsHash = NEWER } = {},
): Promise<ContractTransactionResponse> {
  return d.tournament.connect(by).commitPredictions(d.roundId, index, predictionsHash);
}

describe("StakingTournament.commitPredictions", () => {
  describe("given a stake of the caller in an open round", () => {
    it("tells the new commitment, as often as it is replaced, and leaves the stake alone", async () => {
      const d = await networkHelpers.loadFixture(placedStake);
      for (const predictionsHash of [NEWER, id("newest predictions")]) {
        await expect(commit(d, { predictionsHash }))
          .to.emit(d.tournament, "PredictionsCommitted")
          .withArgs(d.roundId, d.modelId, 0n, predictionsHash);
      }
      expect(await d.tournament.getStake(d.roundId, 0n)).to.deep.equal([d.modelId, AMOUNT, CONFIDENCE]);
    });

    it("refuses a missing commitment", async () => {
      const d = await networkHelpers.loadFixture(placedStake);
      await expect(commit(d, { predictionsHash: ZeroHash })).to.be.revertedWithCustomError(
        d.tournament,
        "ZeroPredictionsHash",
      );
    });

    it("refuses a stake that is not there", async () => {
      const d = await networkHelpers.loadFixture(placedStake);
      await expect(commit(d, { index: 1n }))
        .to.be.revertedWithCustomError(d.tournament, "StakeNotFound")
        .withArgs(d.roundId, 1n, 1n);
    });
  });

  describe("given a stake of somebody else", () => {
    it("refuses, who sold the model as well", async () => {
      const d = await networkHelpers.loadFixture(placedStake);
      await expect(commit(d, { by: d.stranger }))
        .to.be.revertedWithCustomError(d.tournament, "NotModelOwner")
        .withArgs(d.modelId, d.owner, d.stranger);
      await sellModel(d);
      await expect(commit(d))
        .to.be.revertedWithCustomError(d.tournament, "NotModelOwner")
        .withArgs(d.modelId, d.stranger, d.owner);
    });
  });

  describe("given a round at its close", () => {
    it("takes a commitment in the last second before, and none in the second of the close", async () => {
      const d = await networkHelpers.loadFixture(placedStake);
      await at(d.closesAt - 1n);
      await expect(commit(d)).to.emit(d.tournament, "PredictionsCommitted");
      await at(d.closesAt);
      await expect(commit(d))
        .to.be.revertedWithCustomError(d.tournament, "UnexpectedRoundStatus")
        .withArgs(d.roundId, STATUS.Open, STATUS.Closed);
    });
  });

  describe("given a round in any other status", () => {
    itNeedsStatus("Open", async ({ tournament, others: [owner] }, roundId) =>
      tournament.connect(owner).commitPredictions(roundId, 0n, NEWER),
    );
  });
});
