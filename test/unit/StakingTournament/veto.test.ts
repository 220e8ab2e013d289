import { expect } from "chai";
import { id } from "ethers";

import { packScores } from "../../../sdk/index.js";
import { at } from "../../fixtures/at.js";
import { deployed, ethers, networkHelpers } from "../../fixtures/deployed.js";
import { itNeedsStatus } from "../../fixtures/every-status.js";
import { MIXED, MIXED_SCORES, closedMixedRound, scoredMixedRound } from "../../fixtures/mixed-round.js";
import { DAY, approve, close, openRound, score, stakeEach } from "../../fixtures/rounds.js";

describe("StakingTournament.veto", () => {
  describe("given the guardian and a closed round", () => {
    it("kills every attempt begun so far, whosever and however far", async () => {
      const round = await networkHelpers.loadFixture(scoredMixedRound);
      const { tournament, guardian, members, roundId, attemptId, challengeEnds, deadline } = round;
      await tournament.connect(members[1]).beginScoring(roundId, MIXED.cut, id("evidence"), "");
      const unfinished = attemptId + 1n;
      await at(challengeEnds);
      await expect(tournament.connect(guardian).veto(roundId, "scores of another week"))
        .to.emit(tournament, "AttemptsVetoed")
        .withArgs(roundId, unfinished, deadline, "scores of another week");

      await expect(tournament.finalize(roundId, attemptId))
        .to.be.revertedWithCustomError(tournament, "AttemptVetoed")
        .withArgs(roundId, attemptId);
      const [packed = ""] = packScores(MIXED_SCORES);
      await expect(tournament.connect(members[1]).postScores(roundId, unfinished, packed))
        .to.be.revertedWithCustomError(tournament, "AttemptVetoed")
        .withArgs(roundId, unfinished);
    });

    it("leaves a later attempt alone, which starts from nothing and resolves the round", async () => {
      const round = await networkHelpers.loadFixture(scoredMixedRound);
      const { tournament, guardian, roundId } = round;
      await tournament.connect(guardian).veto(roundId, "wrong");
      const attemptId = await score(round, roundId, MIXED_SCORES);
      const { above, burned, scoredCount } = await tournament.getAttempt(roundId, attemptId);
      expect([above, burned, scoredCount]).to.deep.equal([MIXED.above, MIXED.burned, 4n]);
      await approve(round, roundId, attemptId);
      await networkHelpers.time.increase(round.challengePeriod);
      await expect(tournament.finalize(roundId, attemptId)).to.emit(tournament, "RoundResolved");
    });

    it("vetoes what is not there yet as little as other rounds", async () => {
      const d = await networkHelpers.loadFixture(deployed);
      const bid = { amount: 1n, confidence: 1n };
      const rounds = [await openRound(d, 0n), await openRound(d, 0n)] as const;
      for (const roundId of rounds) await stakeEach(d, roundId, [bid]);
      const [vetoed, other] = rounds;
      await close(d, other);
      const guarded = d.tournament.connect(d.guardian);
      const { deadline } = await d.tournament.getRound(vetoed);
      await expect(guarded.veto(vetoed, "")).to.emit(guarded, "AttemptsVetoed").withArgs(vetoed, 0n, deadline, "");
      for (const roundId of rounds) {
        await d.tournament.connect(d.members[0]).beginScoring(roundId, 2n ** 32n - 1n, id("evidence"), "");
        expect((await d.tournament.getAttempt(roundId, 1n)).vetoed).to.equal(false);
      }
      // Another round has vetoes of its own.
      await guarded.veto(vetoed, "");
      await guarded.veto(vetoed, "");
      await expect(guarded.veto(other, "")).to.emit(guarded, "AttemptsVetoed");
    });

    it("moves no money", async () => {
      const { tournament, nmr, guardian, roundId } = await networkHelpers.loadFixture(scoredMixedRound);
      const vetoing = tournament.connect(guardian).veto(roundId, "wrong");
      await expect(vetoing).to.changeEtherBalance(ethers, tournament, 0n);
      await expect(vetoing).to.changeTokenBalance(ethers, nmr, tournament, 0n);
    });
  });

  describe("given the time that is left", () => {
    it("leaves the deadline where a challenge period and a day fit, and moves it a second when one is missing", async () => {
      const { tournament, guardian, roundId, deadline, challengePeriod } =
        await networkHelpers.loadFixture(closedMixedRound);
      const vetoing = tournament.connect(guardian);
      const lastFitting = deadline - challengePeriod - DAY;
      await at(lastFitting);
      await expect(vetoing.veto(roundId, "")).to.emit(tournament, "AttemptsVetoed").withArgs(roundId, 0n, deadline, "");
      await at(lastFitting + 1);
      await expect(vetoing.veto(roundId, ""))
        .to.emit(tournament, "AttemptsVetoed")
        .withArgs(roundId, 0n, deadline + 1, "");
      expect((await tournament.getRound(roundId)).deadline).to.equal(deadline + 1);
    });

    it("vetoes in the second of the deadline and no later", async () => {
      const { tournament, guardian, roundId, deadline } = await networkHelpers.loadFixture(closedMixedRound);
      const vetoing = tournament.connect(guardian);
      await at(deadline + 1);
      await expect(vetoing.veto(roundId, "late"))
        .to.be.revertedWithCustomError(tournament, "DeadlinePassed")
        .withArgs(deadline, deadline + 1);
      await at(deadline);
      await expect(vetoing.veto(roundId, "")).to.emit(tournament, "AttemptsVetoed");
    });
  });

  describe("given three vetoes", () => {
    it("has moved the deadline with each in its last second, and refuses a fourth", async () => {
      const { tournament, guardian, roundId, deadline, challengePeriod } =
        await networkHelpers.loadFixture(closedMixedRound);
      const vetoing = tournament.connect(guardian);
      let moved = deadline;
      for (const reason of ["first", "second", "third"]) {
        await at(moved);
        moved += challengePeriod + DAY;
        await expect(vetoing.veto(roundId, reason))
          .to.emit(tournament, "AttemptsVetoed")
          .withArgs(roundId, 0n, moved, reason);
        expect((await tournament.getRound(roundId)).deadline).to.equal(moved);
      }
      await at(moved);
      await expect(vetoing.veto(roundId, "fourth"))
        .to.be.revertedWithCustomError(tournament, "TooManyVetoes")
        .withArgs(3n);
    });

    it("keeps the longest extension there can be", async () => {
      const d = await networkHelpers.loadFixture(deployed);
      const challengePeriod = BigInt(14 * DAY);
      const closesAt = BigInt((await networkHelpers.time.latest()) + DAY);
      let deadline = closesAt + BigInt(90 * DAY);
      const roundId = await openRound(d, 0n, { closesAt, challengePeriod, resolveBy: deadline });
      await stakeEach(d, roundId, [{ amount: 1n, confidence: 1n }]);
      for (let vetoes = 0; vetoes < 3; ++vetoes) {
        await at(deadline);
        await d.tournament.connect(d.guardian).veto(roundId, "");
        deadline += challengePeriod + BigInt(DAY);
      }
      expect((await d.tournament.getRound(roundId)).deadline).to.equal(deadline);
      expect(deadline).to.equal(closesAt + BigInt(90 * DAY + 3 * 15 * DAY));
    });
  });

  // For a resolved or void round this is all the guardian could try, besides cancelling.
  itNeedsStatus("Closed", ({ tournament, guardian }, roundId) => tournament.connect(guardian).veto(roundId, ""));

  describe("given a caller without the guardian's role", () => {
    it("refuses", async () => {
      const { tournament, deployer, roundManager, members, stranger, roundId } =
        await networkHelpers.loadFixture(closedMixedRound);
      for (const account of [deployer, roundManager, members[0], stranger]) {
        await expect(tournament.connect(account).veto(roundId, ""))
          .to.be.revertedWithCustomError(tournament, "AccessManagedUnauthorized")
          .withArgs(account.address);
      }
    });
  });
});
