import { MaxUint256 } from "ethers";

import { voucherSigner } from "../../sdk/usage-voucher.js";
import type { SignedVoucher } from "./books.js";
import type { VoucherTerms } from "./vouchers.js";

/** What the chain pays for a voucher's signature, whatever its user does from now on. */
export interface VoucherBounds {
  /** Last second, in Unix time: it may be that of a session key, which can be revoked. */
  end: bigint;
  /** Highest `cumulative`, in wei: beyond that of a session key only a wallet's word counts, which it can take back. */
  limit: bigint;
}

/** Reads what a voucher's signer may sign; who is neither the user nor a session key has an end of zero. */
export async function voucherBounds(
  { compute, domain, providerId }: VoucherTerms,
  { voucher, signature }: SignedVoucher,
): Promise<VoucherBounds> {
  const signer = voucherSigner(domain, voucher, signature);
  if (signer === voucher.user) return { end: voucher.validUntil, limit: MaxUint256 };
  const { until, limit } = await compute.getSigner(providerId, voucher.user, signer);
  return { end: until < voucher.validUntil ? until : voucher.validUntil, limit };
}
