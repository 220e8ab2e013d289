import type { Transaction, TransactionReceipt } from "ethers";

import type { SendingContext } from "./context.js";
import { isSameCall } from "./is-same-call.js";
import type { Call } from "./planned-call.js";

/** What an earlier run signed and did not see mined, and this one did. */
export interface SentBefore {
  transaction: Transaction;
  /** Of its success: what reverted did nothing. */
  receipt: TransactionReceipt;
}

/**
 * Finds a call among those that were sent before, and takes it from them: each stands for one call, so that the same
 * can be sent twice by a run that means to.
 * @returns Its receipt; undefined where it is still to be sent.
 */
export function takeSentBefore(
  { log }: SendingContext,
  before: SentBefore[],
  call: Partial<Call>,
  step: string,
): TransactionReceipt | undefined {
  const place = before.findIndex(({ transaction }) => isSameCall(transaction, call));
  if (place < 0) return undefined;
  const receipt = before.splice(place, 1)[0]?.receipt;
  log.warn(`${step}: done by transaction ${receipt?.hash ?? ""}, which an earlier run signed; not sending it again`);
  return receipt;
}
