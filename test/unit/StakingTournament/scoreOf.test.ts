import { expect } from "chai";

import { MAX_LOGLOSS, UNSCORED, type Score } from "../../../sdk/index.js";
import { networkHelpers } from "../../fixtures/deployed.js";
import { itNeedsStatus } from "../../fixtures/every-status.js";
import { closedMixedRound, resolvedMixedRound, type MixedRound } from "../../fixtures/mixed-round.js";
import { GOOD, approve, score } from "../../fixtures/rounds.js";

/** Each field at an end of its range, or away from the others. */
const SCORES: readonly Score[] = [
  { scored: true, concordant: false, original: true, consistency: 100, logloss: MAX_LOGLOSS },
  { scored: true, concordant: true, original: false, consistency: 1, logloss: 0 },
  UNSCORED,
  { scored: false, concordant: true, original: true, consistency: 64, logloss: 1 },
];

/** Resolved by the second of three attempts. */
async function resolvedBySecondAttempt(): Promise<MixedRound> {
  const round = await closedMixedRound();
  await score(round, round.roundId, [GOOD, GOOD, GOOD, GOOD]);
  const attemptId = await score(round, round.roundId, SCORES);
  await score(round, round.roundId, [GOOD, GOOD, GOOD, GOOD], { member: round.members[2] });
  await approve(round, round.roundId, attemptId);
  await networkHelpers.time.increase(round.challengePeriod);
  await round.tournament.finalize(round.roundId, attemptId);
  return round;
}

describe("StakingTournament.scoreOf", () => {
  for (const [index, { scored, concordant, original, consistency, logloss }] of SCORES.entries()) {
    it(`gives what the resolving attempt measured for stake ${index}`, async () => {
      const { tournament, roundId } = await networkHelpers.loadFixture(resolvedBySecondAttempt);
      expect([...(await tournament.scoreOf(roundId, index))]).to.deep.equal([
        scored,
        concordant,
        original,
        BigInt(consistency),
        BigInt(logloss),
      ]);
    });
  }

  it("gives the same after settling", async () => {
    const { tournament, roundId } = await networkHelpers.loadFixture(resolvedBySecondAttempt);
    await tournament.settle(roundId, 0n, 4n);
    expect((await tournament.scoreOf(roundId, 0n)).logloss).to.equal(MAX_LOGLOSS);
  });

  it("refuses the place after the last stake", async () => {
    const { tournament, roundId } = await networkHelpers.loadFixture(resolvedMixedRound);
    await expect(tournament.scoreOf(roundId, 4n))
      .to.be.revertedWithCustomError(tournament, "StakeNotFound")
      .withArgs(roundId, 4n, 4n);
  });

  itNeedsStatus("Resolved", ({ tournament }, roundId) => tournament.scoreOf(roundId, 0n));
});
