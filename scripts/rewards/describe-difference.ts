import type { Difference } from "../oracle/verify/check.js";

/** A difference in one line: what it is about, what the file or the chain says, and what it must be. */
export function describeDifference({ what, found, expected }: Difference): string {
  return `${what}: found ${found}, expected ${expected}`;
}
