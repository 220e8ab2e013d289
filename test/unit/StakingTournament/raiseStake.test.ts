import type { ContractTransactionResponse } from "ethers";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { expect } from "chai";

import { at } from "../../fixtures/at.js";
import { ethers, networkHelpers } from "../../fixtures/deployed.js";
import { STATUS, itNeedsStatus } from "../../fixtures/every-status.js";
import { register } from "../../fixtures/rounds.js";
import {
  AMOUNT,
  CONFIDENCE,
  MIN_STAKE,
  placedStake,
  sellModel,
  stake,
  type StakingRound,
} from "../../fixtures/staking-round.js";

async function raise(
  d: StakingRound,
  addedAmount: bigint,
  newConfidence: bigint,
  { by = d.owner, index = 0n }: { by?: HardhatEthersSigner; index?: bigint } = {},
): Promise<ContractTransactionResponse> {
  return d.tournament.connect(by).raiseStake(d.roundId, index, addedAmount, newConfidence);
}

describe("StakingTournament.raiseStake", () => {
  describe("given a stake of the caller in an open round", () => {
    it("raises the amount by NMR of the owner", async () => {
      const d = await networkHelpers.loadFixture(placedStake);
      await expect(raise(d, 7n, CONFIDENCE)).to.changeTokenBalances(ethers, d.nmr, [d.owner, d.tournament], [-7n, 7n]);
      expect(await d.tournament.getStake(d.roundId, 0n)).to.deep.equal([d.modelId, AMOUNT + 7n, CONFIDENCE]);
      expect((await d.tournament.getRound(d.roundId)).totalStaked).to.equal(AMOUNT + 7n);
    });

    it("raises the confidence alone, which takes no NMR and no allowance", async () => {
      const d = await networkHelpers.loadFixture(placedStake);
      await d.nmr.connect(d.owner).approve(d.tournament, 0n);
      await expect(raise(d, 0n, CONFIDENCE + 1n)).to.changeTokenBalance(ethers, d.nmr, d.owner, 0n);
      expect(await d.tournament.getStake(d.roundId, 0n)).to.deep.equal([d.modelId, AMOUNT, CONFIDENCE + 1n]);
      expect((await d.tournament.getRound(d.roundId)).totalStaked).to.equal(AMOUNT);
    });

    it("raises both, and tells what the stake is now", async () => {
      const d = await networkHelpers.loadFixture(placedStake);
      await expect(raise(d, 5n, CONFIDENCE * 2n))
        .to.emit(d.tournament, "StakeRaised")
        .withArgs(d.roundId, d.modelId, 0n, AMOUNT + 5n, CONFIDENCE * 2n);
    });

    it("keeps its place, and leaves its neighbour alone", async () => {
      const d = await networkHelpers.loadFixture(placedStake);
      const modelId = await register(d, d.stranger);
      await stake(d, { by: d.stranger, modelId, amount: MIN_STAKE });
      await raise(d, 1n, CONFIDENCE + 1n);
      await raise(d, 2n, CONFIDENCE, { by: d.stranger, index: 1n });
      expect(await d.tournament.getStakes(d.roundId, 0n, 2n)).to.deep.equal([
        [d.modelId, AMOUNT + 1n, CONFIDENCE + 1n],
        [modelId, MIN_STAKE + 2n, CONFIDENCE],
      ]);
      const { stakeCount, totalStaked } = await d.tournament.getRound(d.roundId);
      expect([stakeCount, totalStaked]).to.deep.equal([2n, AMOUNT + MIN_STAKE + 3n]);
    });

    it("refuses to raise nothing", async () => {
      const d = await networkHelpers.loadFixture(placedStake);
      await expect(raise(d, 0n, CONFIDENCE))
        .to.be.revertedWithCustomError(d.tournament, "NothingRaised")
        .withArgs(d.roundId, 0n);
    });

    it("refuses a confidence one wei lower, whatever is added", async () => {
      const d = await networkHelpers.loadFixture(placedStake);
      for (const added of [0n, AMOUNT]) {
        await expect(raise(d, added, CONFIDENCE - 1n))
          .to.be.revertedWithCustomError(d.tournament, "ConfidenceLowered")
          .withArgs(CONFIDENCE, CONFIDENCE - 1n);
      }
    });

    it("refuses NMR it is not allowed to take", async () => {
      const d = await networkHelpers.loadFixture(placedStake);
      await d.nmr.connect(d.owner).approve(d.tournament, 6n);
      await expect(raise(d, 7n, CONFIDENCE))
        .to.be.revertedWithCustomError(d.nmr, "ERC20InsufficientAllowance")
        .withArgs(d.tournament, 6n, 7n);
    });

    it("refuses a stake that is not there", async () => {
      const d = await networkHelpers.loadFixture(placedStake);
      await expect(raise(d, 1n, CONFIDENCE, { index: 1n }))
        .to.be.revertedWithCustomError(d.tournament, "StakeNotFound")
        .withArgs(d.roundId, 1n, 1n);
    });
  });

  describe("given a stake of somebody else", () => {
    it("refuses", async () => {
      const d = await networkHelpers.loadFixture(placedStake);
      await expect(raise(d, 1n, CONFIDENCE, { by: d.stranger }))
        .to.be.revertedWithCustomError(d.tournament, "NotModelOwner")
        .withArgs(d.modelId, d.owner, d.stranger);
    });

    it("lets whoever bought the model raise it, and no longer who sold it", async () => {
      const d = await networkHelpers.loadFixture(placedStake);
      await sellModel(d);
      await expect(raise(d, 1n, CONFIDENCE))
        .to.be.revertedWithCustomError(d.tournament, "NotModelOwner")
        .withArgs(d.modelId, d.stranger, d.owner);
      await expect(raise(d, 1n, CONFIDENCE, { by: d.stranger })).to.changeTokenBalance(ethers, d.nmr, d.stranger, -1n);
    });
  });

  describe("given a round at its close", () => {
    it("raises in the last second before, and not in the second of the close", async () => {
      const d = await networkHelpers.loadFixture(placedStake);
      await at(d.closesAt - 1n);
      await raise(d, 1n, CONFIDENCE);
      await at(d.closesAt);
      await expect(raise(d, 1n, CONFIDENCE))
        .to.be.revertedWithCustomError(d.tournament, "UnexpectedRoundStatus")
        .withArgs(d.roundId, STATUS.Open, STATUS.Closed);
      expect((await d.tournament.getStake(d.roundId, 0n)).amount).to.equal(AMOUNT + 1n);
    });
  });

  describe("given a round in any other status", () => {
    itNeedsStatus("Open", async ({ tournament, others: [owner] }, roundId) =>
      tournament.connect(owner).raiseStake(roundId, 0n, 1n, 2n),
    );
  });
});
