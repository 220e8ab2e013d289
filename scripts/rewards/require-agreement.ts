import { NumeraireError } from "../../sdk/numeraire-error.js";
import { plural } from "../terminal/plural.js";
import { describeDifference } from "./describe-difference.js";
import type { VerifyResult } from "./verify.js";

/** Differences beyond this are for verify --json. */
const MOST_LISTED = 20;

/**
 * Refuses a week that does not verify.
 * @param result Of verify.
 * @param rivals Whether open proposals of another file are no reason to refuse.
 * @throws {NumeraireError} with exit code 2, naming the differences.
 */
export function requireAgreement({ week, checks }: VerifyResult, { rivals = false } = {}): void {
  const found = checks
    .filter(({ name }) => !rivals || name !== "proposals")
    .flatMap(({ differences: own }) => own.map(describeDifference));
  if (found.length === 0) return;
  const more = found.length - MOST_LISTED;
  throw new NumeraireError(
    [
      `week ${week.toString()}: found ${plural(found.length, "difference")}, expected none; nothing was sent:`,
      ...found.slice(0, MOST_LISTED).map((line) => `  ${line}`),
      ...(more > 0 ? [`  ... and ${more} more`] : []),
    ].join("\n"),
    { hint: "Compare leaderboard, rule and the file of the week before, and plan again.", exitCode: 2 },
  );
}
