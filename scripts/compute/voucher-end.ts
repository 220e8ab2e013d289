import { voucherSigner } from "../../sdk/usage-voucher.js";
import type { SignedVoucher } from "./books.js";
import type { VoucherTerms } from "./vouchers.js";

/** Last second in which the chain pays a voucher, in Unix time: it may be that of a session key, which can be revoked. */
export async function voucherEnd(
  { compute, domain, providerId }: VoucherTerms,
  { voucher, signature }: SignedVoucher,
): Promise<bigint> {
  const signer = voucherSigner(domain, voucher, signature);
  if (signer === voucher.user) return voucher.validUntil;
  const { until } = await compute.getSigner(providerId, voucher.user, signer);
  return until < voucher.validUntil ? until : voucher.validUntil;
}
