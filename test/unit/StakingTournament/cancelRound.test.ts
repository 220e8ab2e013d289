import { expect } from "chai";
import { id, parseEther } from "ethers";

import { at } from "../../fixtures/at.js";
import { ethers, networkHelpers } from "../../fixtures/deployed.js";
import { itNeedsStatus, STATUS } from "../../fixtures/every-status.js";
import { MIXED, MIXED_BIDS, openMixedRound } from "../../fixtures/mixed-round.js";

const { time } = networkHelpers;

describe("StakingTournament.cancelRound", () => {
  describe("given the guardian and an open round", () => {
    it("makes it Void, closed in that second", async () => {
      const { tournament, guardian, roundId } = await networkHelpers.loadFixture(openMixedRound);
      const now = (await time.latest()) + 100;
      await at(now);
      await expect(tournament.connect(guardian).cancelRound(roundId))
        .to.emit(tournament, "RoundCancelled")
        .withArgs(roundId);
      const { status, terms } = await tournament.getRound(roundId);
      expect(status).to.equal(STATUS.Void);
      expect(terms.closesAt).to.equal(now);
    });

    it("stops new stakes at once", async () => {
      const { tournament, guardian, roundId, others } = await networkHelpers.loadFixture(openMixedRound);
      const [, , , , newcomer = guardian] = others;
      await tournament.connect(newcomer).registerModel(id("late"));
      const modelId = await tournament.modelCount();
      await tournament.connect(guardian).cancelRound(roundId);
      await expect(tournament.connect(newcomer).stake(roundId, modelId, 1n, 1n, id("predictions")))
        .to.be.revertedWithCustomError(tournament, "UnexpectedRoundStatus")
        .withArgs(roundId, STATUS.Open, STATUS.Void);
    });

    it("moves no money, and lets everybody have theirs back in full", async () => {
      const { tournament, nmr, guardian, roundId, others, opener, sponsor } =
        await networkHelpers.loadFixture(openMixedRound);
      const cancelling = tournament.connect(guardian).cancelRound(roundId);
      await expect(cancelling).to.changeEtherBalance(ethers, tournament, 0n);
      await expect(cancelling).to.changeTokenBalance(ethers, nmr, tournament, 0n);

      await expect(tournament.settle(roundId, 0n, 4n)).to.changeTokenBalances(
        ethers,
        nmr,
        others.slice(0, 4),
        MIXED_BIDS.map(({ amount }) => amount),
      );
      await tournament.connect(opener).reclaimPrize(roundId);
      await expect(tournament.connect(sponsor).reclaimPrize(roundId)).to.changeEtherBalance(
        ethers,
        tournament,
        parseEther("-4"),
      );
      expect(await ethers.provider.getBalance(tournament)).to.equal(0n);
      expect(await nmr.balanceOf(tournament)).to.equal(MIXED.bonusPool);
    });
  });

  describe("given the seconds around the close", () => {
    it("cancels in the last second before it", async () => {
      const { tournament, guardian, roundId, closesAt } = await networkHelpers.loadFixture(openMixedRound);
      await at(closesAt - 1);
      await tournament.connect(guardian).cancelRound(roundId);
      expect(await tournament.roundStatus(roundId)).to.equal(STATUS.Void);
    });

    it("refuses in the second of the close: stakes that are in are judged", async () => {
      const { tournament, guardian, roundId, closesAt } = await networkHelpers.loadFixture(openMixedRound);
      await at(closesAt);
      await expect(tournament.connect(guardian).cancelRound(roundId))
        .to.be.revertedWithCustomError(tournament, "UnexpectedRoundStatus")
        .withArgs(roundId, STATUS.Open, STATUS.Closed);
    });
  });

  // For a resolved or void round this is all the guardian could try, besides a veto.
  itNeedsStatus("Open", ({ tournament, guardian }, roundId) => tournament.connect(guardian).cancelRound(roundId));

  describe("given a caller without the guardian's role", () => {
    for (const role of ["deployer", "roundManager", "treasury"] as const) {
      it(`refuses the ${role}`, async () => {
        const round = await networkHelpers.loadFixture(openMixedRound);
        await expect(round.tournament.connect(round[role]).cancelRound(round.roundId))
          .to.be.revertedWithCustomError(round.tournament, "AccessManagedUnauthorized")
          .withArgs(round[role].address);
      });
    }
  });
});
