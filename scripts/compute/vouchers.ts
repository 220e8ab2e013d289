import { ZeroHash } from "ethers";

import { toNumeraireError } from "../../sdk/decode-error.js";
import { NumeraireError } from "../../sdk/numeraire-error.js";
import { voucherSigner, type VoucherDomain } from "../../sdk/usage-voucher.js";
import type { ComputeEscrow } from "../../typechain-types/index.js";
import type { Books, SignedVoucher } from "./books.js";
import { totalCost, usageRoot } from "./usage-log.js";

/** What a provider asks a user to sign. */
export interface VoucherDemand {
  /** Metering lines of the channel it is for: the first so many. */
  lines: number;
  cumulative: bigint;
  usageRoot: string;
}

/** The provider's escrow, and who it is there. */
export interface VoucherTerms {
  compute: ComputeEscrow;
  domain: VoucherDomain;
  providerId: bigint;
  /** How long a voucher and its session key must be good for, in seconds: the provider redeems within it. */
  validity: bigint;
  /** Unix time of the chain. */
  now: () => Promise<bigint>;
}

/** What a user has not signed for yet; undefined when there is nothing. */
export function demandOf(books: Books, user: string): VoucherDemand | undefined {
  const lines = books.linesOf(user);
  const cumulative = books.owedBy(user);
  if (cumulative <= (books.voucherOf(user)?.voucher.cumulative ?? 0n)) return undefined;
  return { lines: lines.length, cumulative, usageRoot: lines.length === 0 ? ZeroHash : usageRoot(lines) };
}

/**
 * Takes a voucher into the books, once the chain would pay it.
 * @param count Metering lines it is for.
 * @throws {NumeraireError} for a voucher that is for somebody else, for other usage, not above the newest one, too short
 * lived, or that the escrow would refuse or pay in part.
 */
export async function acceptVoucher(
  books: Books,
  terms: VoucherTerms,
  signed: SignedVoucher,
  count: number,
): Promise<void> {
  const { voucher, signature } = signed;
  const { providerId, user, cumulative, validUntil } = voucher;
  expect("provider", providerId, terms.providerId);
  const lines = books.linesOf(user).slice(0, count);
  expect("cumulative", cumulative, totalCost(lines));
  expect("usageRoot", voucher.usageRoot, usageRoot(lines));
  const newest = books.voucherOf(user)?.voucher.cumulative ?? 0n;
  if (cumulative <= newest) throw refused("cumulative", cumulative, `more than ${newest.toString()}`);
  const least = (await terms.now()) + terms.validity;
  if (validUntil < least) throw refused("validUntil", validUntil, `at least ${least.toString()}`);
  const signer = voucherSigner(terms.domain, voucher, signature);
  if (signer !== user) {
    const { until } = await terms.compute.getSigner(providerId, user, signer);
    if (until < least) throw refused("session key's end", until, `at least ${least.toString()}`);
  }
  const { claimed } = await terms.compute.getChannel(providerId, user);
  const paid = await terms.compute.redeem.staticCall(voucher, signature).catch((error: unknown) => {
    throw toNumeraireError(error, "voucher");
  });
  if (paid < cumulative - claimed) throw refused("balance", paid, `${(cumulative - claimed).toString()} to be paid`);
  await books.addVoucher(signed);
}

function expect(what: string, found: bigint | string, expected: bigint | string): void {
  if (found !== expected) throw refused(what, found, expected.toString());
}

function refused(what: string, found: bigint | string, expected: string): NumeraireError {
  return new NumeraireError(`voucher, ${what}: found ${found.toString()}, expected ${expected}`, {
    hint: "Ask the provider what it demands, and sign exactly that, for usage you have checked.",
  });
}
