import { askInBatches } from "../../chain/ask-in-batches.js";
import type { SigningContext } from "../../chain/context.js";
import { readAttempts, type AttemptState } from "../attempt-state.js";
import { readRemainder } from "../remainder.js";
import { readRound, type RoundState } from "../round-state.js";
import type { Comparisons } from "./comparisons.js";
import type { Head } from "./head.js";
import { readLastVeto } from "./last-veto.js";
import { readRevocations } from "./revocations.js";
import { readRoundFolder, roundFolder } from "./round-folder.js";
import { turnOf, type RoundView, type ScoresOnDisk, type WatchedAttempt } from "./round-view.js";
import { verdictOn } from "./verdict-on.js";

/**
 * Reads everything that decides what a round needs next, except what other rounds have to do with it; all of it at the
 * head's block, so that states and events tell of the same moment.
 * @param rounds Folder that holds one folder a round.
 * @throws {NodeOutOfStep} when states and events do not go together.
 */
export async function readView(
  context: SigningContext,
  head: Head,
  roundId: bigint,
  rounds: string,
  known: Comparisons,
): Promise<RoundView> {
  const round = await readRound(context.suite.tournament, roundId, head.block);
  const scoring = round.status === "Closed" && round.stakeCount > 0;
  const scores: ScoresOnDisk = scoring ? await readRoundFolder(roundFolder(rounds, roundId)) : { state: "missing" };
  const turn = turnOf(head.members, head.account, roundId);
  const states = scoring ? await readAttempts(context.suite.tournament, round, head.block) : [];
  const vetoedAt = await readLastVeto(context, head, round, states, known);
  const attempts = await askInBatches(states, (state) => readApprovals(context, head, round, state));
  const judged = turn.isMember ? await judge(context, head, round, attempts, scores, known) : attempts;
  return {
    round,
    attempts: judged,
    scores,
    quorum: head.quorum,
    turn,
    now: head.now,
    settledNow: head.settledNow,
    ...(vetoedAt === undefined ? {} : { vetoedAt }),
    sweepable: await isSweepable(context, round),
    unsettledBefore: [],
  };
}

async function readApprovals(
  { suite: { committee, tournament } }: SigningContext,
  { account, block: blockTag }: Head,
  { roundId }: RoundState,
  attempt: AttemptState,
): Promise<WatchedAttempt> {
  const own = attempt.proposer.toLowerCase() === account.toLowerCase();
  if (attempt.completedAt === 0 || attempt.vetoed) return { ...attempt, own, approvals: 0n, approved: false };
  const hash = await tournament.reportHash(roundId, attempt.attemptId, { blockTag });
  const [approvals, approved] = await Promise.all([
    committee.approvals(hash, { blockTag }),
    committee.hasApproved(hash, account, { blockTag }),
  ]);
  return { ...attempt, own, approvals, approved };
}

/** Adds what only a member asks: whether attempts agree with its scores, and whether it took an approval back. */
async function judge(
  context: SigningContext,
  head: Head,
  round: RoundState,
  attempts: readonly WatchedAttempt[],
  scores: ScoresOnDisk,
  known: Comparisons,
): Promise<WatchedAttempt[]> {
  const judged: WatchedAttempt[] = [];
  for (const attempt of attempts) {
    const verdict = await verdictOn(context, head, round, { attempt, attempts }, scores, known);
    judged.push({ ...attempt, ...(verdict === undefined ? {} : { verdict }) });
  }
  const inQuestion = judged.filter(
    ({ approved, approvals, verdict }) =>
      !approved && (verdict === undefined ? approvals >= head.quorum : verdict.agrees),
  );
  const revocations = await readRevocations(context, head, round, inQuestion, known);
  return judged.map((attempt) => {
    const revokedAt = revocations.get(attempt.attemptId);
    return revokedAt === undefined ? attempt : { ...attempt, revokedAt };
  });
}

async function isSweepable(context: SigningContext, round: RoundState): Promise<boolean> {
  if (round.status !== "Resolved" || round.settledCount < round.stakeCount) return false;
  const { etherAmount, bonusAmount } = await readRemainder(context, round);
  return etherAmount > 0n || bonusAmount > 0n;
}
