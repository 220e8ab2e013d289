import type { SigningContext } from "../../chain/context.js";
import { pageLogs } from "../../chain/page-logs.js";
import type { AttemptState } from "../attempt-state.js";
import type { RoundState } from "../round-state.js";
import { closeBlock } from "./close-block.js";
import type { Comparisons } from "./comparisons.js";
import type { Head } from "./head.js";
import { newestEvent } from "./newest-event.js";
import { NodeOutOfStep } from "./node-out-of-step.js";

/**
 * When the guardian last vetoed, in Unix seconds; undefined where no attempt is vetoed.
 * @param attempts Every attempt at the head of the chain.
 * @throws {NodeOutOfStep} when the newest veto is not the one that the attempts tell of: without it, scores that were
 * vetoed would be posted again.
 */
export async function readLastVeto(
  context: SigningContext,
  head: Head,
  round: RoundState,
  attempts: readonly AttemptState[],
  known: Comparisons,
): Promise<number | undefined> {
  const vetoed = attempts.filter((attempt) => attempt.vetoed).length;
  if (vetoed === 0) return undefined;
  const { roundId } = round;
  const { tournament } = context.suite;
  const filter = tournament.filters.AttemptsVetoed(roundId);
  const range = { from: await closeBlock(context, head, round, known), to: head.block };
  const vetoes = await pageLogs((from, to) => tournament.queryFilter(filter, from, to), range);
  const newest = await newestEvent(context, vetoes);
  const counted = newest?.event.args.attemptCount ?? 0n;
  if (newest === undefined || counted !== BigInt(vetoed)) {
    throw new NodeOutOfStep(
      `round ${roundId.toString()}: found a last veto of ${counted.toString()} attempts, expected one of ${vetoed}`,
    );
  }
  return newest.time;
}
