import type { RoundStatus } from "../../sdk/round-status.js";
import { readAttempts, type AttemptState } from "./attempt-state.js";
import { askInBatches } from "../chain/ask-in-batches.js";
import type { Context } from "../chain/context.js";
import { readRemainder } from "./remainder.js";
import { plural } from "../terminal/plural.js";
import { readRound, type RoundState } from "./round-state.js";

/** An attempt with the committee's say on it. */
export interface AttemptReport extends AttemptState {
  reportHash: string;
  approvals: bigint;
}

/** What is due next, by whom, and by when. */
export interface NextStep {
  step: string;
  by: string;
  /** Unix seconds before which it is not possible; absent where it is possible now. */
  from?: number;
  /** Unix seconds after which it is not possible any more; absent where there is no end. */
  until?: number;
}

export interface RoundReport {
  round: RoundState;
  status: RoundStatus;
  attempts: AttemptReport[];
  next: NextStep;
}

export interface StatusReport {
  network: string;
  chainId: bigint;
  block: { number: number; timestamp: number };
  members: string[];
  quorum: bigint;
  rounds: RoundReport[];
}

/**
 * Reads where rounds stand and what is due next. Needs no key.
 * @param roundId One round; all of them when left out.
 */
export async function status(
  context: Context,
  { roundId }: { roundId?: bigint | undefined } = {},
): Promise<StatusReport> {
  const { provider, suite, network, chainId } = context;
  const { committee, tournament } = suite;
  const [block, members, quorum, count] = await Promise.all([
    provider.getBlock("latest"),
    committee.members(),
    committee.quorum(),
    tournament.roundCount(),
  ]);
  const ids = roundId === undefined ? Array.from({ length: Number(count) }, (_, i) => BigInt(i + 1)) : [roundId];
  const now = block?.timestamp ?? 0;
  const rounds: RoundReport[] = [];
  for (const id of ids) {
    const round = await readRound(tournament, id);
    const attempts = await readReports(context, round);
    const left = await isSomethingLeft(context, round);
    rounds.push({ round, status: round.status, attempts, next: nextStep(round, attempts, quorum, now, left) });
  }
  return {
    network,
    chainId,
    block: { number: block?.number ?? 0, timestamp: now },
    members: [...members],
    quorum,
    rounds,
  };
}

/**
 * What is due next in a round.
 * @param now Unix seconds.
 * @param left Whether sweeping would send anything to the treasury.
 */
function nextStep(
  round: RoundState,
  attempts: readonly AttemptReport[],
  quorum: bigint,
  now: number,
  left: boolean,
): NextStep {
  const { terms } = round;
  const settled = round.settledCount === round.stakeCount;
  switch (round.status) {
    case "None":
    case "Open":
      return { step: "stake, or add to the pools", by: "data scientists, sponsors", until: terms.closesAt };
    case "Closed":
      return nextInScoring(round, attempts, quorum, now);
    case "Resolved":
      if (!settled) return { step: `settle ${plural(round.stakeCount - round.settledCount, "stake")}`, by: "anybody" };
      return left ? { step: "sweep the remainder to the treasury", by: "anybody" } : { step: "nothing", by: "nobody" };
    case "Void":
      if (!settled) return { step: `settle ${plural(round.stakeCount - round.settledCount, "stake")}`, by: "anybody" };
      return { step: "reclaim contributions", by: "sponsors" };
  }
}

function nextInScoring(
  { terms, deadline, stakeCount }: RoundState,
  attempts: readonly AttemptReport[],
  quorum: bigint,
  now: number,
): NextStep {
  if (stakeCount === 0 || now > deadline) return { step: "void the round", by: "anybody" };
  const live = attempts.filter(({ vetoed }) => !vetoed);
  const complete = live.filter(({ completedAt }) => completedAt > 0);
  const approved = complete.findLast(({ approvals }) => approvals >= quorum);
  if (approved !== undefined) {
    const endsAt = approved.completedAt + terms.challengePeriod;
    const step = `finalize by attempt ${approved.attemptId}`;
    return { step, by: "anybody", ...(now < endsAt ? { from: endsAt } : {}), until: deadline };
  }
  const best = complete.at(-1);
  if (best !== undefined) {
    const step = `verify and approve attempt ${best.attemptId} (${best.approvals.toString()} of ${quorum.toString()} approvals)`;
    return { step, by: "committee members", until: deadline };
  }
  const postBy = deadline - terms.challengePeriod;
  if (now > postBy) return { step: "void the round", by: "anybody", from: deadline + 1 };
  const begun = live.at(-1);
  if (begun !== undefined) {
    const step = `continue attempt ${begun.attemptId} (${begun.scoredCount} of ${stakeCount} scores)`;
    return { step, by: begun.proposer, until: postBy };
  }
  return { step: "score, plan and apply", by: "a committee member", until: postBy };
}

async function readReports({ suite: { committee, tournament } }: Context, round: RoundState): Promise<AttemptReport[]> {
  const attempts = await readAttempts(tournament, round);
  return askInBatches(attempts, async (attempt) => {
    const reportHash = await tournament.reportHash(round.roundId, attempt.attemptId);
    return { ...attempt, reportHash, approvals: await committee.approvals(reportHash) };
  });
}

async function isSomethingLeft(context: Context, round: RoundState): Promise<boolean> {
  if (round.status !== "Resolved" || round.settledCount < round.stakeCount) return false;
  const { etherAmount, bonusAmount } = await readRemainder(context, round);
  return etherAmount > 0n || bonusAmount > 0n;
}
