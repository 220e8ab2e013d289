import { describeDifference, type Check } from "../oracle/verify/check.js";
import { plural } from "./plural.js";
import { table } from "./table.js";

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
    ...differences.map((difference) => `  ${describeDifference(difference)}`),
  ].join("\n");
}
