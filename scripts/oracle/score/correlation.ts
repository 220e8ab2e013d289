import { type Database, toBigint, toCount } from "./database.js";
import { formatFraction } from "./fraction.js";

/** Submissions compared with as many others by one statement: bounds the memory that it takes. */
const BLOCK = 32;
/** |r| > 0.95, squared. */
const LIMIT_SQUARED = { numerator: 9025n, denominator: 10_000n };
/** A little below 0.95, by more than the doubles that candidates are found with can be wrong. */
const CANDIDATE = 0.949_99;

/** Probabilities are compared as whole numbers of 1e-9, whose sums are exact. */
const X = "CAST(round(p * 1e9) AS BIGINT)";

/**
 * Finds the pairs of submissions that may have |Pearson r| > 0.95, by sums of doubles: no such pair is missed, whatever
 * order the sums are taken in.
 * @param entries Numbers of the submissions, ascending.
 * @returns Earlier submissions by the later one.
 */
export async function findCorrelated(
  database: Database,
  entries: readonly number[],
  onDone: (done: number) => void,
): Promise<Map<number, Set<number>>> {
  const blocks = await createBlocks(database, entries);
  const pairs = blocks.flatMap((later, index) => blocks.slice(0, index + 1).map((earlier) => ({ later, earlier })));
  await database.run("CREATE TABLE correlated (later INTEGER, earlier INTEGER)");
  // a difference and not a comparison, which would be taken for a join and copy what it joins
  await database.runEach(
    pairs,
    ({ later, earlier }) => `INSERT INTO correlated SELECT b.entry, a.entry FROM ${earlier} a CROSS JOIN ${later} b
      WHERE a.entry - b.entry < 0 AND a.norm > 0 AND b.norm > 0
        AND abs(list_dot_product(a.deviations, b.deviations)) >= ${CANDIDATE} * a.norm * b.norm`,
    (_, error) => {
      throw error;
    },
    (done) => {
      onDone(Math.floor((done * entries.length) / pairs.length));
    },
  );
  const found = await database.rows("SELECT later, earlier FROM correlated");
  for (const table of ["correlated", ...blocks]) await database.run(`DROP TABLE ${table}`);
  const correlated = new Map<number, Set<number>>();
  for (const [later, earlier] of found) {
    const entry = toCount(later);
    correlated.set(entry, (correlated.get(entry) ?? new Set()).add(toCount(earlier)));
  }
  return correlated;
}

/** Tables of submissions, each with its deviations from its mean as one list in order of row. */
async function createBlocks(database: Database, entries: readonly number[]): Promise<string[]> {
  const tables: string[] = [];
  for (let from = 0; from < entries.length; from += BLOCK) {
    const table = `block_${from}`;
    const chosen = `entry IN (${entries.slice(from, from + BLOCK).join(", ")})`;
    await database.run(`CREATE TABLE ${table} AS
      WITH mean AS (SELECT entry, CAST(sum(${X}) AS DOUBLE) / count(*) AS mean FROM prediction
          WHERE ${chosen} GROUP BY entry),
        deviation AS (SELECT entry, list(${X} - mean ORDER BY row) AS deviations
          FROM prediction JOIN mean USING (entry) WHERE ${chosen} GROUP BY entry)
      SELECT entry, deviations, sqrt(list_dot_product(deviations, deviations)) AS norm FROM deviation`);
    tables.push(table);
  }
  return tables;
}

/**
 * Pearson r of two submissions if |r| > 0.95, exact; a constant has no r and is correlated with nothing.
 * @returns r with twelve decimals, rounded towards zero.
 */
export async function correlationAboveLimit(database: Database, a: number, b: number): Promise<string | undefined> {
  const [row] = await database.rows(`
    WITH a AS (SELECT row, ${X} AS x FROM prediction WHERE entry = ${a}),
      b AS (SELECT row, ${X} AS y FROM prediction WHERE entry = ${b})
    SELECT count(*), sum(x), sum(y), sum(x * x), sum(y * y), sum(x * y) FROM a JOIN b USING (row)`);
  const [n = 0n, x = 0n, y = 0n, xx = 0n, yy = 0n, xy = 0n] = (row ?? []).map(toBigint);
  const covariance = n * xy - x * y;
  const variances = (n * xx - x * x) * (n * yy - y * y);
  const isAbove = covariance * covariance * LIMIT_SQUARED.denominator > LIMIT_SQUARED.numerator * variances;
  if (variances === 0n || !isAbove) return undefined;
  const r = squareRoot((covariance * covariance * ROOT_UNIT * ROOT_UNIT) / variances);
  return `${covariance < 0n ? "-" : ""}${formatFraction({ numerator: r, denominator: ROOT_UNIT })}`;
}

/** One over the unit that r is computed in. */
const ROOT_UNIT = 10n ** 12n;

/** Integer square root, rounded down, by Newton's method. */
function squareRoot(value: bigint): bigint {
  if (value < 2n) return value;
  let root = 1n << BigInt(Math.ceil(value.toString(2).length / 2));
  for (let next = (root + value / root) >> 1n; next < root; next = (root + value / root) >> 1n) root = next;
  return root;
}
