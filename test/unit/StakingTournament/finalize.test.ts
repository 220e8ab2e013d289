import { expect } from "chai";
import { ZeroAddress, id, parseEther } from "ethers";

import { packScores } from "../../../sdk/index.js";
import { at } from "../../fixtures/at.js";
import { deployed, ethers, networkHelpers } from "../../fixtures/deployed.js";
import { STATUS, itNeedsStatus } from "../../fixtures/every-status.js";
import {
  MIXED,
  MIXED_SCORES,
  closedMixedRound,
  resolvedMixedRound,
  scoredMixedRound,
  type MixedRound,
} from "../../fixtures/mixed-round.js";
import { GOOD, approve, openRound, resolve, score, stakeEach } from "../../fixtures/rounds.js";

/** A complete attempt whose challenge period is over, but not approved by anybody. */
async function unapprovedRound(): Promise<MixedRound & { attemptId: bigint; hash: string }> {
  const round = await closedMixedRound();
  const attemptId = await score(round, round.roundId, MIXED_SCORES);
  await networkHelpers.time.increase(round.challengePeriod);
  return { ...round, attemptId, hash: await round.tournament.reportHash(round.roundId, attemptId) };
}

describe("StakingTournament.finalize", () => {
  describe("given an approved attempt whose challenge period is over", () => {
    it("resolves the round for anybody", async () => {
      const { tournament, roundId, attemptId, challengeEnds, stranger } =
        await networkHelpers.loadFixture(scoredMixedRound);
      await at(challengeEnds);
      await expect(tournament.connect(stranger).finalize(roundId, attemptId))
        .to.emit(tournament, "RoundResolved")
        .withArgs(roundId, attemptId, 1n, MIXED.burned);
      expect(await tournament.roundStatus(roundId)).to.equal(STATUS.Resolved);
      expect(await tournament.resolvedCount()).to.equal(1n);
    });

    it("destroys exactly the NMR of the failed stakes, out of the supply", async () => {
      const { tournament, nmr, roundId, attemptId, challengeEnds } = await networkHelpers.loadFixture(scoredMixedRound);
      const supply = await nmr.totalSupply();
      const burned = await nmr.totalBurned();
      await at(challengeEnds);
      const finalizing = tournament.finalize(roundId, attemptId);
      await expect(finalizing).to.changeTokenBalance(ethers, nmr, tournament, -MIXED.burned);
      await expect(finalizing)
        .to.emit(nmr, "Transfer")
        .withArgs(ethers.getAddress(await tournament.getAddress()), ZeroAddress, MIXED.burned);
      expect(await nmr.totalSupply()).to.equal(supply - MIXED.burned);
      expect(await nmr.totalBurned()).to.equal(burned + MIXED.burned);
    });

    it("moves no ether", async () => {
      const { tournament, roundId, attemptId, challengeEnds } = await networkHelpers.loadFixture(scoredMixedRound);
      await at(challengeEnds);
      await expect(tournament.finalize(roundId, attemptId)).to.changeEtherBalance(ethers, tournament, 0n);
    });

    it("moves no NMR when nothing failed", async () => {
      const round = await networkHelpers.loadFixture(closedMixedRound);
      const { tournament, nmr, roundId } = round;
      const attemptId = await score(round, roundId, [GOOD, GOOD, GOOD, GOOD]);
      await approve(round, roundId, attemptId);
      await networkHelpers.time.increase(round.challengePeriod);
      const finalizing = tournament.finalize(roundId, attemptId);
      await expect(finalizing).not.to.emit(nmr, "Transfer");
      await expect(finalizing).to.emit(tournament, "RoundResolved").withArgs(roundId, attemptId, 1n, 0n);
    });

    it("resolves once: neither again nor by a rival that was approved as well", async () => {
      const round = await networkHelpers.loadFixture(closedMixedRound);
      const { tournament, nmr, members, roundId } = round;
      const first = await score(round, roundId, MIXED_SCORES);
      const rival = await score(round, roundId, MIXED_SCORES, { member: members[1] });
      await approve(round, roundId, first);
      await approve(round, roundId, rival);
      await networkHelpers.time.increase(round.challengePeriod);
      await tournament.finalize(roundId, rival);
      const supply = await nmr.totalSupply();
      for (const attemptId of [first, rival]) {
        await expect(tournament.finalize(roundId, attemptId))
          .to.be.revertedWithCustomError(tournament, "UnexpectedRoundStatus")
          .withArgs(roundId, STATUS.Closed, STATUS.Resolved);
      }
      expect(await nmr.totalSupply()).to.equal(supply);
      expect((await tournament.getRound(roundId)).resolvedAttempt).to.equal(rival);
    });
  });

  describe("given several rounds", () => {
    it("numbers them in the order of their resolution", async () => {
      const d = await networkHelpers.loadFixture(deployed);
      const bid = { amount: 2n, confidence: parseEther("1") };
      const rounds = [await openRound(d), await openRound(d), await openRound(d)] as const;
      for (const roundId of rounds) await stakeEach(d, roundId, [bid]);
      const [first, second, third] = rounds;
      await resolve(d, third, [GOOD]);
      await resolve(d, first, [GOOD]);
      await resolve(d, second, [GOOD]);
      const ordinals = [];
      for (const roundId of rounds) ordinals.push((await d.tournament.getRound(roundId)).ordinal);
      expect(ordinals).to.deep.equal([2n, 3n, 1n]);
      expect(await d.tournament.resolvedCount()).to.equal(3n);
    });
  });

  describe("given the seconds around the challenge period's end and the deadline", () => {
    it("refuses in the last second of the challenge period and resolves in the next", async () => {
      const { tournament, roundId, attemptId, challengeEnds } = await networkHelpers.loadFixture(scoredMixedRound);
      await at(challengeEnds - 1);
      await expect(tournament.finalize(roundId, attemptId))
        .to.be.revertedWithCustomError(tournament, "ChallengePeriodRunning")
        .withArgs(challengeEnds, challengeEnds - 1);
      await at(challengeEnds);
      await expect(tournament.finalize(roundId, attemptId)).to.emit(tournament, "RoundResolved");
    });

    it("resolves in the second of the deadline", async () => {
      const { tournament, roundId, attemptId, deadline } = await networkHelpers.loadFixture(scoredMixedRound);
      await at(deadline);
      await expect(tournament.finalize(roundId, attemptId)).to.emit(tournament, "RoundResolved");
    });

    it("refuses a second later, though everything else is right", async () => {
      const { tournament, roundId, attemptId, deadline } = await networkHelpers.loadFixture(scoredMixedRound);
      await at(deadline + 1);
      await expect(tournament.finalize(roundId, attemptId))
        .to.be.revertedWithCustomError(tournament, "DeadlinePassed")
        .withArgs(deadline, deadline + 1);
    });

    it("resolves an attempt completed in the last moment in exactly one second", async () => {
      const round = await networkHelpers.loadFixture(closedMixedRound);
      const { tournament, members, roundId, deadline, challengePeriod } = round;
      await tournament.connect(members[0]).beginScoring(roundId, MIXED.cut, id("evidence"), "");
      await at(deadline - challengePeriod);
      await tournament.connect(members[0]).postScores(roundId, 1n, packScores(MIXED_SCORES).join(""));
      await approve(round, roundId, 1n);
      await at(deadline - 1);
      await expect(tournament.finalize(roundId, 1n)).to.be.revertedWithCustomError(
        tournament,
        "ChallengePeriodRunning",
      );
      await at(deadline);
      await expect(tournament.finalize(roundId, 1n)).to.emit(tournament, "RoundResolved");
    });
  });

  describe("given too few approvals", () => {
    it("refuses none and one, and resolves by two", async () => {
      const { tournament, committee, members, roundId, attemptId, hash } =
        await networkHelpers.loadFixture(unapprovedRound);
      for (const member of members.slice(0, 2)) {
        await expect(tournament.finalize(roundId, attemptId))
          .to.be.revertedWithCustomError(tournament, "ReportNotApproved")
          .withArgs(hash);
        await committee.connect(member).approve(hash);
      }
      await expect(tournament.finalize(roundId, attemptId)).to.emit(tournament, "RoundResolved");
    });

    it("does not count an approval that was revoked", async () => {
      const { tournament, committee, members, roundId, attemptId, hash } =
        await networkHelpers.loadFixture(unapprovedRound);
      await committee.connect(members[0]).approve(hash);
      await committee.connect(members[1]).approve(hash);
      await committee.connect(members[1]).revokeApproval(hash);
      await expect(tournament.finalize(roundId, attemptId))
        .to.be.revertedWithCustomError(tournament, "ReportNotApproved")
        .withArgs(hash);
    });

    it("does not count the approval of a removed member, nor after its return", async () => {
      const { tournament, committee, deployer, members, roundId, attemptId, hash } =
        await networkHelpers.loadFixture(unapprovedRound);
      const [first, second, third] = members;
      await committee.connect(first).approve(hash);
      await committee.connect(second).approve(hash);
      const admin = committee.connect(deployer);
      await admin.removeMember(second, 2n);
      await expect(tournament.finalize(roundId, attemptId))
        .to.be.revertedWithCustomError(tournament, "ReportNotApproved")
        .withArgs(hash);
      await admin.addMember(second, 2n);
      await expect(tournament.finalize(roundId, attemptId))
        .to.be.revertedWithCustomError(tournament, "ReportNotApproved")
        .withArgs(hash);
      await committee.connect(third).approve(hash);
      await expect(tournament.finalize(roundId, attemptId)).to.emit(tournament, "RoundResolved");
    });

    it("asks for the quorum of the moment", async () => {
      const round = await networkHelpers.loadFixture(unapprovedRound);
      const { tournament, committee, deployer, members, roundId, attemptId, hash } = round;
      await approve(round, roundId, attemptId);
      await committee.connect(deployer).setQuorum(3n);
      await expect(tournament.finalize(roundId, attemptId))
        .to.be.revertedWithCustomError(tournament, "ReportNotApproved")
        .withArgs(hash);
      await committee.connect(members[2]).approve(hash);
      await expect(tournament.finalize(roundId, attemptId)).to.emit(tournament, "RoundResolved");
    });

    it("does not count approvals of another attempt, with the same scores or of the same member", async () => {
      const round = await networkHelpers.loadFixture(closedMixedRound);
      const { tournament, roundId } = round;
      const approved = await score(round, roundId, MIXED_SCORES);
      const other = await score(round, roundId, MIXED_SCORES);
      await approve(round, roundId, approved);
      await networkHelpers.time.increase(round.challengePeriod);
      await expect(tournament.finalize(roundId, other))
        .to.be.revertedWithCustomError(tournament, "ReportNotApproved")
        .withArgs(await tournament.reportHash(roundId, other));
    });

    it("does not count approvals given before the scores were there", async () => {
      const round = await networkHelpers.loadFixture(closedMixedRound);
      const { tournament, members, roundId } = round;
      await tournament.connect(members[0]).beginScoring(roundId, MIXED.cut, id("evidence"), "");
      await approve(round, roundId, 1n);
      await tournament.connect(members[0]).postScores(roundId, 1n, packScores(MIXED_SCORES).join(""));
      await networkHelpers.time.increase(round.challengePeriod);
      await expect(tournament.finalize(roundId, 1n))
        .to.be.revertedWithCustomError(tournament, "ReportNotApproved")
        .withArgs(await tournament.reportHash(roundId, 1n));
    });
  });

  describe("given an attempt that cannot resolve", () => {
    it("refuses one without all its scores, approved or not", async () => {
      const round = await networkHelpers.loadFixture(closedMixedRound);
      const { tournament, members, roundId } = round;
      await tournament.connect(members[0]).beginScoring(roundId, MIXED.cut, id("evidence"), "");
      await approve(round, roundId, 1n);
      await networkHelpers.time.increase(round.challengePeriod);
      await expect(tournament.finalize(roundId, 1n))
        .to.be.revertedWithCustomError(tournament, "AttemptIncomplete")
        .withArgs(roundId, 1n, 0n, 4n);
    });

    it("refuses one that was not begun", async () => {
      const { tournament, roundId, attemptId } = await networkHelpers.loadFixture(scoredMixedRound);
      for (const missing of [0n, attemptId + 1n]) {
        await expect(tournament.finalize(roundId, missing))
          .to.be.revertedWithCustomError(tournament, "AttemptNotFound")
          .withArgs(roundId, missing);
      }
    });

    it("refuses one that was not begun in a round with a veto", async () => {
      const { tournament, guardian, roundId, attemptId } = await networkHelpers.loadFixture(scoredMixedRound);
      await tournament.connect(guardian).veto(roundId, "wrong");
      for (const missing of [0n, attemptId + 1n]) {
        await expect(tournament.finalize(roundId, missing))
          .to.be.revertedWithCustomError(tournament, "AttemptNotFound")
          .withArgs(roundId, missing);
      }
    });

    it("refuses one that was vetoed, however approved", async () => {
      const round = await networkHelpers.loadFixture(scoredMixedRound);
      const { tournament, committee, guardian, members, roundId, attemptId, challengeEnds } = round;
      await committee.connect(members[2]).approve(await tournament.reportHash(roundId, attemptId));
      await at(challengeEnds);
      await tournament.connect(guardian).veto(roundId, "wrong");
      await expect(tournament.finalize(roundId, attemptId))
        .to.be.revertedWithCustomError(tournament, "AttemptVetoed")
        .withArgs(roundId, attemptId);
    });
  });

  itNeedsStatus("Closed", ({ tournament }, roundId) => tournament.finalize(roundId, 1n));

  describe("given a resolved round", () => {
    it("keeps its scores and cut: no attempt begins, goes on or replaces them", async () => {
      const { tournament, members, guardian, roundId, attemptId } =
        await networkHelpers.loadFixture(resolvedMixedRound);
      const before = await tournament.getAttempt(roundId, attemptId);
      const member = tournament.connect(members[0]);
      for (const call of [
        () => member.beginScoring(roundId, MIXED.cut, id("evidence"), ""),
        () => member.postScores(roundId, attemptId, packScores(MIXED_SCORES).join("")),
        () => tournament.connect(guardian).veto(roundId, "too late"),
        () => tournament.connect(guardian).cancelRound(roundId),
      ]) {
        await expect(call()).to.be.revertedWithCustomError(tournament, "UnexpectedRoundStatus");
      }
      expect(await tournament.getAttempt(roundId, attemptId)).to.deep.equal(before);
    });
  });
});
