import { expect } from "chai";
import { id, parseEther } from "ethers";

import { at } from "../../fixtures/at.js";
import { deployed, networkHelpers } from "../../fixtures/deployed.js";
import { itNeedsStatus, STATUS } from "../../fixtures/every-status.js";
import {
  MIXED,
  MIXED_SCORES,
  closedMixedRound,
  resolvedMixedRound,
  scoredMixedRound,
  type MixedRound,
} from "../../fixtures/mixed-round.js";
import { DAY, close, openRound, score, stakeEach } from "../../fixtures/rounds.js";

describe("StakingTournament.voidRound", () => {
  describe("given a round that closed without a stake", () => {
    it("makes it Void for anybody in the second of the close, and not before", async () => {
      const d = await networkHelpers.loadFixture(deployed);
      const roundId = await openRound(d);
      const { terms } = await d.tournament.getRound(roundId);
      const [anybody = d.deployer] = d.others;
      await at(terms.closesAt - 1n);
      await expect(d.tournament.connect(anybody).voidRound(roundId))
        .to.be.revertedWithCustomError(d.tournament, "UnexpectedRoundStatus")
        .withArgs(roundId, STATUS.Closed, STATUS.Open);
      await at(terms.closesAt);
      await expect(d.tournament.connect(anybody).voidRound(roundId))
        .to.emit(d.tournament, "RoundVoided")
        .withArgs(roundId);
      expect(await d.tournament.roundStatus(roundId)).to.equal(STATUS.Void);
    });

    it("makes it Void after its deadline too", async () => {
      const d = await networkHelpers.loadFixture(deployed);
      const roundId = await openRound(d);
      await close(d, roundId);
      await networkHelpers.time.increase(8 * DAY);
      await d.tournament.voidRound(roundId);
      expect(await d.tournament.roundStatus(roundId)).to.equal(STATUS.Void);
    });
  });

  describe("given a closed round with a single stake", () => {
    it("waits for the deadline to pass, as with many", async () => {
      const d = await networkHelpers.loadFixture(deployed);
      const roundId = await openRound(d);
      await stakeEach(d, roundId, [{ amount: parseEther("1"), confidence: parseEther("1") }]);
      await close(d, roundId);
      const { deadline } = await d.tournament.getRound(roundId);
      await at(deadline);
      await expect(d.tournament.voidRound(roundId))
        .to.be.revertedWithCustomError(d.tournament, "DeadlineNotPassed")
        .withArgs(deadline, deadline);
      await at(deadline + 1n);
      await d.tournament.voidRound(roundId);
      expect(await d.tournament.roundStatus(roundId)).to.equal(STATUS.Void);
    });
  });

  describe("given a closed round with stakes", () => {
    const stages: Record<string, (round: MixedRound) => Promise<unknown>> = {
      "no attempt": () => Promise.resolve(),
      "an attempt without scores": ({ tournament, members: [member], roundId }) =>
        tournament.connect(member).beginScoring(roundId, MIXED.cut, id("evidence"), ""),
      "a complete attempt nobody approved": (round) => score(round, round.roundId, MIXED_SCORES),
      "a vetoed attempt": async (round) => {
        await score(round, round.roundId, MIXED_SCORES);
        await round.tournament.connect(round.guardian).veto(round.roundId, "wrong");
      },
    };

    for (const [stage, reach] of Object.entries(stages)) {
      it(`with ${stage}, waits for the deadline to pass`, async () => {
        const round = await networkHelpers.loadFixture(closedMixedRound);
        const { tournament, roundId, deadline, stranger } = round;
        await reach(round);
        await at(deadline);
        await expect(tournament.connect(stranger).voidRound(roundId))
          .to.be.revertedWithCustomError(tournament, "DeadlineNotPassed")
          .withArgs(deadline, deadline);
        await at(deadline + 1);
        await expect(tournament.connect(stranger).voidRound(roundId))
          .to.emit(tournament, "RoundVoided")
          .withArgs(roundId);
        expect(await tournament.roundStatus(roundId)).to.equal(STATUS.Void);
      });
    }

    it("with an approved attempt nobody finalised, waits for the deadline to pass", async () => {
      const { tournament, roundId, deadline, attemptId } = await networkHelpers.loadFixture(scoredMixedRound);
      await at(deadline);
      await expect(tournament.voidRound(roundId))
        .to.be.revertedWithCustomError(tournament, "DeadlineNotPassed")
        .withArgs(deadline, deadline);
      await at(deadline + 1);
      await tournament.voidRound(roundId);
      expect(await tournament.roundStatus(roundId)).to.equal(STATUS.Void);
      await expect(tournament.finalize(roundId, attemptId))
        .to.be.revertedWithCustomError(tournament, "UnexpectedRoundStatus")
        .withArgs(roundId, STATUS.Closed, STATUS.Void);
    });

    it("waits for the deadline that a veto moved", async () => {
      const { tournament, guardian, roundId, deadline, challengePeriod } =
        await networkHelpers.loadFixture(closedMixedRound);
      await at(deadline);
      await tournament.connect(guardian).veto(roundId, "wrong");
      const moved = deadline + challengePeriod + DAY;
      for (const second of [deadline + 1, moved]) {
        await at(second);
        await expect(tournament.voidRound(roundId))
          .to.be.revertedWithCustomError(tournament, "DeadlineNotPassed")
          .withArgs(moved, second);
      }
      await at(moved + 1);
      await tournament.voidRound(roundId);
      expect(await tournament.roundStatus(roundId)).to.equal(STATUS.Void);
    });
  });

  itNeedsStatus("Closed", ({ tournament }, roundId) => tournament.voidRound(roundId));

  describe("given a resolved round after its deadline", () => {
    it("refuses: nothing undoes a resolution", async () => {
      const { tournament, roundId, deadline } = await networkHelpers.loadFixture(resolvedMixedRound);
      await at(deadline + 1);
      await expect(tournament.voidRound(roundId))
        .to.be.revertedWithCustomError(tournament, "UnexpectedRoundStatus")
        .withArgs(roundId, STATUS.Closed, STATUS.Resolved);
    });
  });
});
