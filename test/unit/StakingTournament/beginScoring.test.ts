import { expect } from "chai";
import { id } from "ethers";

import { NO_CUT } from "../../../sdk/index.js";
import { at } from "../../fixtures/at.js";
import { deployed, networkHelpers } from "../../fixtures/deployed.js";
import { STATUS, itNeedsStatus } from "../../fixtures/every-status.js";
import { MIXED, closedMixedRound, openMixedRound } from "../../fixtures/mixed-round.js";
import { close, openRound, stakeEach } from "../../fixtures/rounds.js";

const EVIDENCE = id("evidence");
const URI = "ipfs://evidence";

describe("StakingTournament.beginScoring", () => {
  describe("given a closed round and a committee member", () => {
    it("opens an attempt of the caller's own, with nothing scored", async () => {
      const { tournament, members, roundId } = await networkHelpers.loadFixture(closedMixedRound);
      const [member] = members;
      await expect(tournament.connect(member).beginScoring(roundId, MIXED.cut, EVIDENCE, URI))
        .to.emit(tournament, "ScoringBegun")
        .withArgs(roundId, 1n, member.address, MIXED.cut, EVIDENCE, URI);
      const attempt = await tournament.getAttempt(roundId, 1n);
      expect(attempt.proposer).to.equal(member.address);
      expect(attempt.cut).to.equal(MIXED.cut);
      expect(attempt.evidenceHash).to.equal(EVIDENCE);
      expect(attempt.scoredCount).to.equal(0n);
      expect(attempt.completedAt).to.equal(0n);
    });

    it("numbers attempts from 1 in each round, of different members and of the same", async () => {
      const { tournament, members, roundId } = await networkHelpers.loadFixture(closedMixedRound);
      const [first, second] = members;
      for (const [attemptId, member] of [
        [1n, first],
        [2n, second],
        [3n, first],
      ] as const) {
        await expect(tournament.connect(member).beginScoring(roundId, NO_CUT, EVIDENCE, URI))
          .to.emit(tournament, "ScoringBegun")
          .withArgs(roundId, attemptId, member.address, NO_CUT, EVIDENCE, URI);
      }
      expect((await tournament.getRound(roundId)).attemptCount).to.equal(3n);
      expect((await tournament.getAttempt(roundId, 1n)).proposer).to.equal(first.address);
      expect((await tournament.getAttempt(roundId, 2n)).proposer).to.equal(second.address);
    });
  });

  describe("given the seconds around the close", () => {
    it("refuses in the last second before it and begins in the one of the close", async () => {
      const { tournament, members, roundId, closesAt } = await networkHelpers.loadFixture(openMixedRound);
      const scoring = tournament.connect(members[0]);
      await at(closesAt - 1);
      await expect(scoring.beginScoring(roundId, NO_CUT, EVIDENCE, URI))
        .to.be.revertedWithCustomError(tournament, "UnexpectedRoundStatus")
        .withArgs(roundId, STATUS.Closed, STATUS.Open);
      await at(closesAt);
      await expect(scoring.beginScoring(roundId, NO_CUT, EVIDENCE, URI)).to.emit(tournament, "ScoringBegun");
    });
  });

  itNeedsStatus("Closed", ({ tournament, members }, roundId) =>
    tournament.connect(members[0]).beginScoring(roundId, NO_CUT, EVIDENCE, URI),
  );

  describe("given a caller that is no committee member", () => {
    for (const role of ["guardian", "roundManager", "deployer", "stranger"] as const) {
      it(`refuses the ${role}`, async () => {
        const round = await networkHelpers.loadFixture(closedMixedRound);
        await expect(round.tournament.connect(round[role]).beginScoring(round.roundId, MIXED.cut, EVIDENCE, URI))
          .to.be.revertedWithCustomError(round.tournament, "NotCommitteeMember")
          .withArgs(round[role].address);
      });
    }

    it("refuses a member from its removal on", async () => {
      const { tournament, committee, deployer, members, roundId } = await networkHelpers.loadFixture(closedMixedRound);
      await committee.connect(deployer).removeMember(members[2], 2n);
      await expect(tournament.connect(members[2]).beginScoring(roundId, MIXED.cut, EVIDENCE, URI))
        .to.be.revertedWithCustomError(tournament, "NotCommitteeMember")
        .withArgs(members[2].address);
    });
  });

  describe("given a cut on both sides of its bounds", () => {
    it("takes the last stake and refuses the place after it", async () => {
      const { tournament, members, roundId } = await networkHelpers.loadFixture(closedMixedRound);
      const scoring = tournament.connect(members[0]);
      await scoring.beginScoring(roundId, 3n, EVIDENCE, URI);
      for (const cut of [4, NO_CUT - 1]) {
        await expect(scoring.beginScoring(roundId, cut, EVIDENCE, URI))
          .to.be.revertedWithCustomError(tournament, "InvalidCut")
          .withArgs(cut, MIXED.prizePool, 0n, 0n);
      }
    });
  });

  describe("given an empty prize pool", () => {
    it("takes no cut but NO_CUT", async () => {
      const d = await networkHelpers.loadFixture(deployed);
      const roundId = await openRound(d, 0n);
      await stakeEach(d, roundId, [{ amount: 1n, confidence: 1n }]);
      await close(d, roundId);
      const scoring = d.tournament.connect(d.members[0]);
      await expect(scoring.beginScoring(roundId, 0n, EVIDENCE, URI))
        .to.be.revertedWithCustomError(d.tournament, "InvalidCut")
        .withArgs(0n, 0n, 0n, 0n);
      await expect(scoring.beginScoring(roundId, NO_CUT, EVIDENCE, URI)).to.emit(d.tournament, "ScoringBegun");
    });
  });

  describe("given a round that closed without a stake", () => {
    it("refuses: there is nothing to resolve", async () => {
      const d = await networkHelpers.loadFixture(deployed);
      const roundId = await openRound(d);
      await close(d, roundId);
      await expect(d.tournament.connect(d.members[0]).beginScoring(roundId, NO_CUT, EVIDENCE, URI))
        .to.be.revertedWithCustomError(d.tournament, "StakeNotFound")
        .withArgs(roundId, 0n, 0n);
    });
  });
});
