import { expect } from "chai";
import { id, type ContractTransactionResponse } from "ethers";

import { NO_CUT, packScores } from "../../sdk/index.js";
import { at } from "../fixtures/at.js";
import { networkHelpers } from "../fixtures/deployed.js";
import { STATUS } from "../fixtures/every-status.js";
import { expectBalanced } from "../fixtures/ledger.js";
import { MIXED, MIXED_SCORES, closedMixedRound, type MixedRound } from "../fixtures/mixed-round.js";
import { BAD, DAY, score } from "../fixtures/rounds.js";

const [HONEST = ""] = packScores(MIXED_SCORES);
const RUIN = [BAD, BAD, BAD, BAD];
const JUNK_ATTEMPTS = 40;

/** Gas that an honest member's two transactions take. */
async function gasOf(transactions: readonly ContractTransactionResponse[]): Promise<number> {
  let sum = 0n;
  for (const transaction of transactions) sum += (await transaction.wait())?.gasUsed ?? 0n;
  return Number(sum);
}

/** Begins and posts the honest attempt; gives its number and what it took. */
async function honestAttempt({
  tournament,
  members,
  roundId,
}: MixedRound): Promise<{ attemptId: bigint; gas: number }> {
  const honest = tournament.connect(members[0]);
  const beginning = await honest.beginScoring(roundId, MIXED.cut, id("evidence"), "");
  const { attemptCount: attemptId } = await honest.getRound(roundId);
  const posting = await honest.postScores(roundId, attemptId, HONEST);
  return { attemptId, gas: await gasOf([beginning, posting]) };
}

/** All that a single member can do before an honest attempt: junk attempts, begun and complete, and approvals. */
async function flood(round: MixedRound): Promise<bigint[]> {
  const { tournament, committee, members, roundId } = round;
  const hostile = members[2];
  const junk: bigint[] = [];
  for (let i = 0; i < JUNK_ATTEMPTS; ++i) {
    await tournament.connect(hostile).beginScoring(roundId, i % 2 === 0 ? NO_CUT : i % 4, id(`junk ${i}`), "");
  }
  for (let i = 0; i < 3; ++i) {
    const attemptId = await score(round, roundId, RUIN, { member: hostile });
    await committee.connect(hostile).approve(await tournament.reportHash(roundId, attemptId));
    junk.push(attemptId);
  }
  return junk;
}

describe("one hostile committee member", () => {
  it("cannot block two honest ones with junk attempts, nor make theirs dearer", async () => {
    const calm = await honestAttempt(await networkHelpers.loadFixture(closedMixedRound));
    const round = await networkHelpers.loadFixture(closedMixedRound);
    const { tournament, committee, members, roundId, deadline, challengePeriod } = round;
    const [first, second] = members;
    await flood(round);

    // The honest ones take all the time there is.
    await networkHelpers.time.increaseTo(deadline - challengePeriod - 2);
    const { attemptId, gas } = await honestAttempt(round);
    expect(gas).to.be.closeTo(calm.gas, 500);
    const hash = await tournament.reportHash(roundId, attemptId);
    await committee.connect(first).approve(hash);
    await committee.connect(second).approve(hash);
    // From now on its own attempts no longer fit before the deadline.
    await expect(flood(round)).to.be.revertedWithCustomError(tournament, "DeadlinePassed");
    await at(deadline);
    await tournament.finalize(roundId, attemptId);
    expect((await tournament.getRound(roundId)).resolvedAttempt).to.equal(attemptId);
    await expectBalanced(round);
  });

  it("cannot resolve anything alone, however often it begins", async () => {
    const round = await networkHelpers.loadFixture(closedMixedRound);
    const { tournament, roundId } = round;
    const junk = await flood(round);
    await networkHelpers.time.increase(round.challengePeriod);
    for (const attemptId of junk) {
      await expect(tournament.finalize(roundId, attemptId))
        .to.be.revertedWithCustomError(tournament, "ReportNotApproved")
        .withArgs(await tournament.reportHash(roundId, attemptId));
    }
  });

  it("cannot add to an honest attempt, approve twice or take an approval of others back", async () => {
    const round = await networkHelpers.loadFixture(closedMixedRound);
    const { tournament, committee, members, roundId } = round;
    const [first, second, hostile] = members;
    await tournament.connect(first).beginScoring(roundId, MIXED.cut, id("evidence"), "");
    const [ruin = ""] = packScores(RUIN);
    await expect(tournament.connect(hostile).postScores(roundId, 1n, ruin))
      .to.be.revertedWithCustomError(tournament, "NotProposer")
      .withArgs(first.address, hostile.address);
    await tournament.connect(first).postScores(roundId, 1n, HONEST);

    const hash = await tournament.reportHash(roundId, 1n);
    await committee.connect(first).approve(hash);
    await committee.connect(hostile).approve(hash);
    await expect(committee.connect(hostile).approve(hash)).to.be.revertedWithCustomError(committee, "AlreadyApproved");
    await committee.connect(second).approve(hash);
    await committee.connect(hostile).revokeApproval(hash);
    await networkHelpers.time.increase(round.challengePeriod);
    await tournament.finalize(roundId, 1n);
    expect(await tournament.roundStatus(roundId)).to.equal(STATUS.Resolved);
  });
});

describe("stakers and sponsors after the close", () => {
  it("cannot move the cut from under an attempt", async () => {
    const { tournament, nmr, others, sponsor, patron, models, roundId } =
      await networkHelpers.loadFixture(closedMixedRound);
    const [staker = sponsor] = others;
    await nmr.connect(sponsor).transfer(staker, 1n);
    const own = tournament.connect(staker);
    for (const call of [
      () => tournament.connect(sponsor).fundPrize(roundId, { value: 1n }),
      () => tournament.connect(patron).fundBonus(roundId, 1n),
      () => own.raiseStake(roundId, 0n, 1n, 2n ** 96n - 1n),
      () => own.commitPredictions(roundId, 0n, id("better")),
      () => own.stake(roundId, models[0] ?? 0n, 1n, 1n, id("more")),
      () => tournament.connect(sponsor).reclaimPrize(roundId),
    ]) {
      await expect(call()).to.be.revertedWithCustomError(tournament, "UnexpectedRoundStatus");
    }
    await expect(tournament.settle(roundId, 0n, 4n)).to.be.revertedWithCustomError(tournament, "RoundNotSettleable");
    await networkHelpers.time.increase(DAY);
    expect((await tournament.getRound(roundId)).prizePool).to.equal(MIXED.prizePool);
  });
});
