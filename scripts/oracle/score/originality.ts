import { type CorrelatedPairs, findCorrelated } from "./correlation.js";
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
  const correlated = await findCorrelated(database, entries, rowCount, onDone);
  const similar = await findSimilar(database, Math.max(entries.length, 1), rowCount, SIMILAR_PERCENT);
  const result = new Map<number, Originality>();
  for (const [index, entry] of entries.entries()) {
    const earlier = entries.slice(0, index);
    result.set(entry, await compareWithEarlier(database, entry, earlier, rowCount, correlated, similar.get(entry)));
  }
  return result;
}

async function compareWithEarlier(
  database: Database,
  entry: number,
  earlier: readonly number[],
  rowCount: number,
  correlated: CorrelatedPairs,
  similar: ReadonlySet<number> | undefined,
): Promise<Originality> {
  const rows = BigInt(rowCount);
  for (const other of earlier) {
    const r = correlated.get(entry)?.get(other);
    if (r !== undefined) return { originality: false, rule: "|r| > 0.95", other, value: r };
    if (similar?.has(other) !== true) continue;
    const steps = await distance(database, other, entry);
    const value = formatFraction({ numerator: steps, denominator: rows });
    if (steps * COPY_RECIPROCAL < rows) return { originality: false, rule: "KS < 0.005", other, value };
    if (steps * 100n <= SIMILAR_PERCENT * rows) return { originality: false, rule: "KS <= 0.03", other, value };
  }
  return { originality: true };
}
