import { checkTable } from "./verify/check-table.js";
import type { VerifyResult } from "./verify.js";

/** What was verified, for people: one row a check, then each difference. */
export function verifyTable({ roundId, status, attemptId, blockNumber, checks }: VerifyResult): string {
  const attempt = attemptId === undefined ? "" : `, attempt ${attemptId}`;
  return checkTable(`round ${roundId.toString()} (${status})${attempt} at block ${blockNumber}`, checks);
}
