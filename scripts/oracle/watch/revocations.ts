import { askInBatches } from "../../chain/ask-in-batches.js";
import type { SigningContext } from "../../chain/context.js";
import { pageLogs } from "../../chain/page-logs.js";
import type { RoundState } from "../round-state.js";
import { closeBlock } from "./close-block.js";
import type { Comparisons } from "./comparisons.js";
import type { Head } from "./head.js";
import { newestEvent } from "./newest-event.js";

/**
 * When the account last took its approval of some attempts of a round back, in Unix seconds by number of the attempt; of
 * the others it never did. One search, however many attempts there are.
 * @throws {NodeOutOfStep} when the block of a revocation is none of the chain.
 */
export async function readRevocations(
  context: SigningContext,
  head: Head,
  round: RoundState,
  attempts: readonly { attemptId: number }[],
  known: Comparisons,
): Promise<Map<number, number>> {
  const times = new Map<number, number>();
  if (attempts.length === 0) return times;
  const { committee, tournament } = context.suite;
  const filter = committee.filters.ApprovalRevoked(undefined, head.account);
  const range = { from: await closeBlock(context, head, round, known), to: head.block };
  const revocations = await pageLogs((from, to) => committee.queryFilter(filter, from, to), range);
  if (revocations.length === 0) return times;
  await askInBatches(attempts, async ({ attemptId }) => {
    const hash = await tournament.reportHash(round.roundId, attemptId, { blockTag: head.block });
    const own = revocations.filter(({ args }) => args.reportHash === hash);
    const newest = await newestEvent(context, own);
    if (newest !== undefined) times.set(attemptId, newest.time);
  });
  return times;
}
