import { formatEther, formatLogloss, formatNmr } from "../../../sdk/units.js";
import { NO_CUT } from "../../../sdk/score-sheet.js";

/** What was read or computed, to be compared. */
export type Value = bigint | boolean | number | string;

/** What a value counts, where it is no plain number. */
export type Unit = "NMR" | "ether" | "NMR an ether" | "log-loss" | "per cent" | "seconds" | "time" | "stake";

/** A value as people read it, with its unit: wei as decimals, log-loss in millionths as a decimal, times as dates. */
export function showValue(value: Value, unit?: Unit): string {
  switch (unit) {
    case "NMR":
    case "NMR an ether":
      return `${formatNmr(BigInt(value))} ${unit}`;
    case "ether":
      return `${formatEther(BigInt(value))} ether`;
    case "log-loss":
      return formatLogloss(Number(value));
    case "per cent":
      return `${String(value)} %`;
    case "seconds":
      return `${String(value)} seconds`;
    case "time":
      return new Date(Number(value) * 1000).toISOString();
    case "stake":
      return Number(value) === NO_CUT ? "none" : `stake ${String(value)}`;
    case undefined:
      return typeof value === "boolean" ? (value ? "yes" : "no") : String(value);
  }
}
