import { expect } from "chai";
import { parseEther } from "ethers";

import { ethers, networkHelpers } from "../../fixtures/deployed.js";
import { itNeedsStatus } from "../../fixtures/every-status.js";
import { MIXED, voidMixedRound } from "../../fixtures/mixed-round.js";

describe("StakingTournament.reclaimBonus", () => {
  describe("given a void round", () => {
    it("gives each sponsor exactly what it put in, and leaves the stakes", async () => {
      const { tournament, nmr, roundId, sponsor, patron } = await networkHelpers.loadFixture(voidMixedRound);
      for (const [account, amount] of [
        [patron, parseEther("40")],
        [sponsor, parseEther("60")],
      ] as const) {
        const reclaiming = tournament.connect(account).reclaimBonus(roundId);
        await expect(reclaiming).to.changeTokenBalances(ethers, nmr, [account, tournament], [amount, -amount]);
        await expect(reclaiming).to.emit(tournament, "BonusReclaimed").withArgs(roundId, account.address, amount);
        expect(await tournament.bonusContribution(roundId, account)).to.equal(0n);
      }
      expect(await nmr.balanceOf(tournament)).to.equal(MIXED.totalStaked);
    });

    it("pays no sponsor twice", async () => {
      const { tournament, roundId, patron } = await networkHelpers.loadFixture(voidMixedRound);
      await tournament.connect(patron).reclaimBonus(roundId);
      await expect(tournament.connect(patron).reclaimBonus(roundId))
        .to.be.revertedWithCustomError(tournament, "NothingToReclaim")
        .withArgs(roundId, patron.address);
    });

    it("refuses who gave no NMR, a sponsor of the prize too", async () => {
      const { tournament, roundId, stranger, opener } = await networkHelpers.loadFixture(voidMixedRound);
      for (const account of [stranger, opener]) {
        await expect(tournament.connect(account).reclaimBonus(roundId))
          .to.be.revertedWithCustomError(tournament, "NothingToReclaim")
          .withArgs(roundId, account.address);
      }
    });
  });

  itNeedsStatus("Void", ({ tournament }, roundId) => tournament.reclaimBonus(roundId));
});
