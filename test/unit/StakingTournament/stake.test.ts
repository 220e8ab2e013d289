import { ZeroHash } from "ethers";
import { expect } from "chai";

import { at } from "../../fixtures/at.js";
import { ethers, networkHelpers } from "../../fixtures/deployed.js";
import { STATUS, itNeedsStatus } from "../../fixtures/every-status.js";
import { fund, openRound, register } from "../../fixtures/rounds.js";
import {
  AMOUNT,
  CONFIDENCE,
  MIN_STAKE,
  PREDICTIONS,
  placedStake,
  sellModel,
  stake,
  stakingRound,
} from "../../fixtures/staking-round.js";

describe("StakingTournament.stake", () => {
  describe("given an open round and a model of the caller", () => {
    it("moves the NMR from the owner to the tournament", async () => {
      const d = await networkHelpers.loadFixture(stakingRound);
      await expect(stake(d)).to.changeTokenBalances(ethers, d.nmr, [d.owner, d.tournament], [-AMOUNT, AMOUNT]);
    });

    it("tells who staked what, with which commitment, at which place", async () => {
      const d = await networkHelpers.loadFixture(stakingRound);
      const modelId = await register(d, d.stranger);
      await expect(stake(d))
        .to.emit(d.tournament, "StakePlaced")
        .withArgs(d.roundId, d.modelId, d.owner, 0n, AMOUNT, CONFIDENCE, PREDICTIONS);
      await expect(stake(d, { by: d.stranger, modelId, amount: MIN_STAKE, confidence: 1n }))
        .to.emit(d.tournament, "StakePlaced")
        .withArgs(d.roundId, modelId, d.stranger, 1n, MIN_STAKE, 1n, PREDICTIONS);
    });

    it("keeps the stakes in order, their total and the model's newest round", async () => {
      const d = await networkHelpers.loadFixture(placedStake);
      const second = await register(d, d.owner);
      await stake(d, { modelId: second, amount: MIN_STAKE, confidence: 1n });
      expect(await d.tournament.getStakes(d.roundId, 0n, 2n)).to.deep.equal([
        [d.modelId, AMOUNT, CONFIDENCE],
        [second, MIN_STAKE, 1n],
      ]);
      const { stakeCount, totalStaked } = await d.tournament.getRound(d.roundId);
      expect([stakeCount, totalStaked]).to.deep.equal([2n, AMOUNT + MIN_STAKE]);
      expect((await d.tournament.getModel(second)).lastStakedRound).to.equal(d.roundId);
    });

    it("takes the widest confidence without touching its neighbours in the slot", async () => {
      const d = await networkHelpers.loadFixture(stakingRound);
      const confidence = 2n ** 96n - 1n;
      await stake(d, { confidence });
      expect(await d.tournament.getStake(d.roundId, 0n)).to.deep.equal([d.modelId, AMOUNT, confidence]);
    });

    it("takes a confidence below the round's least one", async () => {
      const d = await networkHelpers.loadFixture(stakingRound);
      await stake(d, { confidence: 1n });
      expect((await d.tournament.getStake(d.roundId, 0n)).confidence).to.equal(1n);
    });

    it("takes the least stake, and not a wei less", async () => {
      const d = await networkHelpers.loadFixture(stakingRound);
      await expect(stake(d, { amount: MIN_STAKE - 1n }))
        .to.be.revertedWithCustomError(d.tournament, "StakeTooSmall")
        .withArgs(MIN_STAKE, MIN_STAKE - 1n);
      await stake(d, { amount: MIN_STAKE });
      expect((await d.tournament.getStake(d.roundId, 0n)).amount).to.equal(MIN_STAKE);
    });

    it("refuses a confidence of zero", async () => {
      const d = await networkHelpers.loadFixture(stakingRound);
      await expect(stake(d, { confidence: 0n })).to.be.revertedWithCustomError(d.tournament, "ZeroConfidence");
    });

    it("refuses a missing commitment", async () => {
      const d = await networkHelpers.loadFixture(stakingRound);
      await expect(stake(d, { predictionsHash: ZeroHash })).to.be.revertedWithCustomError(
        d.tournament,
        "ZeroPredictionsHash",
      );
    });

    it("refuses more than the allowance, and more than the balance", async () => {
      const d = await networkHelpers.loadFixture(stakingRound);
      const balance = await d.nmr.balanceOf(d.owner);
      await expect(stake(d, { amount: balance + 1n }))
        .to.be.revertedWithCustomError(d.nmr, "ERC20InsufficientBalance")
        .withArgs(d.owner, balance, balance + 1n);
      await d.nmr.connect(d.owner).approve(d.tournament, AMOUNT - 1n);
      await expect(stake(d))
        .to.be.revertedWithCustomError(d.nmr, "ERC20InsufficientAllowance")
        .withArgs(d.tournament, AMOUNT - 1n, AMOUNT);
    });
  });

  describe("given a round at its close", () => {
    it("takes a stake in the last second before", async () => {
      const d = await networkHelpers.loadFixture(stakingRound);
      await at(d.closesAt - 1n);
      await stake(d);
      expect((await d.tournament.getRound(d.roundId)).stakeCount).to.equal(1n);
    });

    it("takes none in the second of the close", async () => {
      const d = await networkHelpers.loadFixture(stakingRound);
      await at(d.closesAt);
      await expect(stake(d))
        .to.be.revertedWithCustomError(d.tournament, "UnexpectedRoundStatus")
        .withArgs(d.roundId, STATUS.Open, STATUS.Closed);
    });
  });

  describe("given a round in any other status", () => {
    itNeedsStatus("Open", async (d, roundId) => {
      const [owner] = d.others;
      if (owner === undefined) throw new Error("no account");
      const modelId = await register(d, owner);
      return d.tournament.connect(owner).stake(roundId, modelId, 1n, 1n, PREDICTIONS);
    });

    it("refuses a number that looks like an open round in 24 bits", async () => {
      const d = await networkHelpers.loadFixture(stakingRound);
      const roundId = 2n ** 24n + d.roundId;
      await expect(stake(d, { roundId }))
        .to.be.revertedWithCustomError(d.tournament, "UnexpectedRoundStatus")
        .withArgs(roundId, STATUS.Open, STATUS.None);
    });
  });

  describe("given a model that is not the caller's", () => {
    it("refuses somebody else", async () => {
      const d = await networkHelpers.loadFixture(stakingRound);
      await expect(stake(d, { by: d.stranger }))
        .to.be.revertedWithCustomError(d.tournament, "NotModelOwner")
        .withArgs(d.modelId, d.owner, d.stranger);
    });

    it("refuses whom the model is offered to, until it is accepted", async () => {
      const d = await networkHelpers.loadFixture(stakingRound);
      await d.tournament.connect(d.owner).offerModel(d.modelId, d.stranger);
      await expect(stake(d, { by: d.stranger })).to.be.revertedWithCustomError(d.tournament, "NotModelOwner");
      await d.tournament.connect(d.stranger).acceptModel(d.modelId);
      await expect(stake(d, { by: d.stranger })).to.changeTokenBalance(ethers, d.nmr, d.stranger, -AMOUNT);
      await expect(stake(d))
        .to.be.revertedWithCustomError(d.tournament, "NotModelOwner")
        .withArgs(d.modelId, d.stranger, d.owner);
    });

    it("refuses the payee", async () => {
      const d = await networkHelpers.loadFixture(stakingRound);
      await d.tournament.connect(d.owner).setPayee(d.modelId, d.stranger);
      await expect(stake(d, { by: d.stranger })).to.be.revertedWithCustomError(d.tournament, "NotModelOwner");
    });

    it("refuses models nobody registered, one that looks like the caller's in 40 bits among them", async () => {
      const d = await networkHelpers.loadFixture(stakingRound);
      for (const modelId of [0n, d.modelId + 1n, 2n ** 40n + d.modelId]) {
        await expect(stake(d, { modelId }))
          .to.be.revertedWithCustomError(d.tournament, "ModelNotFound")
          .withArgs(modelId);
      }
    });
  });

  describe("given a model with a stake", () => {
    it("refuses a second stake in the same round", async () => {
      const d = await networkHelpers.loadFixture(placedStake);
      await expect(stake(d))
        .to.be.revertedWithCustomError(d.tournament, "ModelAlreadyStaked")
        .withArgs(d.modelId, d.roundId, d.roundId);
    });

    it("refuses a second stake in the same round to a new owner, too", async () => {
      const d = await networkHelpers.loadFixture(placedStake);
      await sellModel(d);
      await expect(stake(d, { by: d.stranger }))
        .to.be.revertedWithCustomError(d.tournament, "ModelAlreadyStaked")
        .withArgs(d.modelId, d.roundId, d.roundId);
    });

    it("refuses an older round that is still open", async () => {
      const d = await networkHelpers.loadFixture(stakingRound);
      const newer = await openRound(d);
      await stake(d, { roundId: newer });
      await expect(stake(d))
        .to.be.revertedWithCustomError(d.tournament, "ModelAlreadyStaked")
        .withArgs(d.modelId, newer, d.roundId);
    });

    it("takes a stake in a newer round, and one on another model in the same", async () => {
      const d = await networkHelpers.loadFixture(placedStake);
      const newer = await openRound(d);
      await fund(d, d.owner);
      const other = await register(d, d.owner);
      await stake(d, { roundId: newer });
      await stake(d, { modelId: other });
      expect((await d.tournament.getModel(d.modelId)).lastStakedRound).to.equal(newer);
      expect((await d.tournament.getStake(newer, 0n)).modelId).to.equal(d.modelId);
      expect((await d.tournament.getStake(d.roundId, 1n)).modelId).to.equal(other);
    });
  });
});
