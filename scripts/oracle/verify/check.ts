import { showValue, type Unit, type Value } from "./show-value.js";

/** Something on chain that is not as it must be. */
export interface Difference {
  /** What it is about, e.g. "stake 3 (model 4): log-loss". */
  what: string;
  /** What it must be, with its unit. */
  expected: string;
  /** What it is on chain, with its unit. */
  found: string;
  /** Present where a score file says what it must be; elsewhere it follows from the chain itself. */
  by?: "score file";
}

/** One thing that was verified. */
export interface Check {
  name: string;
  /** What was compared with what, or what was found. */
  detail: string;
  /** Empty where all agree. */
  differences: Difference[];
}

/** A value as found on chain, as it must be, and what it counts. */
export type Comparison = [what: string, found: Value, expected: Value, unit?: Unit | undefined];

/** The comparisons that fail, in their order. */
export function differences(comparisons: Iterable<Comparison>): Difference[] {
  const failed: Difference[] = [];
  for (const [what, found, expected, unit] of comparisons) {
    if (found !== expected) {
      failed.push({ what, expected: showValue(expected, unit), found: showValue(found, unit) });
    }
  }
  return failed;
}

/** A difference in one line: what it is about, what the chain says, and what it must be. */
export function describeDifference({ what, expected, found, by }: Difference): string {
  return `${what}: ${found} on chain, ${by === undefined ? `expected ${expected}` : `${expected} in the file`}`;
}
