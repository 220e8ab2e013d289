import type { JS } from "@duckdb/node-api";
import { NumeraireError } from "../../../sdk/numeraire-error.js";
import { type Database, toCount } from "./database.js";
import { columnNames, sqlName, tabularSource } from "./tabular-source.js";

/** Where k-means starts is drawn with this seed, so that everybody gets the same clusters. */
const SEED = 42;

/**
 * Sets the cluster of every row of `target` by k-means over its features, each scaled to 0–1 by its extremes (which,
 * unlike a mean, are the same in whatever order rows come).
 * @param features CSV or Parquet of `id` and numeric columns.
 * @throws {NumeraireError} when a row has no features, a feature is no number, or there are fewer rows than clusters.
 */
export async function clusterFeatures(database: Database, features: string, clusters: number): Promise<void> {
  const source = tabularSource(features);
  const columns = await columnNames(database, source);
  if (!columns.includes("id")) {
    throw new NumeraireError(`${features}: found no column id, expected id and numeric columns`, {
      hint: "Add the column.",
    });
  }
  const names = columns.filter((name) => name !== "id");
  const values = names.map((name) => `TRY_CAST(f.${sqlName(name)} AS DOUBLE)`);
  const rows = await database.rows(`WITH value AS (SELECT t.row, ${values.map((sql, i) => `${sql} AS v${i}`).join(", ")}
      FROM target t LEFT JOIN ${source} f ON CAST(f.id AS VARCHAR) = t.id)
    SELECT row, ${names.map((_, i) => scaled(`v${i}`)).join(", ")} FROM value ORDER BY row`);
  const points = rows.map(([, ...point]) => point.filter(isFiniteNumber));
  const [count] = await database.rows("SELECT count(*) FROM target");
  const flawed = points.filter((point) => point.length !== names.length).length;
  const repeated = points.length - toCount(count?.[0]);
  if (names.length === 0 || flawed > 0 || repeated > 0 || points.length < clusters) {
    throw new NumeraireError(
      `${features}: found ${names.length} features, ${flawed} of ${points.length} rows without a number in each, ` +
        `${repeated} repeated ids, expected every id once, with numbers, and at least ${clusters} rows for as many clusters`,
      { hint: "Give every validation, test and live row once, with a number in every column beside id." },
    );
  }
  // The library is a third of what starting the program loads, and hardly any run clusters.
  const { kmeans } = await import("ml-kmeans");
  const { clusters: assigned } = kmeans(points, clusters, { seed: SEED });
  // the list is in order of row; SQL lists count from 1
  await database.run(`UPDATE target SET cluster = (CAST([${assigned.join(",")}] AS INTEGER[]))[row + 1]`);
}

function isFiniteNumber(value: JS): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

function scaled(column: string): string {
  const least = `min(${column}) OVER ()`;
  const range = `(max(${column}) OVER () - ${least})`;
  return `CASE WHEN ${range} = 0 AND ${column} IS NOT NULL THEN 0 ELSE (${column} - ${least}) / ${range} END`;
}
