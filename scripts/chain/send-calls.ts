import type { TransactionReceipt } from "ethers";

import type { Context, SigningContext } from "./context.js";
import type { PlannedCall } from "./planned-call.js";
import { priceCall } from "./price-call.js";
import { takeSentBefore } from "./sent-before.js";
import { send, withJournal, type SendSettings } from "./send.js";

/** Gas and ether, in wei, of calls that could be sent now in any order. */
export async function priceCalls(
  context: Context,
  calls: readonly PlannedCall[],
): Promise<{ gas: bigint; cost: bigint }> {
  let [gas, cost] = [0n, 0n];
  for (const call of calls) {
    const priced = await priceCall(context, call);
    gas += priced.gas;
    cost += priced.cost;
  }
  return { gas, cost };
}

/** Sends calls one after another and waits for each; what a run that was stopped had sent of them is not sent again. */
export async function sendCalls(
  context: SigningContext,
  calls: readonly PlannedCall[],
  settings: SendSettings,
): Promise<TransactionReceipt[]> {
  return withJournal(context, { ...settings, due: calls }, async (held, before) => {
    const receipts: TransactionReceipt[] = [];
    for (const call of calls) {
      const receipt = takeSentBefore(context, before, call, call.step) ?? (await send(context, call, call.step, held));
      context.log.info(`${call.step}: ${receipt.hash}, ${receipt.gasUsed.toString()} gas`);
      receipts.push(receipt);
    }
    return receipts;
  });
}
