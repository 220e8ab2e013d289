import { NumeraireError } from "../../../sdk/numeraire-error.js";
import { ProblemList, quoted } from "../../terminal/problem-list.js";
import { type Database, toCount, toText } from "./database.js";
import { clusterFeatures } from "./cluster-features.js";
import { columnNames, sqlName, tabularSource } from "./tabular-source.js";

/** Groups of rows whose log-loss is summed: live, test, then one an era of validation. */
export const LIVE_GROUP = 0;
export const TEST_GROUP = 1;

export interface TargetOptions {
  /** CSV or Parquet `id,era,data_type,target[,cluster]`. */
  targets: string;
  /** CSV or Parquet of `id` and numeric columns, to make clusters of when the targets have none. */
  features?: string;
  /** How many clusters to make of the features. */
  clusters?: number;
}

export interface Targets {
  /** Rows of validation, test and live data: the ids that every prediction file must cover. */
  rowCount: number;
  /** Bytes of the longest of these ids. */
  longestId: number;
  /** Whether the clusters come from a column or from features; if not, all rows are one cluster. */
  clustered: boolean;
}

/**
 * Loads the table `target (row, id, data_type, grp, y, cluster)` of the tournament's rows, numbered in order of id.
 * @throws {NumeraireError} listing what is wrong with the file: the first row of each kind, and how many more.
 */
export async function loadTargets(database: Database, options: TargetOptions): Promise<Targets> {
  const { targets: file, features, clusters } = options;
  if ((features === undefined) !== (clusters === undefined)) {
    throw new NumeraireError(
      "Clusters: found either features or a number of clusters alone, expected both or neither",
      {
        hint: "Give --features with --clusters; leave both out when the targets have a column cluster.",
      },
    );
  }
  const source = tabularSource(file);
  const columns = await readColumns(database, file, source);
  const hasClusters = columns.includes("cluster");
  if (hasClusters && features !== undefined) {
    throw new NumeraireError(`${file}: found a column cluster and --features as well, expected one of them`, {
      hint: "Leave --features out, or drop the column.",
    });
  }
  // in file order, so that a problem can be given its line; targets are small beside the predictions
  await database.run("SET preserve_insertion_order = true");
  await database.run(`CREATE TABLE target_line AS SELECT row_number() OVER () AS line,
    CAST(${sqlName("id")} AS VARCHAR) AS id, CAST(era AS VARCHAR) AS era, CAST(data_type AS VARCHAR) AS data_type,
    CAST(target AS VARCHAR) AS target, TRY_CAST(target AS DOUBLE) AS y,
    ${hasClusters ? "CAST(cluster AS VARCHAR)" : "''"} AS cluster FROM ${source}`);
  await database.run("SET preserve_insertion_order = false");
  await refuseFlaws(database, file);
  await database.run(`CREATE TABLE target AS SELECT CAST(row_number() OVER (ORDER BY id) - 1 AS INTEGER) AS row, id,
    data_type, CAST(y AS TINYINT) AS y, CAST(dense_rank() OVER (ORDER BY cluster) AS INTEGER) AS cluster,
    CAST(CASE data_type WHEN 'live' THEN ${LIVE_GROUP} WHEN 'test' THEN ${TEST_GROUP}
      ELSE ${TEST_GROUP} + dense_rank() OVER (PARTITION BY data_type ORDER BY era) END AS INTEGER) AS grp
    FROM target_line WHERE data_type <> 'train'`);
  await database.run("DROP TABLE target_line");
  if (features !== undefined && clusters !== undefined) await clusterFeatures(database, features, clusters);
  const [size] = await database.rows("SELECT count(*), max(strlen(id)) FROM target");
  return {
    rowCount: toCount(size?.[0]),
    longestId: toCount(size?.[1]),
    clustered: hasClusters || features !== undefined,
  };
}

async function readColumns(database: Database, file: string, source: string): Promise<string[]> {
  const columns = await columnNames(database, source).catch((cause: unknown) => {
    throw new NumeraireError(`${file}: found no table that can be read, expected id,era,data_type,target`, {
      hint: "Check the path; write the file as CSV with a header, or as Parquet.",
      cause,
    });
  });
  const problems = new ProblemList();
  for (const column of ["id", "era", "data_type", "target"].filter((name) => !columns.includes(name))) {
    const remedy = "Add the column.";
    problems.add({ file, line: 1, column, found: "no such column", expected: "this column", remedy });
  }
  problems.throwIfAny();
  return columns;
}

/** Each kind of problem: which rows have it, and what should be there. */
const FLAWS = [
  { column: "id", where: "id IS NULL OR id = ''", expected: "an id", remedy: "Give each row its id." },
  {
    column: "id",
    where: "id IN (SELECT id FROM tournament GROUP BY id HAVING count(*) > 1)",
    expected: "each id once",
    remedy: "Keep the right row.",
  },
  {
    column: "data_type",
    where: "data_type IS NULL OR data_type NOT IN ('validation', 'test', 'live')",
    expected: "train, validation, test or live",
    remedy: "Correct the column.",
  },
  {
    column: "target",
    where:
      "CASE WHEN data_type = 'test' AND (target IS NULL OR target = '') THEN false ELSE y IS NULL OR y NOT IN (0, 1) END",
    expected: "0 or 1 (only test rows may have none)",
    remedy: "Score when every target is known.",
  },
  {
    column: "era",
    where: "data_type = 'validation' AND (era IS NULL OR era = '')",
    expected: "the era of a validation row",
    remedy: "Give each row its era.",
  },
  { column: "cluster", where: "cluster IS NULL", expected: "a cluster", remedy: "Give each row its cluster." },
];

async function refuseFlaws(database: Database, file: string): Promise<void> {
  const problems = new ProblemList();
  const tournament = "WITH tournament AS (SELECT * FROM target_line WHERE data_type IS DISTINCT FROM 'train')";
  for (const { column, where, expected, remedy } of FLAWS) {
    const [flaw] = await database.rows(`${tournament} SELECT count(*), CAST(coalesce(min(line), 0) AS INTEGER),
      arg_min(coalesce(${column}, ''), line) FROM tournament WHERE ${where}`);
    const count = toCount(flaw?.[0]);
    if (count === 0) continue;
    const value = toText(flaw?.[2]);
    const more = count === 1 ? "" : ` (and ${count - 1} more such rows)`;
    const found = `${value === "" ? "no value" : quoted(value)}${more}`;
    problems.add({ file, line: toCount(flaw?.[1]) + 1, column, found, expected, remedy });
  }
  for (const dataType of ["validation", "live"]) {
    const [count] = await database.rows(`SELECT count(*) FROM target_line WHERE data_type = '${dataType}'`);
    if (toCount(count?.[0]) > 0) continue;
    const found = `no ${dataType} rows`;
    const remedy = "Use the targets of the whole round.";
    problems.add({ file, line: 1, column: "data_type", found, expected: "at least one", remedy });
  }
  problems.throwIfAny();
}
