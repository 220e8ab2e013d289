import Table from "cli-table3";

/** A table for people; columns in `right` are numbers. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly number[] = [],
): string {
  const made = new Table({
    head: [...head],
    colAligns: head.map((_, i) => (right.includes(i) ? "right" : "left")),
    style: { head: [], border: [], compact: true },
  });
  for (const row of rows) made.push([...row]);
  return made.toString();
}
