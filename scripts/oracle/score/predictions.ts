import { basename } from "node:path";
import { NumeraireError } from "../../../sdk/numeraire-error.js";
import { type ProblemList, quoted } from "../../terminal/problem-list.js";
import { type Database, toBigint, toCount, toText } from "./database.js";
import { columnNames, sqlName, tabularSource } from "./tabular-source.js";

/** Predictions of one model, where they are to be read. */
export interface PredictionSource {
  /** Number of the submission, from 0, in order of submission. */
  entry: number;
  /** File named in messages. */
  file: string;
  /** SQL table expression of `id, probability`. */
  source: string;
}

/** What is wrong with a prediction file: the first row of a kind, and how many more there are. */
export interface Flaw {
  line: number;
  column: string;
  found: string;
  expected: string;
}

/** Creates the table `prediction (entry, row, grp, y, p)` that every measurement reads; row is null for unknown ids. */
export async function createPredictions(database: Database): Promise<void> {
  await database.run("CREATE TABLE prediction (entry INTEGER, row INTEGER, grp INTEGER, y TINYINT, p DOUBLE)");
}

/** Files loaded by one statement: enough that finding the ids' rows is set up once for many. */
const BATCH = 32;

/**
 * Loads prediction files, each a model's. A file that cannot be read as a table is left out: its rows are missing.
 * @param onWarning Told why a file cannot be read, in the words of the database.
 */
export async function loadPredictions(
  database: Database,
  sources: readonly PredictionSource[],
  onWarning: (text: string) => void,
  onDone: (done: number) => void,
): Promise<void> {
  const batches: PredictionSource[][] = [];
  for (let from = 0; from < sources.length; from += BATCH) batches.push(sources.slice(from, from + BATCH));
  // one bad file fails its batch, whose files are then loaded one by one
  const failed: PredictionSource[] = [];
  await database.runEach(
    batches,
    insertion,
    (batch) => failed.push(...batch),
    (done) => {
      onDone(Math.min(done * BATCH, sources.length));
    },
  );
  await database.runEach(
    failed,
    (source) => insertion([source]),
    ({ file }, error) => {
      onWarning(`${file}: ${error instanceof Error ? error.message : String(error)}`);
    },
    () => undefined,
  );
}

function insertion(sources: readonly PredictionSource[]): string {
  const tables = sources.map(
    ({ entry, source }) => `SELECT ${entry} AS entry, CAST(id AS VARCHAR) AS id,
      TRY_CAST(probability AS DOUBLE) AS p FROM ${source}`,
  );
  return `INSERT INTO prediction SELECT s.entry, t.row, t.grp, t.y, s.p
    FROM (${tables.join(" UNION ALL ")}) s LEFT JOIN target t ON t.id = s.id`;
}

/** Models of one file with a column `model_id` or `model`, in order of model id, and how to read each. */
export async function loadCombinedPredictions(
  database: Database,
  file: string,
): Promise<{ modelIds: bigint[]; sources: PredictionSource[] }> {
  const source = tabularSource(file);
  const columns = await columnNames(database, source);
  const column = ["model_id", "model"].find((name) => columns.includes(name));
  const missing = ["id", "probability"].filter((name) => !columns.includes(name));
  if (column === undefined || missing.length > 0) {
    throw new NumeraireError(
      `${file}: found the columns ${columns.join(", ")}, expected model_id, id and probability`,
      {
        hint: "Add the missing columns, or name a folder of files, one a model.",
      },
    );
  }
  const model = sqlName(column);
  await database.run(`CREATE TABLE entry AS
    SELECT CAST(row_number() OVER (ORDER BY model NULLS FIRST) - 1 AS INTEGER) AS entry, model
    FROM (SELECT DISTINCT TRY_CAST(${model} AS UBIGINT) AS model FROM ${source})`);
  const models = await database.rows("SELECT model FROM entry ORDER BY entry");
  const isFlawed = models.some(([id]) => id === null || id === 0n);
  if (models.length === 0 || isFlawed) {
    const found = models.length === 0 ? "no rows" : "a model that is no number from 1";
    throw new NumeraireError(`${file}: found ${found}, expected the number of a model in every row of ${column}`, {
      hint: "Look the numbers up in ModelRegistered.",
    });
  }
  const modelIds = models.map(([id]) => toBigint(id));
  await database.run(`INSERT INTO prediction SELECT e.entry, t.row, t.grp, t.y, TRY_CAST(s.probability AS DOUBLE)
    FROM ${source} s JOIN entry e ON e.model = CAST(s.${model} AS UBIGINT)
    LEFT JOIN target t ON t.id = CAST(s.id AS VARCHAR)`);
  const sources = modelIds.map((modelId, entry) => ({
    entry,
    file,
    source: `(SELECT id, probability FROM ${source} WHERE CAST(${model} AS UBIGINT) = ${modelId})`,
  }));
  return { modelIds, sources };
}

/**
 * Submissions whose predictions cover the tournament's ids exactly, each once with a probability inside (0, 1).
 * The rows of the others are deleted.
 * @param rowCount Ids of the tournament.
 */
export async function keepValid(database: Database, rowCount: number): Promise<Set<number>> {
  // one bit an id tells repeated ids from missing ones without remembering them all
  const valid = await database.rows(`SELECT entry FROM prediction GROUP BY entry
    HAVING count(*) = ${rowCount} AND count(row) = ${rowCount} AND count_if(p > 0 AND p < 1) = ${rowCount}
      AND bit_count(bitstring_agg(row, 0, ${rowCount - 1})) = ${rowCount}`);
  const entries = new Set(valid.map(([entry]) => toCount(entry)));
  const [loaded] = await database.rows("SELECT count(DISTINCT entry) FROM prediction");
  if (toCount(loaded?.[0]) > entries.size) {
    await database.run(`DELETE FROM prediction WHERE entry NOT IN (${[-1, ...entries].join(", ")})`);
  }
  return entries;
}

/** Everything that is wrong with a file that `keepValid` did not keep, the same on every machine. */
export async function findFlaws(database: Database, { file, source }: PredictionSource): Promise<Flaw[]> {
  const columns = await columnNames(database, source).catch(() => undefined);
  const missing = ["id", "probability"].filter((name) => columns?.includes(name) === false);
  if (missing.length > 0) {
    return missing.map((column) => ({ line: 1, column, found: "no such column", expected: "this column" }));
  }
  try {
    // in the order of the file, for the sake of line numbers
    await database.run("SET preserve_insertion_order = true");
    await database.run(`CREATE OR REPLACE TEMP TABLE flawed AS SELECT row_number() OVER () AS line,
      CAST(id AS VARCHAR) AS id, CAST(probability AS VARCHAR) AS text, TRY_CAST(probability AS DOUBLE) AS p
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
