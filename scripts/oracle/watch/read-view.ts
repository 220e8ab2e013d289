import { pageLogs } from "../../chain/page-logs.js";
import type { SigningContext } from "../../chain/context.js";
import { readAttempts, type AttemptState } from "../attempt-state.js";
import { readRemainder } from "../remainder.js";
import { readRound, type RoundState } from "../round-state.js";
import { judgeAttempt } from "./judge-attempt.js";
import type { Head } from "./head.js";
import { readRoundFolder, roundFolder } from "./round-folder.js";
import { turnOf, type RoundView, type ScoresOnDisk, type Verdict, type WatchedAttempt } from "./round-view.js";

/** Verdicts that were reached: an attempt's scores never change, and comparing thousands of them takes seconds. */
export type Verdicts = Map<string, Verdict>;

/**
 * Reads everything that decides what a round needs next, except what other rounds have to do with it.
 * @param rounds Folder that holds one folder a round.
 */
export async function readView(
  context: SigningContext,
  head: Head,
  roundId: bigint,
  rounds: string,
  verdicts: Verdicts,
): Promise<RoundView> {
  const round = await readRound(context.suite.tournament, roundId);
  const scoring = round.status === "Closed" && round.stakeCount > 0;
  const scores: ScoresOnDisk = scoring ? await readRoundFolder(roundFolder(rounds, roundId)) : { state: "missing" };
  const turn = turnOf(head.members, head.account, roundId);
  const states = scoring ? await readAttempts(context.suite.tournament, round) : [];
  const attempts: WatchedAttempt[] = [];
  for (const state of states) {
    const attempt = await readApprovals(context, head, round, state);
    const verdict = turn.isMember ? await verdictOn(context, head, round, attempt, scores, verdicts) : undefined;
    attempts.push({ ...attempt, ...(verdict === undefined ? {} : { verdict }) });
  }
  const vetoedAt = states.some(({ vetoed }) => vetoed) ? await readLastVeto(context, head, roundId) : undefined;
  return {
    round,
    attempts,
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
  { account }: Head,
  { roundId }: RoundState,
  attempt: AttemptState,
): Promise<WatchedAttempt> {
  const own = attempt.proposer.toLowerCase() === account.toLowerCase();
  if (attempt.completedAt === 0 || attempt.vetoed) return { ...attempt, own, approvals: 0n, approved: false };
  const hash = await tournament.reportHash(roundId, attempt.attemptId);
  const [approvals, approved] = await Promise.all([committee.approvals(hash), committee.hasApproved(hash, account)]);
  return { ...attempt, own, approvals, approved };
}

/** What the score file says of an attempt; undefined where there is nothing to compare yet. */
async function verdictOn(
  context: SigningContext,
  head: Head,
  { roundId, deadline }: RoundState,
  attempt: WatchedAttempt,
  scores: ScoresOnDisk,
  verdicts: Verdicts,
): Promise<Verdict | undefined> {
  const { attemptId, completedAt, vetoed, own, approved, evidenceHash, scoresDigest } = attempt;
  if (completedAt === 0 || vetoed || scores.state !== "ready") return undefined;
  if (own) return { agrees: evidenceHash === scores.sha256, detail: "made from another score file" };
  if (approved) return { agrees: true, detail: "approved before" };
  // Comparing reads at a block that will stay, and only what can still be approved.
  if (completedAt > head.settledNow || head.now > deadline) return undefined;
  const key = [roundId, attemptId, scoresDigest, scores.sha256, scores.mappingSha256].join(" ");
  const known = verdicts.get(key);
  if (known !== undefined) return known;
  const verdict = await judgeAttempt(context, roundId, attemptId, scores);
  verdicts.set(key, verdict);
  return verdict;
}

async function readLastVeto(context: SigningContext, head: Head, roundId: bigint): Promise<number | undefined> {
  const { fromBlock, provider, suite } = context;
  const filter = suite.tournament.filters.AttemptsVetoed(roundId);
  const query = (from: number, to: number) => suite.tournament.queryFilter(filter, from, to);
  const last = (await pageLogs(query, { from: fromBlock, to: head.block })).at(-1);
  return last === undefined ? undefined : (await provider.getBlock(last.blockNumber))?.timestamp;
}

async function isSweepable(context: SigningContext, round: RoundState): Promise<boolean> {
  if (round.status !== "Resolved" || round.settledCount < round.stakeCount) return false;
  const { etherAmount, bonusAmount } = await readRemainder(context, round);
  return etherAmount > 0n || bonusAmount > 0n;
}
