import { formatUnits, parseUnits } from "ethers";

/** Decimals that log-losses are compared with. */
const DECIMALS = 18;

/** A log-loss in units of 1e-18; undefined for anything but a plain decimal of at most 18 places. */
export function parseExactLogloss(text: string): bigint | undefined {
  return /^\d{1,9}(\.\d{1,18})?$/.test(text) ? parseUnits(text, DECIMALS) : undefined;
}

/** A log-loss in units of 1e-18 as a decimal; exact. */
export function formatExactLogloss(logloss: bigint): string {
  return formatUnits(logloss, DECIMALS);
}
