import { NumeraireError } from "./numeraire-error.js";
import { MAX_LOGLOSS } from "./score-sheet.js";

const WEI_DECIMALS = 18;
const LOGLOSS_DECIMALS = 6;
/** Exponents beyond this are a mistake in the input; expanding them would only waste memory. */
const MAX_EXPONENT = 400;

/**
 * NMR in wei of a plain decimal string.
 * @param text Digits with at most 18 decimals, e.g. "1.5"; no sign, no exponent.
 * @throws {NumeraireError} when the text is anything else.
 */
export function parseNmr(text: string): bigint {
  return parseWei(text, "NMR");
}

/**
 * Ether in wei of a plain decimal string.
 * @param text Digits with at most 18 decimals, e.g. "0.25"; no sign, no exponent.
 * @throws {NumeraireError} when the text is anything else.
 */
export function parseEther(text: string): bigint {
  return parseWei(text, "ether");
}

/** Wei of NMR as a decimal string without trailing zeros, e.g. "1.5"; exact. */
export function formatNmr(wei: bigint): string {
  return formatDecimal(wei, WEI_DECIMALS);
}

/** Wei of ether as a decimal string without trailing zeros, e.g. "0.25"; exact. */
export function formatEther(wei: bigint): string {
  return formatDecimal(wei, WEI_DECIMALS);
}

/** Wei as a decimal string of gwei, the unit that gas prices are quoted in; exact. */
export function formatGwei(wei: bigint): string {
  return formatDecimal(wei, 9);
}

/**
 * Log-loss in millionths, rounded down and capped at 1,048,575, without going through a float.
 * @param text Non-negative decimal, with or without an exponent, e.g. "0.693147" or "6.93147e-1".
 * @throws {NumeraireError} when the text is no non-negative number.
 */
export function parseLogloss(text: string): number {
  const match = /^(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text);
  const exponent = Number(match?.[3] ?? "0");
  if (match === null || Math.abs(exponent) > MAX_EXPONENT) {
    throw new NumeraireError(`Log-loss: found "${text}", expected a non-negative decimal such as 0.693147`, {
      hint: "Write the log-loss as a plain decimal; leave it empty, with a reason, where it could not be measured.",
    });
  }
  const fraction = match[2] ?? "";
  const digits = BigInt((match[1] ?? "") + fraction);
  const shift = LOGLOSS_DECIMALS + exponent - fraction.length;
  const micro = shift >= 0 ? digits * 10n ** BigInt(shift) : digits / 10n ** BigInt(-shift);
  return micro > BigInt(MAX_LOGLOSS) ? MAX_LOGLOSS : Number(micro);
}

/** Log-loss in millionths as a decimal string with six decimals, e.g. "0.693147". */
export function formatLogloss(micro: number): string {
  const digits = String(micro).padStart(LOGLOSS_DECIMALS + 1, "0");
  return `${digits.slice(0, -LOGLOSS_DECIMALS)}.${digits.slice(-LOGLOSS_DECIMALS)}`;
}

function parseWei(text: string, unit: string): bigint {
  const match = /^(\d+)(?:\.(\d{1,18}))?$/.exec(text);
  if (match === null) {
    throw new NumeraireError(
      `Amount of ${unit}: found "${text}", expected digits with at most ${WEI_DECIMALS} decimals, such as 1.5`,
      { hint: "Write the amount without a sign, an exponent, a unit or thousands separators." },
    );
  }
  return BigInt((match[1] ?? "") + (match[2] ?? "").padEnd(WEI_DECIMALS, "0"));
}

function formatDecimal(value: bigint, decimals: number): string {
  const sign = value < 0n ? "-" : "";
  const digits = (value < 0n ? -value : value).toString().padStart(decimals + 1, "0");
  const fraction = digits.slice(-decimals).replace(/0+$/, "");
  return sign + digits.slice(0, -decimals) + (fraction === "" ? "" : `.${fraction}`);
}
