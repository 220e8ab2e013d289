import type { TransactionReceipt } from "ethers";

import { NumeraireError } from "../../sdk/numeraire-error.js";
import { requireSigner, type Context } from "../chain/context.js";
import type { PricedCall } from "../chain/price-call.js";
import { send, type SendSettings } from "../chain/send.js";

/** Arguments of an event by name, amounts and ids as bigint. */
export type EventArguments = Record<string, unknown>;

/** One call about bounties: what it is about, and how to tell what it did. */
export interface BountyAction {
  /** What the whole is called, e.g. "Fund bounty 3". */
  name: string;
  /** Each thing to know before it is sent. */
  facts: Record<string, string>;
  /** Absent when there is nothing to do. */
  due?: PricedCall;
  /** Why there is nothing to do. */
  idle?: string;
  /** Event of BountyGrants that tells what was done. */
  event: string;
  /** What was done, in words. */
  describe: (args: EventArguments) => string;
}

/** What an action did. */
export interface BountyOutcome {
  /** In words. */
  summary: string;
  /** Event that tells of it; absent when there was nothing to do. */
  event?: string;
  args?: EventArguments;
  sent?: { hash: string; gasUsed: bigint };
}

/**
 * Sends the call of an action, if one is due, and reads from its event what it did.
 * @throws {NumeraireError} when the transaction fails.
 */
export async function act(
  context: Context,
  { due, idle = "", event, describe }: BountyAction,
  settings: SendSettings = {},
): Promise<BountyOutcome> {
  if (due === undefined) return { summary: `nothing to do: ${idle}` };
  const receipt = await send(requireSigner(context), due, due.step, settings);
  const args = await readEvent(context, receipt, event);
  return { summary: describe(args), event, args, sent: { hash: receipt.hash, gasUsed: receipt.gasUsed } };
}

/** @throws {NumeraireError} when the transaction has no such event of BountyGrants. */
async function readEvent(
  { suite: { bounties } }: Context,
  { logs, hash }: TransactionReceipt,
  event: string,
): Promise<EventArguments> {
  const address = await bounties.getAddress();
  for (const log of logs) {
    if (log.address !== address) continue;
    const parsed = bounties.interface.parseLog(log);
    if (parsed?.name !== event) continue;
    const values = [...parsed.args] as unknown[];
    return Object.fromEntries(parsed.fragment.inputs.map(({ name }, i) => [name, plain(values[i])]));
  }
  throw new NumeraireError(`transaction ${hash}: found no ${event}, expected the event of what it did`, {
    hint: "The address may belong to another contract or version: compare it with the deployment.",
  });
}

/** Lists as arrays of their own: those of ethers do not become JSON in every version. */
function plain(value: unknown): unknown {
  return Array.isArray(value) ? value.map(plain) : value;
}
