import { plural } from "../../terminal/plural.js";
import { table } from "../../terminal/table.js";
import { describeDifference, type Check } from "./check.js";

/** Differences beyond this are for --json. */
const MOST_ROWS = 50;

/** What was compared, for people: one row a check, then each difference. */
export function checkTable(title: string, checks: readonly Check[]): string {
  const differences = checks.flatMap((check) => check.differences);
  const rows = checks.map(({ name, detail, differences: own }) => [
    own.length === 0 ? "ok" : plural(own.length, "difference"),
    name,
    detail,
  ]);
  return [
    title,
    table(["", "check", "what"], rows),
    differences.length === 0 ? "all agree" : plural(differences.length, "difference"),
    ...differences.slice(0, MOST_ROWS).map((difference) => `  ${describeDifference(difference)}`),
    ...(differences.length > MOST_ROWS ? [`  ... and ${differences.length - MOST_ROWS} more; see --json`] : []),
  ].join("\n");
}
