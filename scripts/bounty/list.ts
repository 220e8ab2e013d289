import { bountyStatusName, type BountyStatus } from "../../sdk/bounty-status.js";
import { formatNmr } from "../../sdk/units.js";
import type { Context } from "../chain/context.js";
import { table } from "../terminal/table.js";
import { readBounty, type BountyState } from "./bounty-state.js";
import { showTime } from "./show-time.js";

/** Bounties that are read at once. */
const BATCH = 25;

/** The bounties of a deployment. */
export interface BountyList {
  network: string;
  chainId: bigint;
  bounties: BountyState[];
}

/**
 * Reads every bounty, in the order they were posted.
 * @param status Only those with this status.
 */
export async function listBounties(
  context: Context,
  { status }: { status?: BountyStatus | undefined },
): Promise<BountyList> {
  const count = Number(await context.suite.bounties.bountyCount());
  const bounties: BountyState[] = [];
  for (let first = 1; first <= count; first += BATCH) {
    const numbers = Array.from({ length: Math.min(BATCH, count - first + 1) }, (_, i) => BigInt(first + i));
    bounties.push(...(await Promise.all(numbers.map((bountyId) => readBounty(context, bountyId)))));
  }
  const wanted = bounties.filter((bounty) => status === undefined || bounty.status === status);
  return { network: context.network, chainId: context.chainId, bounties: wanted };
}

/** The list for people: one row a bounty. */
export function listTable({ bounties }: BountyList): string {
  if (bounties.length === 0) return "no bounty";
  const rows = bounties.map(
    ({ bountyId, status, unawarded, funded, deadline, submissionCount, pendingCount, reviewer }) => [
      bountyId.toString(),
      status,
      formatNmr(unawarded),
      formatNmr(funded),
      showTime(deadline),
      `${pendingCount}/${submissionCount}`,
      reviewer,
    ],
  );
  return table(["bounty", "status", "NMR left", "NMR funded", "deadline", "pending", "reviewer"], rows, [0, 2, 3, 5]);
}

/** A status off the command line, in any case; undefined for none that there is. */
export function statusNamed(text: string): BountyStatus | undefined {
  const name = text.charAt(0).toUpperCase() + text.slice(1).toLowerCase();
  for (let number = 1n; number <= 6n; number += 1n) {
    const known = bountyStatusName(number);
    if (known === name) return known;
  }
  return undefined;
}
