import { expect } from "chai";

import { decodeFailure } from "../../sdk/decode-error.js";
import { at } from "../fixtures/at.js";
import { deployed, networkHelpers } from "../fixtures/deployed.js";
import { MIXED_SCORES, scoredMixedRound, type ScoredRound } from "../fixtures/mixed-round.js";
import { DAY, approve, openRound, score } from "../fixtures/rounds.js";

/** Errors by which a call says that its time has not come, or is over. */
const REFUSALS = ["ChallengePeriodRunning", "DeadlinePassed", "DeadlineNotPassed", "UnexpectedRoundStatus"];

/** Whether a call goes through in a second; the chain is as before afterwards. */
async function goesThrough(second: number, call: () => Promise<unknown>): Promise<boolean> {
  const snapshot = await networkHelpers.takeSnapshot();
  try {
    await at(second);
    await call();
    return true;
  } catch (error) {
    if (!REFUSALS.includes(decodeFailure(error)?.name ?? "")) throw error;
    return false;
  } finally {
    await snapshot.restore();
  }
}

/** In which of the seconds a round can be finalised, and in which voided. */
async function possibilities(
  { tournament, roundId, attemptId }: Pick<ScoredRound, "tournament" | "roundId" | "attemptId">,
  seconds: readonly number[],
): Promise<{ finalized: number[]; voided: number[] }> {
  const found = { finalized: [] as number[], voided: [] as number[] };
  for (const second of seconds) {
    if (await goesThrough(second, () => tournament.finalize(roundId, attemptId))) found.finalized.push(second);
    if (await goesThrough(second, () => tournament.voidRound(roundId))) found.voided.push(second);
  }
  return found;
}

/** The seconds from two before a moment to two after it. */
const around = (moment: number): number[] => [-2, -1, 0, 1, 2].map((offset) => moment + offset);

describe("finalize and voidRound, second by second", () => {
  it("are never both possible around the deadline: one to its second, the other from the next", async () => {
    const round = await networkHelpers.loadFixture(scoredMixedRound);
    const seconds = [...around(round.challengeEnds), ...around(round.deadline)];
    expect(await possibilities(round, seconds)).to.deep.equal({
      finalized: seconds.filter((second) => second >= round.challengeEnds && second <= round.deadline),
      voided: [round.deadline + 1, round.deadline + 2],
    });
  });

  it("are never both possible around a deadline that a veto moved", async () => {
    const round = await networkHelpers.loadFixture(scoredMixedRound);
    await at(round.deadline);
    await round.tournament.connect(round.guardian).veto(round.roundId, "wrong");
    const moved = round.deadline + round.challengePeriod + DAY;
    const attemptId = await score(round, round.roundId, MIXED_SCORES);
    await approve(round, round.roundId, attemptId);
    // The old deadline is over already; only the new one counts.
    const seconds = around(moved);
    expect(await possibilities({ ...round, attemptId }, seconds)).to.deep.equal({
      finalized: seconds.filter((second) => second <= moved),
      voided: [moved + 1, moved + 2],
    });
  });

  it("leave a round without stakes to voidRound alone, from its close on", async () => {
    const d = await networkHelpers.loadFixture(deployed);
    const roundId = await openRound(d);
    const { terms } = await d.tournament.getRound(roundId);
    const closesAt = Number(terms.closesAt);
    const voided = [];
    for (const second of around(closesAt)) {
      if (await goesThrough(second, () => d.tournament.voidRound(roundId))) voided.push(second);
    }
    expect(voided).to.deep.equal([closesAt, closesAt + 1, closesAt + 2]);
  });
});
