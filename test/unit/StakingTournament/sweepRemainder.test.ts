import { expect } from "chai";
import { parseEther } from "ethers";

import { BAD, GOOD, resolve } from "../../fixtures/rounds.js";
import { ethers, networkHelpers } from "../../fixtures/deployed.js";
import { itNeedsStatus } from "../../fixtures/every-status.js";
import { MIXED, openMixedRound, resolvedMixedRound, type MixedRound } from "../../fixtures/mixed-round.js";

/** Only the first stake performs, for 2 ether of 10; the treasury is left with 8. */
async function mostlyFailedRound(): Promise<MixedRound> {
  const round = await openMixedRound();
  await resolve(round, round.roundId, [GOOD, BAD, BAD, BAD]);
  return round;
}

describe("StakingTournament.sweepRemainder", () => {
  describe("given a resolved round whose every stake is settled", () => {
    it("sends unspent ether and bonus to the treasury, for anybody", async () => {
      const { tournament, nmr, treasury, roundId, stranger } = await networkHelpers.loadFixture(mostlyFailedRound);
      await tournament.settle(roundId, 0n, 4n);
      const ether = parseEther("8");
      const sweeping = tournament.connect(stranger).sweepRemainder(roundId);
      await expect(sweeping).to.changeEtherBalances(ethers, [treasury, tournament, stranger], [ether, -ether, 0n]);
      // No model had a reputation, so none of the bonus was paid.
      await expect(sweeping).to.changeTokenBalances(
        ethers,
        nmr,
        [treasury, tournament],
        [MIXED.bonusPool, -MIXED.bonusPool],
      );
      await expect(sweeping).to.emit(tournament, "RemainderSwept").withArgs(roundId, ether, MIXED.bonusPool);
      expect(await ethers.provider.getBalance(tournament)).to.equal(0n);
      expect(await nmr.balanceOf(tournament)).to.equal(0n);
    });

    it("sends the bonus alone when the prize is spent", async () => {
      const { tournament, treasury, roundId } = await networkHelpers.loadFixture(resolvedMixedRound);
      await tournament.settle(roundId, 0n, 4n);
      const sweeping = tournament.sweepRemainder(roundId);
      await expect(sweeping).to.changeEtherBalance(ethers, treasury, 0n);
      await expect(sweeping).to.emit(tournament, "RemainderSwept").withArgs(roundId, 0n, MIXED.bonusPool);
    });

    it("sweeps once", async () => {
      const { tournament, roundId } = await networkHelpers.loadFixture(mostlyFailedRound);
      await tournament.settle(roundId, 0n, 4n);
      await tournament.sweepRemainder(roundId);
      await expect(tournament.sweepRemainder(roundId))
        .to.be.revertedWithCustomError(tournament, "RemainderAlreadySwept")
        .withArgs(roundId);
    });

    it("leaves the sponsors nothing to reclaim, before it and after", async () => {
      const { tournament, roundId, sponsor } = await networkHelpers.loadFixture(mostlyFailedRound);
      const reclaims = [
        () => tournament.connect(sponsor).reclaimPrize(roundId),
        () => tournament.connect(sponsor).reclaimBonus(roundId),
      ];
      await tournament.settle(roundId, 0n, 4n);
      for (const reclaim of reclaims) {
        await expect(reclaim()).to.be.revertedWithCustomError(tournament, "UnexpectedRoundStatus");
      }
      await tournament.sweepRemainder(roundId);
      for (const reclaim of reclaims) {
        await expect(reclaim()).to.be.revertedWithCustomError(tournament, "UnexpectedRoundStatus");
      }
    });
  });

  describe("given stakes that are still to be settled", () => {
    it("refuses while one is left, whichever it is", async () => {
      const { tournament, roundId } = await networkHelpers.loadFixture(resolvedMixedRound);
      await expect(tournament.sweepRemainder(roundId))
        .to.be.revertedWithCustomError(tournament, "RoundNotSettled")
        .withArgs(0n, 4n);
      await tournament.settle(roundId, 1n, 4n);
      // Settled again: it does not count twice.
      await tournament.settle(roundId, 1n, 4n);
      await expect(tournament.sweepRemainder(roundId))
        .to.be.revertedWithCustomError(tournament, "RoundNotSettled")
        .withArgs(3n, 4n);
    });
  });

  describe("given a treasury that refuses ether", () => {
    it("sends the bonus and keeps the ether for it", async () => {
      const { tournament, nmr, treasury, roundId } = await networkHelpers.loadFixture(mostlyFailedRound);
      await tournament.settle(roundId, 0n, 4n);
      // A contract without a way to receive: it reverts whatever it is sent.
      await networkHelpers.setCode(treasury.address, "0x5f5ffd");
      const sweeping = tournament.sweepRemainder(roundId);
      await expect(sweeping).to.changeEtherBalances(ethers, [treasury, tournament], [0n, 0n]);
      await expect(sweeping).to.changeTokenBalance(ethers, nmr, treasury, MIXED.bonusPool);
      await expect(sweeping).to.emit(tournament, "PaymentOwed").withArgs(treasury.address, parseEther("8"));
      expect(await tournament.owed(treasury)).to.equal(parseEther("8"));
      await expect(tournament.sweepRemainder(roundId)).to.be.revertedWithCustomError(
        tournament,
        "RemainderAlreadySwept",
      );
    });
  });

  itNeedsStatus("Resolved", ({ tournament }, roundId) => tournament.sweepRemainder(roundId));
});
