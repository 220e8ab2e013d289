import { toNumeraireError } from "../../sdk/decode-error.js";
import { NumeraireError } from "../../sdk/numeraire-error.js";
import type { VoucherDomain } from "../../sdk/usage-voucher.js";
import type { ComputeEscrow } from "../../typechain-types/index.js";
import type { Books, SignedVoucher } from "./books.js";
import type { Standing } from "./credit.js";
import { usageRoots } from "./usage-roots.js";
import { voucherBounds } from "./voucher-bounds.js";

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
  /** How long a voucher and its session key must be good for when it comes, in seconds. */
  validity: bigint;
  /** Time between two redemptions, in seconds: what ends earlier may never be paid, and is no cover. */
  redeemEvery: bigint;
  /** Unix time of the chain. */
  now: () => Promise<bigint>;
}

/** Asks users for vouchers, takes them, and knows what they are worth. */
export interface VoucherDesk {
  /**
   * What a user has not signed for yet, or in a voucher that ends before it is sure to be redeemed; undefined when there
   * is nothing.
   * @param busy Whether the log is growing: then the answer may be some moments old.
   */
  demandOf(user: string, busy: boolean): Promise<VoucherDemand | undefined>;
  /**
   * Takes a voucher into the books, once the chain would pay it.
   * @param count Metering lines it is for.
   * @throws {NumeraireError} for a voucher that is for somebody else, for usage that was not demanded, not above the
   * newest one, too short lived, or that the escrow would refuse or pay in part.
   */
  accept(signed: SignedVoucher, count: number): Promise<void>;
  /** How a user stands on chain and by its voucher. */
  standingOf(user: string): Promise<Omit<Standing, "owed">>;
}

/** Demands of a user that can still be answered: a client may have read one while the next was made. */
const ANSWERABLE = 8;
/** A root may take one part in so many of the time. */
const SHARE = 20;

export function voucherDesk(books: Books, terms: VoucherTerms): VoucherDesk {
  const { compute, providerId } = terms;
  const roots = usageRoots();
  const demands = new Map<string, VoucherDemand[]>();
  const inTheMaking = new Map<string, { lines: number; demand: Promise<VoucherDemand> }>();
  /** Milliseconds of the process's clock until which a user's newest demand is new enough. */
  const fresh = new Map<string, number>();

  const claimedBy = async (user: string): Promise<bigint> => (await compute.getChannel(providerId, user)).claimed;

  const isLapsing = async (signed: SignedVoucher): Promise<boolean> => {
    const [{ end, limit }, now] = await Promise.all([voucherBounds(terms, signed), terms.now()]);
    return end <= now + terms.redeemEvery || limit < signed.voucher.cumulative;
  };

  const demandFor = async (user: string, lines: number): Promise<VoucherDemand> => {
    const began = performance.now();
    const cumulative = books.owedBy(user, lines);
    const usageRoot = await roots.of(user, books.linesOf(user), lines);
    const demand = { lines, cumulative, usageRoot };
    demands.set(user, [...(demands.get(user) ?? []), demand].slice(-ANSWERABLE));
    const ended = performance.now();
    fresh.set(user, ended + SHARE * (ended - began));
    return demand;
  };
  const demandNow = async (user: string): Promise<VoucherDemand> => {
    const lines = books.linesOf(user).length;
    const newest = demands.get(user)?.at(-1);
    if (newest?.lines === lines) return newest;
    const making = inTheMaking.get(user);
    if (making?.lines === lines) return making.demand;
    const demand = demandFor(user, lines);
    inTheMaking.set(user, { lines, demand });
    return demand;
  };

  return {
    demandOf: async (user, busy) => {
      const best = books.voucherOf(user);
      const signed = best?.voucher.cumulative ?? 0n;
      if (books.owedBy(user) <= signed) {
        const lost = best !== undefined && (await isLapsing(best)) && (await claimedBy(user)) < signed;
        return lost ? demandNow(user) : undefined;
      }
      const newest = demands.get(user)?.at(-1);
      const isNew = newest !== undefined && newest.cumulative > signed && performance.now() < (fresh.get(user) ?? 0);
      return busy && isNew ? newest : demandNow(user);
    },

    accept: async (signed, count) => {
      const { voucher, signature } = signed;
      const { user, cumulative, usageRoot, validUntil } = voucher;
      expect("provider", voucher.providerId, providerId);
      expect("cumulative", cumulative, books.owedBy(user, count));
      const demand = demands.get(user)?.find(({ lines }) => lines === count);
      if (demand === undefined) throw refused("lines", BigInt(count), "as many as were demanded just now");
      expect("usageRoot", usageRoot, demand.usageRoot);
      const best = books.voucherOf(user);
      const newest = best?.voucher.cumulative ?? 0n;
      const renews = best !== undefined && cumulative === newest && (await isLapsing(best));
      if (cumulative <= newest && !renews) throw refused("cumulative", cumulative, `more than ${newest.toString()}`);
      const least = (await terms.now()) + terms.validity;
      if (validUntil < least) throw refused("validUntil", validUntil, `at least ${least.toString()}`);
      const { end, limit } = await voucherBounds(terms, signed);
      if (end < least) throw refused("session key's end", end, `at least ${least.toString()}`);
      const claimed = await claimedBy(user);
      const paid = await compute.redeem.staticCall(voucher, signature).catch((error: unknown) => {
        throw toNumeraireError(error, "voucher");
      });
      if (limit < cumulative) throw refused("session key's limit", limit, `at least ${cumulative.toString()}`);
      if (paid < cumulative - claimed) {
        throw refused("balance", paid, `${(cumulative - claimed).toString()} to be paid`);
      }
      await books.addVoucher(signed);
    },

    standingOf: async (user) => {
      const best = books.voucherOf(user);
      const [{ claimed, balance, pending }, lapsing] = await Promise.all([
        compute.getChannel(providerId, user),
        best === undefined ? true : isLapsing(best),
      ]);
      return { claimed, available: balance - pending, signed: lapsing ? 0n : (best?.voucher.cumulative ?? 0n) };
    },
  };
}

function expect(what: string, found: bigint | string, expected: bigint | string): void {
  if (found !== expected) throw refused(what, found, expected.toString());
}

function refused(what: string, found: bigint | string, expected: string): NumeraireError {
  return new NumeraireError(`voucher, ${what}: found ${found.toString()}, expected ${expected}`, {
    hint: "Ask the provider what it demands, and sign exactly that, for usage you have checked.",
  });
}
