import type { SigningContext } from "../../chain/context.js";
import type { Head } from "./head.js";
import { newestEvent } from "./newest-event.js";

/**
 * When the account last took its approval of a report back, in Unix seconds; undefined where it never did.
 * @param completedAt Unix seconds at which there was something to approve.
 */
export async function readLastRevocation(
  context: SigningContext,
  head: Head,
  reportHash: string,
  completedAt: number,
): Promise<number | undefined> {
  const { committee } = context.suite;
  const filter = committee.filters.ApprovalRevoked(reportHash, head.account);
  const newest = await newestEvent(context, (from, to) => committee.queryFilter(filter, from, to), completedAt, head);
  return newest?.time;
}
