import type { Transaction } from "ethers";

import type { Call } from "./planned-call.js";

/** Whether a signed transaction does what a call, or a creation, which has no recipient, would do; neither sends ether. */
export function isSameCall(transaction: Transaction, { to, data }: Partial<Call>): boolean {
  return (
    transaction.value === 0n &&
    transaction.to?.toLowerCase() === to?.toLowerCase() &&
    transaction.data === data?.toLowerCase()
  );
}
