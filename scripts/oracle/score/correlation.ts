import { type Database, toBigint, toCount } from "./database.js";
import { formatMillionths } from "./fraction.js";

/** Pairs of submissions whose predictions move together. */
export type CorrelatedPairs = Map<number, Map<number, string>>;

/** Submissions side by side in one table: a block against another is one query of at most BLOCK² sums. */
const BLOCK = 32;
/** |r| > 0.95, squared. */
const LIMIT_SQUARED = { numerator: 9025n, denominator: 10_000n };

/** Sums over the rows of one submission, of probabilities in 1e-9. */
interface Moments {
  sum: bigint;
  squares: bigint;
}

/**
 * Finds the pairs with |Pearson r| > 0.95, exactly: probabilities are rounded to 1e-9 and their sums are integers. A
 * constant has no r and is correlated with nothing.
 * @param entries Numbers of the submissions, ascending.
 * @param rowCount Rows of each submission.
 * @returns r with six decimals, rounded towards zero, by the later submission and then the earlier.
 */
export async function findCorrelated(
  database: Database,
  entries: readonly number[],
  rowCount: number,
  onDone: (done: number) => void,
): Promise<CorrelatedPairs> {
  const moments = await readMoments(database);
  const blocks = await createBlocks(database, entries);
  const pairs: CorrelatedPairs = new Map();
  for (const [index, later] of blocks.entries()) {
    for (const earlier of blocks.slice(0, index + 1)) {
      for (const [b, a, products] of await sumProducts(database, later, earlier)) {
        const r = correlationAboveLimit(BigInt(rowCount), moments.get(a), moments.get(b), products);
        if (r !== undefined) pairs.set(b, (pairs.get(b) ?? new Map<number, string>()).set(a, r));
      }
    }
    onDone(Math.min((index + 1) * BLOCK, entries.length));
  }
  for (const { table } of blocks) await database.run(`DROP TABLE ${table}`);
  return pairs;
}

const X = "CAST(round(p * 1e9) AS BIGINT)";

async function readMoments(database: Database): Promise<Map<number, Moments>> {
  const rows = await database.rows(`SELECT entry, sum(${X}), sum(${X} * ${X}) FROM prediction GROUP BY entry`);
  return new Map(
    rows.map(([entry, sum, squares]) => [toCount(entry), { sum: toBigint(sum), squares: toBigint(squares) }]),
  );
}

interface Block {
  table: string;
  entries: readonly number[];
}

/** Tables with a column a submission, which multiply several times as fast as rows joined with rows. */
async function createBlocks(database: Database, entries: readonly number[]): Promise<Block[]> {
  const blocks: Block[] = [];
  for (let from = 0; from < entries.length; from += BLOCK) {
    const block = { table: `block_${from}`, entries: entries.slice(from, from + BLOCK) };
    const columns = block.entries.map((entry) => `max(CAST(${X} AS INTEGER)) FILTER (entry = ${entry}) AS x${entry}`);
    await database.run(`CREATE TABLE ${block.table} AS SELECT row, ${columns.join(", ")} FROM prediction
      WHERE entry IN (${block.entries.join(", ")}) GROUP BY row`);
    blocks.push(block);
  }
  return blocks;
}

/** Sums of products of every submission of a block with every earlier one of another (or the same) block. */
async function sumProducts(database: Database, later: Block, earlier: Block): Promise<[number, number, bigint][]> {
  const pairs = later.entries.flatMap((b) => earlier.entries.filter((a) => a < b).map((a): [number, number] => [b, a]));
  if (pairs.length === 0) return [];
  const sums = pairs.map(([b, a]) => `sum(CAST(later.x${b} AS BIGINT) * earlier.x${a})`);
  const [row] = await database.rows(
    `SELECT ${sums.join(", ")} FROM ${later.table} later JOIN ${earlier.table} earlier USING (row)`,
  );
  return pairs.map(([b, a], index) => [b, a, toBigint(row?.[index])]);
}

function correlationAboveLimit(
  n: bigint,
  a: Moments | undefined,
  b: Moments | undefined,
  products: bigint,
): string | undefined {
  if (a === undefined || b === undefined) return undefined;
  const covariance = n * products - a.sum * b.sum;
  const variances = (n * a.squares - a.sum * a.sum) * (n * b.squares - b.sum * b.sum);
  const isAbove = covariance * covariance * LIMIT_SQUARED.denominator > LIMIT_SQUARED.numerator * variances;
  if (variances === 0n || !isAbove) return undefined;
  const millionths = squareRoot((covariance * covariance * 1_000_000_000_000n) / variances);
  return `${covariance < 0n ? "-" : ""}${formatMillionths(millionths)}`;
}

/** Integer square root, rounded down, by Newton's method. */
function squareRoot(value: bigint): bigint {
  if (value < 2n) return value;
  let root = 1n << BigInt(Math.ceil(value.toString(2).length / 2));
  for (let next = (root + value / root) >> 1n; next < root; next = (root + value / root) >> 1n) root = next;
  return root;
}
