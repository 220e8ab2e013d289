import { expect } from "chai";

import { at } from "../fixtures/at.js";
import { networkHelpers } from "../fixtures/deployed.js";
import { STATUS } from "../fixtures/every-status.js";
import { expectBalanced } from "../fixtures/ledger.js";
import { MIXED_SCORES, closedMixedRound, type MixedRound } from "../fixtures/mixed-round.js";
import { BAD, DAY, GOOD, approve, score } from "../fixtures/rounds.js";

/** Posts and approves an attempt in time for the deadline that stands. */
async function approvedAttempt(round: MixedRound): Promise<bigint> {
  const attemptId = await score(round, round.roundId, MIXED_SCORES);
  await approve(round, round.roundId, attemptId);
  return attemptId;
}

describe("a guardian that vetoes in the last second, as often as it can", () => {
  it("cannot keep an honest quorum from resolving the round in time", async () => {
    const round = await networkHelpers.loadFixture(closedMixedRound);
    const { tournament, guardian, roundId, challengePeriod } = round;
    let { deadline } = round;
    for (let vetoes = 0; vetoes < 3; ++vetoes) {
      const attemptId = await approvedAttempt(round);
      // The veto comes first in the very second in which the round would be finalised.
      await at(deadline);
      await tournament.connect(guardian).veto(roundId, "no reason");
      await at(deadline + 1);
      await expect(tournament.finalize(roundId, attemptId))
        .to.be.revertedWithCustomError(tournament, "AttemptVetoed")
        .withArgs(roundId, attemptId);
      await expect(tournament.voidRound(roundId)).to.be.revertedWithCustomError(tournament, "DeadlineNotPassed");
      deadline += challengePeriod + DAY;
    }

    // A day less a few seconds after the last veto is early enough to begin.
    await networkHelpers.time.increaseTo(deadline - challengePeriod - 10);
    const attemptId = await approvedAttempt(round);
    await at(deadline - 1);
    await expect(tournament.connect(guardian).veto(roundId, "again"))
      .to.be.revertedWithCustomError(tournament, "TooManyVetoes")
      .withArgs(3n);
    await at(deadline);
    await tournament.finalize(roundId, attemptId);
    expect(await tournament.roundStatus(roundId)).to.equal(STATUS.Resolved);
    await expectBalanced(round);
  });
});

describe("a guardian that vetoes a captured quorum's attempt in the last second", () => {
  it("gives the committee's admin the time to replace the captured members, and the round resolves honestly", async () => {
    const round = await networkHelpers.loadFixture(closedMixedRound);
    const { tournament, committee, deployer, guardian, members, others, roundId, deadline } = round;
    const [captured, accomplice, honest] = members;
    const [, , , , newcomer = deployer] = others;
    const theft = await score(round, roundId, [BAD, BAD, BAD, GOOD], { member: captured });
    await approve(round, roundId, theft);
    await at(deadline);
    await tournament.connect(guardian).veto(roundId, "scores are made up");

    // Before the removal they start over; afterwards their approvals are worth nothing.
    const again = await score(round, roundId, [BAD, BAD, BAD, GOOD], { member: captured });
    await approve(round, roundId, again);
    const admin = committee.connect(deployer);
    await admin.addMember(newcomer, 3n);
    await admin.removeMember(captured, 2n);
    await admin.removeMember(accomplice, 2n);

    const attemptId = await score(round, roundId, MIXED_SCORES, { member: honest });
    const hash = await tournament.reportHash(roundId, attemptId);
    await committee.connect(honest).approve(hash);
    await committee.connect(newcomer).approve(hash);
    await networkHelpers.time.increase(round.challengePeriod);
    await expect(tournament.finalize(roundId, again))
      .to.be.revertedWithCustomError(tournament, "ReportNotApproved")
      .withArgs(await tournament.reportHash(roundId, again));
    await tournament.finalize(roundId, attemptId);
    expect((await tournament.getRound(roundId)).resolvedAttempt).to.equal(attemptId);
    await expectBalanced(round);
  });
});

describe("a captured quorum that starts over after each veto, with no member removed", () => {
  it("is held up for three challenge periods by a guardian that vetoes late, and then has its way", async () => {
    const round = await networkHelpers.loadFixture(closedMixedRound);
    const { tournament, guardian, roundId, challengePeriod } = round;
    const lies = [BAD, BAD, BAD, GOOD];
    const began = await networkHelpers.time.latest();
    for (let vetoes = 0; vetoes < 3; ++vetoes) {
      const attemptId = await score(round, roundId, lies);
      await approve(round, roundId, attemptId);
      const { completedAt } = await tournament.getAttempt(roundId, attemptId);
      await at(Number(completedAt) + challengePeriod);
      await tournament.connect(guardian).veto(roundId, "scores are made up");
    }

    // Nobody approves the last one while it can be challenged.
    const attemptId = await score(round, roundId, lies);
    const { completedAt } = await tournament.getAttempt(roundId, attemptId);
    await expect(tournament.connect(guardian).veto(roundId, "scores are made up"))
      .to.be.revertedWithCustomError(tournament, "TooManyVetoes")
      .withArgs(3n);
    await networkHelpers.time.increaseTo(Number(completedAt) + challengePeriod);
    await approve(round, roundId, attemptId);
    await tournament.finalize(roundId, attemptId);
    expect((await tournament.getRound(roundId)).resolvedAttempt).to.equal(attemptId);
    expect((await networkHelpers.time.latest()) - began).to.be.within(4 * challengePeriod, 4 * challengePeriod + 60);
    await expectBalanced(round);
  });
});
