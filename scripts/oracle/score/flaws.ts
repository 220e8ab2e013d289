import { basename } from "node:path";
import { type ProblemList, quoted } from "../../terminal/problem-list.js";
import { type Database, toCount, toText } from "./database.js";
import type { Layout } from "./layouts.js";
import { maxFileBytes } from "./limits.js";
import { SHOWN, probabilitySql, shownId } from "./prediction-columns.js";
import type { PredictionSource } from "./predictions.js";
import { columnNames } from "./tabular-source.js";
import type { Targets } from "./targets.js";

/** What is wrong with a prediction file: the first row of a kind, and how many more there are. */
export interface Flaw {
  line: number;
  column: string;
  found: string;
  expected: string;
}

/** What a file states of itself beyond what the targets allow: reading it might never end. */
export function findExcess({ stated }: Layout, targets: Targets): Flaw[] {
  if (stated === undefined) return [];
  const expectedRows = `${targets.rowCount}, one an id`;
  const most = maxFileBytes(targets);
  const flaws: Flaw[] = [];
  if (stated.rows > BigInt(targets.rowCount)) {
    flaws.push({ line: 1, column: "file", found: `${stated.rows} rows`, expected: expectedRows });
  }
  if (stated.bytes > BigInt(most)) {
    const found = `${stated.bytes} bytes when decompressed`;
    flaws.push({ line: 1, column: "file", found, expected: `at most ${most}` });
  }
  return flaws;
}

/** Everything that is wrong with a file that `keepValid` did not keep, the same on every machine. */
export async function findFlaws(
  database: Database,
  { file, source }: PredictionSource,
  { longestId }: Targets,
): Promise<Flaw[]> {
  const columns = await columnNames(database, source).catch(() => undefined);
  const missing = ["id", "probability"].filter((name) => columns?.includes(name) === false);
  if (missing.length > 0) {
    return missing.map((column) => ({ line: 1, column, found: "no such column", expected: "this column" }));
  }
  try {
    // in the order of the file, for the sake of line numbers
    await database.run("SET preserve_insertion_order = true");
    await database.run(`CREATE OR REPLACE TEMP TABLE flawed AS SELECT row_number() OVER () AS line,
      ${shownId(longestId)} AS id, left(CAST(probability AS VARCHAR), ${SHOWN}) AS text, ${probabilitySql()} AS p
      FROM ${source}`);
  } catch {
    const kind = file.toLowerCase().endsWith(".csv") ? "CSV" : "Parquet";
    return [
      { line: 1, column: "file", found: "a file that cannot be read", expected: `UTF-8 ${kind} of id,probability` },
    ];
  } finally {
    await database.run("SET preserve_insertion_order = false");
  }
  const flaws: Flaw[] = [];
  for (const { column, query, expected, noun } of FLAW_QUERIES) {
    const [row] = await database.rows(query);
    const count = toCount(row?.[0]);
    if (count === 0) continue;
    const more = count === 1 ? "" : ` (and ${count - 1} more)`;
    const found = `${noun} ${quoted(toText(row?.[2]))}${more}`;
    flaws.push({ line: toCount(row?.[1]) + 1, column, found, expected });
  }
  return flaws;
}

const FLAW_QUERIES = [
  {
    column: "id",
    noun: "missing id",
    expected: "every validation, test and live id",
    query: "SELECT count(*), 0, min(id) FROM target WHERE id NOT IN (SELECT id FROM flawed WHERE id IS NOT NULL)",
  },
  {
    column: "id",
    noun: "unknown id",
    expected: "only ids of the targets",
    query: `SELECT count(*), CAST(coalesce(min(line), 0) AS INTEGER), arg_min(coalesce(id, ''), line)
      FROM flawed WHERE id IS NULL OR id NOT IN (SELECT id FROM target)`,
  },
  {
    column: "id",
    noun: "repeated id",
    expected: "each id once",
    query: `SELECT count(*), CAST(coalesce(min(line), 0) AS INTEGER), arg_min(coalesce(id, ''), line)
      FROM (SELECT *, row_number() OVER (PARTITION BY id ORDER BY line) AS nth FROM flawed) WHERE nth > 1`,
  },
  {
    column: "probability",
    noun: "probability",
    expected: "a number above 0 and below 1",
    query: `SELECT count(*), CAST(coalesce(min(line), 0) AS INTEGER), arg_min(coalesce(text, ''), line)
      FROM flawed WHERE p IS NULL OR NOT (p > 0 AND p < 1)`,
  },
];

/** The flaws of a file as one sentence for the score file. */
export function describeFlaws(file: string, flaws: readonly Flaw[]): string {
  const list = flaws.map(({ column, found, expected }) => `${column}: found ${found}, expected ${expected}`);
  return `${basename(file)} is invalid: ${list.join("; ")}`;
}

/** Adds the flaws of a file to the problems of a run that refuses them. */
export function addFlaws(problems: ProblemList, file: string, flaws: readonly Flaw[]): void {
  for (const flaw of flaws) problems.add({ file, ...flaw, remedy: "Have the predictions delivered again." });
}
