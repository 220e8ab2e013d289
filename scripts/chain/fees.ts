import type { Transaction } from "ethers";

/** What a transaction offers a unit of gas, in wei. */
export interface Fees {
  /** The most it pays. */
  most: bigint;
  /** The miner's share of it; absent where the price is one (chains without a base fee). */
  tip?: bigint;
}

/** Nodes take a replacement that offers at least a tenth more. */
const LEAST_RAISE = { numerator: 11n, denominator: 10n };
/** A quarter gets there sooner. */
const RAISE = { numerator: 5n, denominator: 4n };
/** 100 gwei: more is bid only by those who fight for a place in one block. */
const MOST_FIRST_TIP = 10n ** 11n;
/** How far replacements may go above the first offer. */
const CEILING_FACTOR = 4n;

/**
 * What is offered where nobody set a ceiling: the node's suggestion, its tip cut to 100 gwei. What the tip leaves is the
 * base fee, which the chain and not the node sets; on chains without one the whole price is cut.
 */
export function boundedFees({ most, tip }: Fees): Fees {
  if (tip === undefined) return { most: smaller(most, MOST_FIRST_TIP) };
  const bounded = smaller(tip, MOST_FIRST_TIP);
  return { most: most - (tip - bounded), tip: bounded };
}

/**
 * The first offer of a transaction, kept below a ceiling.
 * @param suggested What the node suggests; its room for rising base fees is what the ceiling takes away first.
 * @param baseFee Of the newest block; 0 on chains without one.
 * @returns Undefined where the ceiling is below what the next block takes.
 */
export function firstFees(suggested: Fees, baseFee: bigint, ceiling: bigint): Fees | undefined {
  if (suggested.most <= ceiling) return suggested;
  return suggested.tip !== undefined && baseFee + suggested.tip <= ceiling
    ? { most: ceiling, tip: suggested.tip }
    : undefined;
}

/**
 * The offer that replaces one that is not taken: a quarter more, or what the market asks by now, but not above the
 * ceiling.
 * @param ceiling Most price, and most tip.
 * @returns Undefined where it is below what nodes accept as a replacement.
 */
export function raisedFees(last: Fees, market: Fees, ceiling: Required<Fees>): Fees | undefined {
  const most = smaller(greater(times(last.most, RAISE), market.most), ceiling.most);
  if (most < times(last.most, LEAST_RAISE)) return undefined;
  if (last.tip === undefined) return { most };
  const tip = smaller(greater(times(last.tip, RAISE), market.tip ?? 0n), smaller(most, ceiling.tip));
  return tip < times(last.tip, LEAST_RAISE) ? undefined : { most, tip };
}

/** How far replacements may go where nobody set a ceiling: four times the first offer, and the bound of its tip. */
export function boundedCeiling({ most }: Fees): Required<Fees> {
  return { most: most * CEILING_FACTOR, tip: MOST_FIRST_TIP * CEILING_FACTOR };
}

/** What a signed transaction offers. */
export function feesOf({ maxFeePerGas, maxPriorityFeePerGas, gasPrice }: Transaction): Fees {
  return maxFeePerGas === null ? { most: gasPrice ?? 0n } : { most: maxFeePerGas, tip: maxPriorityFeePerGas ?? 0n };
}

/** Rounded up, so that the least fees rise as well. */
function times(fee: bigint, { numerator, denominator }: { numerator: bigint; denominator: bigint }): bigint {
  return (fee * numerator) / denominator + 1n;
}

function greater(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

function smaller(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
