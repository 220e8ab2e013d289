import type { SigningContext } from "../../chain/context.js";
import type { RoundState } from "../round-state.js";
import type { Comparisons } from "./comparisons.js";
import { expectedDigest } from "./expected-digest.js";
import type { Head } from "./head.js";
import { judgeAttempt } from "./judge-attempt.js";
import type { ReadyScores, ScoresOnDisk, Verdict, WatchedAttempt } from "./round-view.js";

/** Attempts of one proposer that are recomputed, oldest first: posting more of them must not keep the others busy. */
const MOST_JUDGED = 4;

/**
 * What the account's score file says of an attempt; undefined where there is nothing to compare yet.
 * @param attempts Every attempt of the round, oldest first.
 * @throws {NumeraireError} when the file is not right, or the chain cannot be read.
 */
export async function verdictOn(
  context: SigningContext,
  head: Head,
  round: RoundState,
  { attempt, attempts }: { attempt: WatchedAttempt; attempts: readonly WatchedAttempt[] },
  scores: ScoresOnDisk,
  known: Comparisons,
): Promise<Verdict | undefined> {
  const { attemptId, completedAt, vetoed, own, scoresDigest } = attempt;
  if (completedAt === 0 || vetoed || scores.state !== "ready" || head.settledNow < round.terms.closesAt)
    return undefined;
  // What others posted is compared once it will stay; an own attempt is in the journal, and comes back.
  if (!own && completedAt > head.settledNow) return undefined;
  // The mapping of a leaderboard changes scores too, and when the file was saved.
  const file = [round.roundId, scores.sha256, scores.mappingSha256, scores.savedAt].join(" ");
  if ((await digestOf(context, head, round, scores, { file, known })) === scoresDigest) {
    return { agrees: true, detail: `holds the scores of ${scores.path}` };
  }
  // Recomputing reads at a block that will stay, and matters only until the deadline.
  if (completedAt > head.settledNow || head.now > round.deadline) return undefined;
  const key = [file, attemptId, scoresDigest].join(" ");
  const verdict = known.verdicts.get(key);
  if (verdict !== undefined) return verdict;
  if (!isWorthJudging(head, attempt, attempts)) return undefined;
  const judged = await judgeAttempt(context, round.roundId, attempt, scores);
  known.verdicts.set(key, judged);
  return judged;
}

async function digestOf(
  context: SigningContext,
  head: Head,
  round: RoundState,
  scores: ReadyScores,
  { file, known }: { file: string; known: Comparisons },
): Promise<string | undefined> {
  if (!known.digests.has(file)) known.digests.set(file, await expectedDigest(context, head, round, scores));
  return known.digests.get(file);
}

/** What counts already is judged in any case, and of the rest as many of each proposer as an honest one needs. */
function isWorthJudging(
  { quorum }: Head,
  { attemptId, approved, approvals, proposer }: WatchedAttempt,
  attempts: readonly WatchedAttempt[],
): boolean {
  if (approved || approvals >= quorum) return true;
  let before = 0;
  for (const other of attempts) {
    // Not all of them are gone through for each of thousands.
    if (other.attemptId >= attemptId || before >= MOST_JUDGED) break;
    if (other.proposer === proposer && other.completedAt > 0 && !other.vetoed) before += 1;
  }
  return before < MOST_JUDGED;
}
