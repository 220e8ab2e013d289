import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";

import { DuckDBInstance } from "@duckdb/node-api";

import { NumeraireError } from "../../sdk/numeraire-error.js";
import type { Market, MarketRow } from "./market.js";

/** A column of a file: its name, DuckDB's type for it, and its text for a row (empty for null). */
interface Column {
  readonly name: string;
  readonly type: "VARCHAR" | "INTEGER" | "DOUBLE";
  readonly text: (row: MarketRow) => string;
}

const ID: readonly Column[] = [
  { name: "id", type: "VARCHAR", text: (row) => row.id },
  { name: "era", type: "VARCHAR", text: (row) => row.era },
  { name: "data_type", type: "VARCHAR", text: (row) => row.dataType },
];
const CLUSTER: Column = { name: "cluster", type: "INTEGER", text: (row) => String(row.cluster) };

/**
 * Writes what the oracle scores against: `id,era,data_type,target,cluster` of every row to be predicted (validation,
 * test and live), in the order of ids.
 *
 * @param path File to write; its extension, `.csv` or `.parquet`, is its format.
 * @throws NumeraireError on another extension.
 */
export async function writeTargets(market: Market, path: string): Promise<void> {
  const target: Column = { name: "target", type: "INTEGER", text: (row) => String(row.target) };
  const rows = market.rows.filter((row) => row.dataType !== "train");
  await writeTable(rows, [...ID, target, CLUSTER], path);
}

/**
 * Writes what competitors are given: every row with its features, `target` empty on test and live rows, no dates.
 *
 * @param path File to write; its extension, `.csv` or `.parquet`, is its format.
 * @throws NumeraireError on another extension.
 */
export async function writeTrainingData(market: Market, path: string): Promise<void> {
  const isKnown = (row: MarketRow): boolean => row.dataType === "train" || row.dataType === "validation";
  const target: Column = {
    name: "target",
    type: "INTEGER",
    text: (row) => (isKnown(row) ? String(row.target) : ""),
  };
  const features = market.featureNames.map((name, index): Column => ({
    name,
    type: "DOUBLE",
    text: (row) => (row.features[index] ?? Number.NaN).toFixed(9),
  }));
  await writeTable(market.rows, [...ID, target, CLUSTER, ...features], path);
}

async function writeTable(rows: readonly MarketRow[], columns: readonly Column[], path: string): Promise<void> {
  const format = extname(path);
  if (format !== ".csv" && format !== ".parquet") {
    throw new NumeraireError(`${path}: extension is "${format}", expected ".csv" or ".parquet"`, {
      hint: "name the file after the format it shall have",
    });
  }
  const header = columns.map((column) => column.name).join(",");
  const lines = rows.map((row) => columns.map((column) => column.text(row)).join(","));
  const csv = `${[header, ...lines].join("\n")}\n`;
  if (format === ".csv") await writeFile(path, csv);
  else await writeParquet(csv, columns, path);
}

async function writeParquet(csv: string, columns: readonly Column[], path: string): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), "numeraire-"));
  try {
    const source = join(directory, "table.csv");
    await writeFile(source, csv);
    const types = columns.map((column) => `${quoted(column.name)}: '${column.type}'`).join(", ");
    const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
    const connection = await instance.connect();
    try {
      await connection.run(
        `COPY (FROM read_csv(${quoted(source)}, header = true, columns = {${types}}))
         TO ${quoted(path)} (FORMAT parquet)`,
      );
    } finally {
      connection.closeSync();
      instance.closeSync();
    }
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** SQL string literal. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
