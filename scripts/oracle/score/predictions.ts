import { NumeraireError } from "../../../sdk/numeraire-error.js";
import { type Database, toBigint, toCount } from "./database.js";
import { type Flaw, findExcess } from "./flaws.js";
import { type Layout, readLayouts } from "./layouts.js";
import { probabilitySql, readableId } from "./prediction-columns.js";
import { columnNames, sqlName, tabularSource } from "./tabular-source.js";
import type { Targets } from "./targets.js";

/** Predictions of one model, where they are to be read. */
export interface PredictionSource {
  /** Number of the submission, from 0, in order of submission. */
  entry: number;
  /** File named in messages. */
  file: string;
  /** SQL table expression of `id, probability`. */
  source: string;
  /** Where the file tells it. */
  layout?: Layout;
}

/** How each file of predictions is to be read; by itself it is read just as it is with others of its layout. */
export async function findSources(
  database: Database,
  files: readonly Pick<PredictionSource, "entry" | "file">[],
): Promise<PredictionSource[]> {
  const layouts = await readLayouts(
    database,
    files.map(({ file }) => file),
  );
  return files.map(({ entry, file }) => {
    const layout = layouts.get(file);
    return layout === undefined
      ? { entry, file, source: tabularSource(file) }
      : { entry, file, source: layout.sourceOf([file]), layout };
  });
}

/** Creates the table `prediction (entry, row, grp, y, p)` that every measurement reads; row is null for unknown ids. */
export async function createPredictions(database: Database): Promise<void> {
  await database.run("CREATE TABLE prediction (entry INTEGER, row INTEGER, grp INTEGER, y TINYINT, p DOUBLE)");
}

/** Files loaded by one statement: enough that finding the ids' rows is set up once for many. */
const BATCH = 64;

/**
 * Loads prediction files, each a model's. A file that cannot be read as a table is left out: its rows are missing.
 * @param targets What a file may hold; one that states more is not read at all.
 * @param onWarning Told why a file cannot be read, in the words of the database.
 * @returns What is wrong with each file that was not read, by number of the submission.
 */
export async function loadPredictions(
  database: Database,
  sources: readonly PredictionSource[],
  targets: Targets,
  onWarning: (text: string) => void,
  onDone: (done: number) => void,
): Promise<Map<number, Flaw[]>> {
  const excess = new Map<number, Flaw[]>();
  const alike = new Map<string, { layout: Layout; members: PredictionSource[] }>();
  const alone: PredictionSource[] = [];
  for (const source of sources) {
    const { layout } = source;
    const flaws = layout === undefined ? [] : findExcess(layout, targets);
    if (flaws.length > 0) excess.set(source.entry, flaws);
    else if (layout === undefined) alone.push(source);
    else alike.set(layout.key, { layout, members: [...(alike.get(layout.key)?.members ?? []), source] });
  }
  let done = 0;
  for (const { layout, members } of alike.values()) {
    for (let from = 0; from < members.length; from += BATCH) {
      const batch = members.slice(from, from + BATCH);
      // one bad file fails its batch, whose files are then loaded one by one
      await database.run(batchInsertion(batch, layout, targets)).catch(() => alone.push(...batch));
      onDone((done += batch.length));
    }
  }
  await database.runEach(
    alone,
    ({ entry, source }) => insertion(source, String(entry), targets),
    ({ file }, error) => {
      onWarning(`${file}: ${error instanceof Error ? error.message : String(error)}`);
    },
    () => undefined,
  );
  onDone(sources.length);
  return excess;
}

function batchInsertion(batch: readonly PredictionSource[], layout: Layout, targets: Targets): string {
  const entries = batch.map(({ entry }) => entry).join(", ");
  const source = layout.sourceOf(batch.map(({ file }) => file));
  // SQL lists count from 1
  return insertion(source, `([${entries}])[CAST(file_index AS BIGINT) + 1]`, targets);
}

function insertion(source: string, entry: string, targets: Targets): string {
  return `INSERT INTO prediction SELECT s.entry, t.row, t.grp, t.y, s.p
    FROM (SELECT ${entry} AS entry, ${readableId(targets.longestId)} AS id, ${probabilitySql()} AS p FROM ${source}) s
    LEFT JOIN target t ON t.id = s.id`;
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
