import { Transaction, type BaseWallet, type TransactionReceipt } from "ethers";

import type { SendingContext } from "./context.js";
import { deliver, signReplacement, type DeliverySettings } from "./deliver.js";
import type { NonceRecord } from "./journal.js";

/** Gas of sending nothing. */
export const PLAIN_GAS = 21_000n;

/**
 * Uses the nonce of what was signed before for sending nothing to the account itself, so that it can never be mined.
 * @param wallet Key of the account.
 * @returns The receipt of what was mined there: of nothing, or of what came before it could be cancelled.
 * @throws {NumeraireError} with exit code 2 when it cannot be replaced below the price ceiling; then it is not broadcast.
 */
export async function cancelSigned(
  context: SendingContext,
  record: NonceRecord,
  wallet: BaseWallet,
  settings: DeliverySettings,
): Promise<TransactionReceipt | undefined> {
  const last = record.signed.at(-1);
  if (last === undefined) throw new Error("nothing to cancel");
  const cancelling = { ...record, step: `cancel "${record.step}"` };
  const nothing = Transaction.from(last.raw);
  nothing.signature = null;
  Object.assign(nothing, { to: wallet.address, value: 0n, data: "0x", accessList: null, gasLimit: PLAIN_GAS });
  context.log.warn(`${record.step}: signed before and not due any more; cancelling it`);
  const entry = await signReplacement(context, wallet, cancelling, nothing, settings);
  const receipt = await deliver(context, { ...cancelling, signed: [...record.signed, entry] }, wallet, settings);
  if (receipt !== undefined && record.signed.some(({ hash }) => hash === receipt.hash)) {
    context.log.warn(`${record.step}: transaction ${receipt.hash} was mined before it could be cancelled`);
  }
  return receipt;
}
