/** Something that is not as it must be. */
export interface Difference {
  /** What it is about, e.g. "stake 3 (model 4): logloss". */
  what: string;
  expected: string;
  found: string;
}

/** One thing that was verified. */
export interface Check {
  name: string;
  /** What was compared with what, or what was found. */
  detail: string;
  /** Empty where all agree. */
  differences: Difference[];
}

type Value = bigint | boolean | number | string;

/** A value as found, and as it must be. */
export type Comparison = [what: string, found: Value, expected: Value];

/** The comparisons that fail, in their order. */
export function differences(comparisons: Iterable<Comparison>): Difference[] {
  const failed: Difference[] = [];
  for (const [what, found, expected] of comparisons) {
    if (found !== expected) failed.push({ what, expected: String(expected), found: String(found) });
  }
  return failed;
}
