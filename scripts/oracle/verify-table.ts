import { plural } from "../terminal/plural.js";
import { table } from "../terminal/table.js";
import { describeDifference } from "./verify/check.js";
import type { VerifyResult } from "./verify.js";

/** Differences beyond this are for --json. */
const MOST_ROWS = 50;

/** What was verified, for people: one row a check, then each difference. */
export function verifyTable({ roundId, status, attemptId, blockNumber, checks, differences }: VerifyResult): string {
  const rows = checks.map(({ name, detail, differences: own }) => [
    own.length === 0 ? "ok" : plural(own.length, "difference"),
    name,
    detail,
  ]);
  const attempt = attemptId === undefined ? "" : `, attempt ${attemptId}`;
  const verdict = differences.length === 0 ? "all agree" : plural(differences.length, "difference");
  const listed = differences.slice(0, MOST_ROWS).map((difference) => `  ${describeDifference(difference)}`);
  return [
    `round ${roundId.toString()} (${status})${attempt} at block ${blockNumber}`,
    table(["", "check", "what"], rows),
    verdict,
    ...listed,
    ...(differences.length > MOST_ROWS ? [`  ... and ${differences.length - MOST_ROWS} more; see --json`] : []),
  ].join("\n");
}
