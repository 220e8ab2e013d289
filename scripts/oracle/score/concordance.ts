import { type Database, toBigint, toCount } from "./database.js";
import { type Fraction, compareFractions, formatFraction, largestFraction, meanFraction } from "./fraction.js";
import { LIVE_GROUP, TEST_GROUP } from "./targets.js";

/** Whether a model's predictions are distributed alike on validation, test and live rows. */
export interface Concordance {
  concordance: boolean;
  /** Mean over the clusters of the largest two-sample Kolmogorov–Smirnov statistic, twelve decimals, rounded down. */
  value: string;
}

const LIMIT: Fraction = { numerator: 12n, denominator: 100n };
/** Submissions sorted at once: bounds the memory that the sort takes. */
const BATCH = 16;

/**
 * Concordance of submissions in the table `prediction`. In a cluster, data types without rows are not compared; a
 * cluster with rows of one data type alone counts as 0.
 * @param entries Numbers of the submissions.
 * @returns By number of the submission.
 */
export async function measureConcordance(
  database: Database,
  entries: readonly number[],
  onDone: (done: number) => void,
): Promise<Map<number, Concordance>> {
  const sizes = await clusterSizes(database);
  const result = new Map<number, Concordance>();
  for (let from = 0; from < entries.length; from += BATCH) {
    const batch = entries.slice(from, from + BATCH);
    for (const [entry, statistics] of await measureBatch(database, batch, sizes)) {
      const mean = meanFraction(statistics);
      result.set(entry, { concordance: compareFractions(mean, LIMIT) < 0, value: formatFraction(mean) });
    }
    onDone(from + batch.length);
  }
  return result;
}

/** Rows of a cluster by data type. */
interface Sizes {
  validation: bigint;
  test: bigint;
  live: bigint;
}

async function clusterSizes(database: Database): Promise<Map<number, Sizes>> {
  await database.run(`CREATE TABLE cluster_size AS SELECT cluster,
    CAST(count_if(data_type = 'validation') AS BIGINT) AS nv, CAST(count_if(data_type = 'test') AS BIGINT) AS nt,
    CAST(count_if(data_type = 'live') AS BIGINT) AS nl FROM target GROUP BY cluster`);
  const rows = await database.rows("SELECT cluster, nv, nt, nl FROM cluster_size");
  return new Map(
    rows.map(([cluster, validation, test, live]) => [
      toCount(cluster),
      { validation: toBigint(validation), test: toBigint(test), live: toBigint(live) },
    ]),
  );
}

/** The largest statistic of each cluster, by submission. */
async function measureBatch(
  database: Database,
  entries: readonly number[],
  sizes: ReadonlyMap<number, Sizes>,
): Promise<Map<number, Fraction[]>> {
  // v, t and l count the rows at or below p (peers included). As doubles they are exact, and eight times as fast as
  // sums of integers; their differences are taken per cluster because the sizes of its samples are
  const rows = await database.rows(`
    WITH below AS (SELECT entry, cluster,
          CAST(sum(CAST(grp > ${TEST_GROUP} AS DOUBLE)) OVER sorted AS BIGINT) AS v,
          CAST(sum(CAST(grp = ${TEST_GROUP} AS DOUBLE)) OVER sorted AS BIGINT) AS t,
          CAST(sum(CAST(grp = ${LIVE_GROUP} AS DOUBLE)) OVER sorted AS BIGINT) AS l
        FROM (SELECT p.*, t.cluster FROM prediction p JOIN target t USING (row) WHERE entry IN (${entries.join(", ")}))
        WINDOW sorted AS (PARTITION BY entry, cluster ORDER BY p))
    SELECT entry, cluster, max(abs(v * nt - t * nv)), max(abs(v * nl - l * nv)), max(abs(t * nl - l * nt))
    FROM below JOIN cluster_size USING (cluster) GROUP BY entry, cluster`);
  const result = new Map<number, Fraction[]>(entries.map((entry) => [entry, []]));
  for (const [entry, cluster, validationTest, validationLive, testLive] of rows) {
    const size = sizes.get(toCount(cluster)) ?? { validation: 0n, test: 0n, live: 0n };
    const statistics = [
      { numerator: toBigint(validationTest), denominator: size.validation * size.test },
      { numerator: toBigint(validationLive), denominator: size.validation * size.live },
      { numerator: toBigint(testLive), denominator: size.test * size.live },
    ];
    const comparable = statistics.filter(({ denominator }) => denominator > 0n);
    result.get(toCount(entry))?.push(largestFraction(comparable));
  }
  return result;
}
