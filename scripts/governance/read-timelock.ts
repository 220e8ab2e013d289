import { getAddress } from "ethers";

import type { Context } from "../chain/context.js";
import { readEvents } from "./read-events.js";

/** All that the timelock knows. */
export interface TimelockState {
  members: { role: string; account: string }[];
  /** Seconds that a decision waits. */
  minDelay: bigint;
  /** Every operation that is scheduled and neither carried out nor cancelled. */
  operations: TimelockOperation[];
}

/** Something that waits in the timelock. */
export interface TimelockOperation {
  operationId: string;
  /** Whether an account could schedule it that may schedule nothing now. */
  orphaned: boolean;
}

const UNSET = 0n;
const DONE = 3n;
const PROPOSER_ROLE = "PROPOSER_ROLE";

/** Replays the timelock's events to find everything that may be held or scheduled, and asks for what is so now. */
export async function readTimelock(context: Context, block: number): Promise<TimelockState> {
  const { timelock } = context.suite;
  const at = { blockTag: block };
  const events = await readEvents(context, timelock, block);
  const proposerRole = await timelock[PROPOSER_ROLE](at);

  const members = new Map<string, TimelockState["members"][number]>();
  const operations = new Map<string, number>();
  // Place of the newest event by which an account lost the right to schedule.
  let lost = -1;
  for (const [place, { name, args }] of events.entries()) {
    const { role, account, id } = args.toObject() as { role?: string; account?: string; id?: string };
    if (name === "RoleGranted" && role !== undefined && account !== undefined) {
      members.set(`${role} ${account}`, { role, account: getAddress(account) });
    }
    if (name === "RoleRevoked" && role === proposerRole) lost = place;
    if (name === "CallScheduled" && id !== undefined) operations.set(id, place);
  }
  const held = await Promise.all(
    [...members.values()].map(async (member) => ({
      member,
      holds: await timelock.hasRole(member.role, member.account, at),
    })),
  );
  const states = await Promise.all(
    [...operations].map(async ([operationId, place]) => ({
      operationId,
      orphaned: place < lost,
      state: await timelock.getOperationState(operationId, at),
    })),
  );
  return {
    members: held.filter(({ holds }) => holds).map(({ member }) => member),
    minDelay: await timelock.getMinDelay(at),
    operations: states
      .filter(({ state }) => state !== UNSET && state !== DONE)
      .map(({ operationId, orphaned }) => ({ operationId, orphaned })),
  };
}
