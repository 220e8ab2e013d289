import { getAddress } from "ethers";

import type { Context } from "../chain/context.js";
import { readEvents, type ChainEvent } from "./read-events.js";

/** What an account has in a role of the AccessManager. */
export interface Access {
  role: bigint;
  account: string;
  /** From when on it holds the role, in Unix seconds; later than now for one that waits. */
  since: bigint;
  /** Seconds its calls have to wait; the longer one of now and of what is on its way. */
  delay: bigint;
}

/** Who rules a role, and how. */
export interface RoleSettings {
  role: bigint;
  admin: bigint;
  guardian: bigint;
  /** Seconds until a grant takes effect; the longer one of now and of what is on its way. */
  grantDelay: bigint;
}

/** All that the AccessManager knows. */
export interface ManagerState {
  access: Access[];
  /** Of every role that was ever spoken of. */
  roles: RoleSettings[];
  /** Of every function that was ever given to a role. */
  functions: { target: string; selector: string; role: bigint }[];
  /** Of every contract that was ever spoken of. */
  targets: { target: string; closed: boolean; adminDelay: bigint }[];
  /** Calls that are scheduled and neither carried out, cancelled nor expired. */
  operations: { operationId: string; caller: string; target: string }[];
}

/**
 * Replays the AccessManager's events to find everything that may have been set, and asks for what it is now.
 * @param known Roles that are asked about whether or not an event spoke of them.
 */
export async function readManager(context: Context, block: number, known: Iterable<bigint>): Promise<ManagerState> {
  const { authority } = context.suite;
  const events = await readEvents(context, authority, block);
  const at = { blockTag: block };
  const rolesSeen = new Set<bigint>(known);
  for (const role of valuesOf(events, "roleId")) rolesSeen.add(role as bigint);
  const members = unique(
    events.filter(({ name }) => name === "RoleGranted"),
    ["roleId", "account"],
  );
  const functions = unique(
    events.filter(({ name }) => name === "TargetFunctionRoleUpdated"),
    ["target", "selector"],
  );
  const targets = new Set(
    valuesOf(
      events.filter(({ name }) => name !== "OperationScheduled"),
      "target",
    ) as string[],
  );
  const grantDelays = announced(events, "RoleGrantDelayChanged", "roleId");
  const adminDelays = announced(events, "TargetAdminDelayUpdated", "target");
  const scheduled = events.filter(({ name }) => name === "OperationScheduled");

  const access = await Promise.all(
    members.map(async ({ args }): Promise<Access> => {
      const [role, account] = [args["roleId"] as bigint, getAddress(args["account"] as string)];
      const [since, current, pending] = await authority.getAccess(role, account, at);
      return { role, account, since, delay: longer(current, pending) };
    }),
  );
  return {
    access: access.filter(({ since }) => since !== 0n),
    roles: await Promise.all(
      [...rolesSeen].map(async (role) => ({
        role,
        admin: await authority.getRoleAdmin(role, at),
        guardian: await authority.getRoleGuardian(role, at),
        grantDelay: longer(await authority.getRoleGrantDelay(role, at), grantDelays.get(role.toString())),
      })),
    ),
    functions: await Promise.all(
      functions.map(async ({ args }) => {
        const [target, selector] = [getAddress(args["target"] as string), args["selector"] as string];
        return { target, selector, role: await authority.getTargetFunctionRole(target, selector, at) };
      }),
    ),
    targets: await Promise.all(
      [...targets].map(async (target) => ({
        target: getAddress(target),
        closed: await authority.isTargetClosed(target, at),
        adminDelay: longer(await authority.getTargetAdminDelay(target, at), adminDelays.get(target)),
      })),
    ),
    operations: await readOperations(context, scheduled, at),
  };
}

/** An operation's schedule is zero once it was carried out, cancelled or has expired. */
async function readOperations(
  { suite: { authority } }: Context,
  scheduled: readonly ChainEvent[],
  at: { blockTag: number },
): Promise<ManagerState["operations"]> {
  const found: ManagerState["operations"] = [];
  for (const { args } of unique(scheduled, ["operationId"])) {
    const operationId = args["operationId"] as string;
    if ((await authority.getSchedule(operationId, at)) === 0n) continue;
    found.push({ operationId, caller: args["caller"] as string, target: args["target"] as string });
  }
  return found;
}

/** The newest delay that was announced for each value of a field; it may take effect days later. */
function announced(events: readonly ChainEvent[], event: string, field: string): Map<string, bigint> {
  const found = events.filter(({ name }) => name === event);
  return new Map(found.map(({ args }) => [String(args[field]), args["delay"] as bigint]));
}

function longer(now: bigint, coming = 0n): bigint {
  return now > coming ? now : coming;
}

function valuesOf(events: readonly ChainEvent[], name: string): unknown[] {
  return events.flatMap(({ args }) => {
    const value = (args.toObject() as Record<string, unknown>)[name];
    return value === undefined ? [] : [value];
  });
}

/** The last event for each combination of values. */
function unique(events: readonly ChainEvent[], names: readonly string[]): ChainEvent[] {
  const last = new Map<string, ChainEvent>();
  for (const event of events) last.set(names.map((name) => String(event.args[name])).join(), event);
  return [...last.values()];
}
