import { isCallException } from "ethers";

import { decodeFailure } from "../../sdk/decode-error.js";
import type { SigningContext } from "../chain/context.js";
import { send } from "../chain/send.js";
import type { Books, SignedVoucher } from "./books.js";
import type { VoucherTerms } from "./vouchers.js";

/** Vouchers a transaction: each takes 21,000 gas, and 250,000 more where a wallet wastes them. */
const BATCH = 50;

/** What a redemption did. */
export interface Redemption {
  hash: string;
  vouchers: number;
  /** NMR paid, in wei. */
  paid: bigint;
}

/**
 * Redeems the newest voucher of every user whose channel pays enough for it now.
 * @param least Least that a voucher must pay, in wei: who signs for next to nothing must not make the provider send
 * transactions for it. It is redeemed with what is signed later.
 * @throws {NumeraireError} when a transaction cannot be sent.
 */
export async function redeemVouchers(
  context: SigningContext,
  books: Books,
  terms: VoucherTerms,
  least: bigint,
): Promise<Redemption[]> {
  const payable: SignedVoucher[] = [];
  for (const user of books.signers()) {
    const signed = books.voucherOf(user);
    if (signed === undefined) continue;
    const worth = await worthNow(terms, signed);
    if (worth > 0n && worth >= least) payable.push(signed);
  }
  const done: Redemption[] = [];
  for (let from = 0; from < payable.length; from += BATCH) {
    done.push(await redeemBatch(context, payable.slice(from, from + BATCH)));
  }
  return done;
}

/** What the chain would pay for a voucher, in wei: nothing for one that it refuses. */
async function worthNow({ compute }: VoucherTerms, { voucher, signature }: SignedVoucher): Promise<bigint> {
  try {
    return await compute.redeem.staticCall(voucher, signature);
  } catch (error) {
    if (isCallException(error) || decodeFailure(error) !== undefined) return 0n;
    throw error;
  }
}

async function redeemBatch(context: SigningContext, batch: readonly SignedVoucher[]): Promise<Redemption> {
  const { compute } = context.suite;
  const data = compute.interface.encodeFunctionData("redeemMany", [
    batch.map(({ voucher }) => voucher),
    batch.map(({ signature }) => signature),
  ]);
  const to = await compute.getAddress();
  const receipt = await send(context, { to, data }, `redeem ${batch.length} vouchers`);
  let paid = 0n;
  for (const log of receipt.logs) {
    const event = log.address === to ? compute.interface.parseLog(log) : null;
    if (event?.name === "VoucherRedeemed") paid += event.args["amount"] as bigint;
    if (event?.name === "VoucherSkipped") {
      context.log.warn(`voucher of ${String(event.args["user"])} was not paid: ${String(event.args["reason"])}`);
    }
  }
  return { hash: receipt.hash, vouchers: batch.length, paid };
}
