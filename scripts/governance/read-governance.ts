import { getAddress } from "ethers";

import { CONTRACT_NAMES } from "../../sdk/contracts.js";
import type { Context } from "../chain/context.js";
import { MANAGER_ROLES } from "./grants.js";
import { readManager, type ManagerState } from "./read-manager.js";
import { readTimelock, type TimelockState } from "./read-timelock.js";

/** Who may do what, as the chain says it at one block. */
export interface GovernanceState {
  block: number;
  /** Time of the block, in Unix seconds. */
  time: bigint;
  manager: ManagerState;
  timelock: TimelockState;
  /** Every contract that has an authority, by its name in the suite, with the authority it obeys. */
  authorities: ReadonlyMap<string, string>;
  /** Current members of the oracle committee. */
  members: readonly string[];
}

/** Reads who may do what, at the newest block. */
export async function readGovernance(context: Context): Promise<GovernanceState> {
  const { provider, suite } = context;
  const newest = await provider.getBlock("latest");
  if (newest === null) throw new Error("the node has no newest block");
  const at = { blockTag: newest.number };
  const authorities = new Map<string, string>();
  for (const [key, name] of Object.entries(CONTRACT_NAMES)) {
    const contract = suite[key as keyof typeof CONTRACT_NAMES];
    if (!contract.interface.hasFunction("authority()")) continue;
    const found: unknown = await contract.getFunction("authority").staticCall(at);
    authorities.set(name, getAddress(String(found)));
  }
  return {
    block: newest.number,
    time: BigInt(newest.timestamp),
    manager: await readManager(context, newest.number, MANAGER_ROLES.values()),
    timelock: await readTimelock(context, newest.number),
    authorities,
    members: (await suite.committee.members(at)).map((member) => getAddress(member)),
  };
}
