import { expect } from "chai";
import { getAddress, parseEther } from "ethers";

import { at } from "../../fixtures/at.js";
import { ethers, networkHelpers } from "../../fixtures/deployed.js";
import { itNeedsStatus, STATUS } from "../../fixtures/every-status.js";
import { MIXED, openMixedRound } from "../../fixtures/mixed-round.js";
import { fund } from "../../fixtures/rounds.js";

describe("StakingTournament.fundBonus", () => {
  describe("given an open round and approved NMR", () => {
    it("takes NMR of anybody into the bonus pool", async () => {
      const round = await networkHelpers.loadFixture(openMixedRound);
      const { tournament, nmr, roundId, stranger } = round;
      await fund(round, stranger);
      const amount = parseEther("12");
      const before = await tournament.getRound(roundId);
      const funding = tournament.connect(stranger).fundBonus(roundId, amount);
      await expect(funding).to.changeTokenBalances(ethers, nmr, [stranger, tournament], [-amount, amount]);
      await expect(funding).to.emit(tournament, "BonusFunded").withArgs(roundId, stranger.address, amount);
      const after = await tournament.getRound(roundId);
      expect(after.bonusPool).to.equal(before.bonusPool + amount);
      expect(after.totalStaked).to.equal(before.totalStaked);
      expect(after.prizePool).to.equal(before.prizePool);
    });

    it("adds up what each sponsor gave", async () => {
      const { tournament, roundId, sponsor, patron } = await networkHelpers.loadFixture(openMixedRound);
      await tournament.connect(patron).fundBonus(roundId, 1n);
      expect(await tournament.bonusContribution(roundId, patron)).to.equal(parseEther("40") + 1n);
      expect(await tournament.bonusContribution(roundId, sponsor)).to.equal(parseEther("60"));
    });

    it("refuses nothing at all", async () => {
      const { tournament, roundId, patron } = await networkHelpers.loadFixture(openMixedRound);
      await expect(tournament.connect(patron).fundBonus(roundId, 0n)).to.be.revertedWithCustomError(
        tournament,
        "ZeroAmount",
      );
    });
  });

  describe("given too little NMR or allowance", () => {
    it("refuses and records nothing", async () => {
      const { tournament, nmr, roundId, patron, stranger } = await networkHelpers.loadFixture(openMixedRound);
      const address = getAddress(await tournament.getAddress());
      await expect(tournament.connect(stranger).fundBonus(roundId, 1n))
        .to.be.revertedWithCustomError(nmr, "ERC20InsufficientAllowance")
        .withArgs(address, 0n, 1n);
      const balance = await nmr.balanceOf(patron);
      await expect(tournament.connect(patron).fundBonus(roundId, balance + 1n))
        .to.be.revertedWithCustomError(nmr, "ERC20InsufficientBalance")
        .withArgs(patron.address, balance, balance + 1n);
      expect((await tournament.getRound(roundId)).bonusPool).to.equal(MIXED.bonusPool);
      expect(await tournament.bonusContribution(roundId, stranger)).to.equal(0n);
    });
  });

  describe("given more than the pool can count", () => {
    it("refuses with the sum", async () => {
      const { tournament, roundId, patron } = await networkHelpers.loadFixture(openMixedRound);
      const most = 2n ** 96n - 1n;
      await expect(tournament.connect(patron).fundBonus(roundId, most))
        .to.be.revertedWithCustomError(tournament, "SafeCastOverflowedUintDowncast")
        .withArgs(96n, most + MIXED.bonusPool);
    });
  });

  describe("given the seconds around the close", () => {
    it("takes NMR in the last second before it and refuses in the one of the close", async () => {
      const { tournament, roundId, patron, closesAt } = await networkHelpers.loadFixture(openMixedRound);
      await at(closesAt - 1);
      await tournament.connect(patron).fundBonus(roundId, 1n);
      await at(closesAt);
      await expect(tournament.connect(patron).fundBonus(roundId, 1n))
        .to.be.revertedWithCustomError(tournament, "UnexpectedRoundStatus")
        .withArgs(roundId, STATUS.Open, STATUS.Closed);
    });
  });

  itNeedsStatus("Open", ({ tournament }, roundId) => tournament.fundBonus(roundId, 1n));
});
