import { correlationAboveLimit, findCorrelated } from "./correlation.js";
import type { Database } from "./database.js";
import { distance, findSimilar } from "./distribution.js";
import { formatFraction } from "./fraction.js";

/** Whether a model differs from every one submitted earlier; if not, from which it does not, and by which rule. */
export type Originality =
  { originality: true } | { originality: false; rule: OriginalityRule; other: number; value: string };

export type OriginalityRule = "|r| > 0.95" | "KS < 0.005" | "KS <= 0.03";

/** Kolmogorov–Smirnov statistic, in per cent, up to which one other model is too many. */
const SIMILAR_PERCENT = 3n;
/** One over the statistic below which any other model is a copy: 1 / 0.005. */
const COPY_RECIPROCAL = 200n;

/**
 * Originality of submissions in the table `prediction`, each against all earlier ones over all rows.
 * @param entries Numbers of the submissions, ascending in order of submission.
 * @param rowCount Rows of each submission.
 * @returns By number of the submission; of several earlier models it names the earliest that is too close.
 */
export async function measureOriginality(
  database: Database,
  entries: readonly number[],
  rowCount: number,
  onDone: (done: number) => void,
): Promise<Map<number, Originality>> {
  const correlated = await findCorrelated(database, entries, onDone);
  const similar = await findSimilar(database, Math.max(entries.length, 1), rowCount, SIMILAR_PERCENT);
  const result = new Map<number, Originality>();
  for (const entry of entries) {
    const candidates = { correlated: correlated.get(entry) ?? NONE, similar: similar.get(entry) ?? NONE };
    result.set(entry, await compareWithEarlier(database, entry, candidates, rowCount));
  }
  return result;
}

const NONE: ReadonlySet<number> = new Set();

async function compareWithEarlier(
  database: Database,
  entry: number,
  { correlated, similar }: { correlated: ReadonlySet<number>; similar: ReadonlySet<number> },
  rowCount: number,
): Promise<Originality> {
  const rows = BigInt(rowCount);
  for (const other of [...new Set([...correlated, ...similar])].toSorted((a, b) => a - b)) {
    const r = correlated.has(other) ? await correlationAboveLimit(database, other, entry) : undefined;
    if (r !== undefined) return { originality: false, rule: "|r| > 0.95", other, value: r };
    if (!similar.has(other)) continue;
    const steps = await distance(database, other, entry);
    const value = formatFraction({ numerator: steps, denominator: rows });
    if (steps * COPY_RECIPROCAL < rows) return { originality: false, rule: "KS < 0.005", other, value };
    if (steps * 100n <= SIMILAR_PERCENT * rows) return { originality: false, rule: "KS <= 0.03", other, value };
  }
  return { originality: true };
}
