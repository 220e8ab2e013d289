import { type Database, toBigint, toCount } from "./database.js";

/** Points of the grid on which all distributions are compared before any pair is compared exactly. */
const GRID_POINTS = 1024;
/** Every so many points, the first among them, are compared of all pairs; the others of those close on these. */
const STRIDE = 32;

/**
 * Finds the pairs of submissions whose Kolmogorov–Smirnov statistic may be at most `limit`: on a grid, two
 * distributions are never further apart than they are anywhere, so no such pair is missed.
 * @param rowCount Rows of each submission.
 * @param limit Greatest statistic wanted, in per cent.
 * @returns Earlier submissions by the later one.
 */
export async function findSimilar(
  database: Database,
  submissions: number,
  rowCount: number,
  limit: bigint,
): Promise<Map<number, Set<number>>> {
  // any grid is right; a sample of the predictions themselves tells them apart best
  await database.run(`CREATE TEMP TABLE grid AS SELECT list(DISTINCT p ORDER BY p) AS points FROM prediction
    WHERE row < ${Math.ceil(GRID_POINTS / submissions)}`);
  await database.run(`CREATE TEMP TABLE below AS
    WITH bins AS (SELECT entry, histogram(p, (SELECT points FROM grid)) AS counts FROM prediction GROUP BY entry),
      flat AS (SELECT entry, unnest(map_keys(counts)) AS point, unnest(map_values(counts)) AS count FROM bins)
    SELECT entry, CAST(sum(count) OVER sorted AS BIGINT) AS below, row_number() OVER sorted AS point
    FROM flat WINDOW sorted AS (PARTITION BY entry ORDER BY point)`);
  const isClose = `max(abs(a.below - b.below)) * 100 <= ${limit * BigInt(rowCount)}`;
  await database.run(`CREATE TEMP TABLE near AS SELECT a.entry AS earlier, b.entry AS later FROM below a JOIN below b
    ON a.point = b.point AND a.entry < b.entry WHERE a.point % ${STRIDE} = 1 AND b.point % ${STRIDE} = 1
    GROUP BY a.entry, b.entry HAVING ${isClose}`);
  const pairs = await database.rows(`SELECT later, earlier FROM near JOIN below a ON a.entry = earlier
    JOIN below b ON b.entry = later AND b.point = a.point GROUP BY later, earlier HAVING ${isClose}`);
  await database.run("DROP TABLE near; DROP TABLE below; DROP TABLE grid");
  const similar = new Map<number, Set<number>>();
  for (const [later, earlier] of pairs) {
    const entry = toCount(later);
    similar.set(entry, (similar.get(entry) ?? new Set()).add(toCount(earlier)));
  }
  return similar;
}

/**
 * Greatest difference between how many predictions of two submissions lie at or below any one value: their
 * Kolmogorov–Smirnov statistic times their number of rows, exact.
 */
export async function distance(database: Database, a: number, b: number): Promise<bigint> {
  // counts as doubles are exact, and faster to sum than integers
  const [row] = await database.rows(`
    WITH step AS (SELECT p, sum(CASE entry WHEN ${a} THEN 1.0::DOUBLE ELSE -1.0::DOUBLE END) AS step
        FROM prediction WHERE entry IN (${a}, ${b}) GROUP BY p),
      difference AS (SELECT sum(step) OVER (ORDER BY p) AS difference FROM step)
    SELECT CAST(max(abs(difference)) AS BIGINT) FROM difference`);
  return toBigint(row?.[0]);
}
