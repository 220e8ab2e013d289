import { NumeraireError } from "../../sdk/numeraire-error.js";
import { formatNmr, parseNmr } from "../../sdk/units.js";
import { readText } from "../terminal/read-text.js";
import { formatExactLogloss, parseExactLogloss } from "./exact-logloss.js";

/** NMR for each of the places `from` to `to`. */
export interface Places {
  from: number;
  to: number;
  /** Wei. */
  amount: bigint;
}

/** How a week's NMR is shared out. */
export interface PayoutRule {
  /** NMR by rank; absent when everybody gets the same. Places follow one another from 1. */
  schedule?: Places[];
  /** NMR shared equally, in wei; absent with a schedule. */
  equal?: bigint;
  /** Only those below this log-loss are paid, in units of 1e-18. Always there when everybody gets the same. */
  benchmark?: bigint;
  /** NMR shared among the models of the tournament by their reputation, in wei. */
  reputation?: bigint;
}

/** Fields that a rule's file may have. */
const RULE_FIELDS = ["schedule", "equal", "benchmark", "reputation"] as const;

/** 2,000 NMR a week for the first hundred, when no rule is given. */
export const DEFAULT_RULE: PayoutRule = parseRule(
  {
    schedule: [
      { from: 1, to: 1, amount: "150" },
      { from: 2, to: 2, amount: "100" },
      { from: 3, to: 3, amount: "75" },
      { from: 4, to: 10, amount: "50" },
      { from: 11, to: 25, amount: "25" },
      { from: 26, to: 50, amount: "16" },
      { from: 51, to: 100, amount: "11" },
    ],
  },
  "default rule",
);

/**
 * Reads a payout rule: JSON with either `schedule`, a list of `{"from", "to", "amount"}`, or `equal` with `benchmark`;
 * `benchmark` and `reputation` may be added. Amounts of NMR and log-losses are decimal strings.
 * @param path Of the file; the default rule when left out.
 * @throws {NumeraireError} when the file is missing or says something else.
 */
export async function readPayoutRule(path: string | undefined): Promise<PayoutRule> {
  if (path === undefined) return DEFAULT_RULE;
  const { text } = await readText(path);
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch (cause) {
    throw refusal(path, "text that is not JSON", "a payout rule", cause);
  }
  return parseRule(root, path);
}

/**
 * The payout rule that a JSON value describes.
 * @param name Of the file, for messages.
 * @throws {NumeraireError} when it describes none.
 */
export function parseRule(root: unknown, name: string): PayoutRule {
  const { schedule, equal, benchmark, reputation } = recordOf(root, name, "rule", RULE_FIELDS);
  if ((schedule === undefined) === (equal === undefined)) {
    throw refusal(name, schedule === undefined ? "neither" : "both", "one of schedule and equal");
  }
  if (equal !== undefined && benchmark === undefined) throw refusal(name, "no benchmark", "one, with equal");
  return {
    ...(schedule === undefined ? {} : { schedule: scheduleOf(schedule, name) }),
    ...(equal === undefined ? {} : { equal: amountOf(equal, name, "equal") }),
    ...(benchmark === undefined ? {} : { benchmark: loglossOf(benchmark, name) }),
    ...(reputation === undefined ? {} : { reputation: amountOf(reputation, name, "reputation") }),
  };
}

/** A payout rule as its file spells it, amounts in their shortest form. */
export function plainRule({ schedule, equal, benchmark, reputation }: PayoutRule): Record<string, unknown> {
  return {
    ...(schedule && { schedule: schedule.map((places) => ({ ...places, amount: formatNmr(places.amount) })) }),
    ...(equal === undefined ? {} : { equal: formatNmr(equal) }),
    ...(benchmark === undefined ? {} : { benchmark: formatExactLogloss(benchmark) }),
    ...(reputation === undefined ? {} : { reputation: formatNmr(reputation) }),
  };
}

function scheduleOf(list: unknown, name: string): Places[] {
  if (!Array.isArray(list) || list.length === 0) throw refusal(name, "an empty schedule", "a list of places");
  let next = 1;
  return list.map((item, i): Places => {
    const where = `schedule[${i}]`;
    const { from, to, amount } = recordOf(item, name, where, ["from", "to", "amount"]);
    if (from !== next) throw refusal(name, `${where}.from ${String(from)}`, `${next}: places follow one another`);
    if (typeof to !== "number" || !Number.isSafeInteger(to) || to < next) {
      throw refusal(name, `${where}.to ${String(to)}`, `a place from ${next}`);
    }
    const places = { from: next, to, amount: amountOf(amount, name, `${where}.amount`) };
    next = to + 1;
    return places;
  });
}

function amountOf(value: unknown, name: string, where: string): bigint {
  try {
    if (typeof value === "string") return parseNmr(value);
  } catch {
    // said below
  }
  throw refusal(name, `${where} ${shown(value)}`, 'NMR as a decimal string, e.g. "12.5"');
}

function loglossOf(value: unknown, name: string): bigint {
  const logloss = typeof value === "string" ? parseExactLogloss(value) : undefined;
  if (logloss !== undefined) return logloss;
  throw refusal(name, `benchmark ${shown(value)}`, 'a log-loss as a decimal string, e.g. "0.693147"');
}

/** An object with no other fields than these. */
function recordOf(value: unknown, name: string, where: string, fields: readonly string[]): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw refusal(name, `${where} ${shown(value)}`, "an object");
  }
  const unknown = Object.keys(value).find((key) => !fields.includes(key));
  if (unknown !== undefined) throw refusal(name, `the field ${unknown} of ${where}`, fields.join(", "));
  return value as Record<string, unknown>;
}

function shown(value: unknown): string {
  return value === undefined ? "missing" : JSON.stringify(value);
}

function refusal(name: string, found: string, expected: string, cause?: unknown): NumeraireError {
  return new NumeraireError(`${name}: found ${found}, expected ${expected}`, {
    hint: "Write the payout rule as docs/rewards.md shows, or leave --rule out for the default.",
    cause,
  });
}
