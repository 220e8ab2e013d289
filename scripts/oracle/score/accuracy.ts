import { MAX_LOGLOSS } from "../../../sdk/score-sheet.js";
import { type Database, toBigint, toCount } from "./database.js";
import { formatFraction } from "./fraction.js";
import { LIVE_GROUP, TEST_GROUP } from "./targets.js";

/** How well a model predicted. */
export interface Accuracy {
  /** Live log-loss in millionths, rounded down, capped at 1,048,575. */
  logloss: number;
  /** Live log-loss with twelve decimals, rounded down, not capped. */
  loglossValue: string;
  /** Per cent of validation eras whose log-loss is below ln 2, rounded down. */
  consistency: number;
}

/** Losses are summed as integers of 1e-12, so that the sum is the same in whatever order the rows come. */
const PICO = 1_000_000_000_000n;
const PICO_PER_MICRO = 1_000_000n;
/** ln 2 in 1e-12, rounded as each loss is: a constant 0.5 is never below it. */
const LN2_PICO = 693_147_180_560n;

const LOSS = `CAST(round(-ln(greatest(1e-15, least(1 - 1e-15, CASE WHEN y = 1 THEN p ELSE 1 - p END))) * 1e12) AS BIGINT)`;

/**
 * Live log-loss and consistency of every submission in the table `prediction`.
 * @returns By number of the submission.
 */
export async function measureAccuracy(database: Database): Promise<Map<number, Accuracy>> {
  const sums = await database.rows(`SELECT entry, grp, count(*), sum(${LOSS}) FROM prediction
    WHERE grp <> ${TEST_GROUP} GROUP BY entry, grp`);
  const groups = new Map<number, Group[]>();
  for (const [entry, group, rows, loss] of sums) {
    const key = toCount(entry);
    const sum = { group: toCount(group), rows: toBigint(rows), loss: toBigint(loss) };
    groups.set(key, [...(groups.get(key) ?? []), sum]);
  }
  return new Map([...groups].map(([entry, list]) => [entry, toAccuracy(list)]));
}

interface Group {
  group: number;
  rows: bigint;
  /** Sum of the losses, in 1e-12. */
  loss: bigint;
}

function toAccuracy(groups: readonly Group[]): Accuracy {
  const live = groups.find(({ group }) => group === LIVE_GROUP);
  if (live === undefined)
    throw new TypeError("found no live rows of a valid submission, expected those of the targets");
  const micro = live.loss / (live.rows * PICO_PER_MICRO);
  const eras = groups.filter(({ group }) => group > TEST_GROUP);
  const better = eras.filter(({ rows, loss }) => loss < rows * LN2_PICO);
  return {
    logloss: micro > BigInt(MAX_LOGLOSS) ? MAX_LOGLOSS : Number(micro),
    loglossValue: formatFraction({ numerator: live.loss, denominator: live.rows * PICO }),
    consistency: eras.length === 0 ? 0 : Math.floor((better.length * 100) / eras.length),
  };
}
