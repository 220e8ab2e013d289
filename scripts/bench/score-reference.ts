/** Rows of a round as columns, each with one value a row. */
export interface ReferenceRows {
  dataType: readonly string[];
  era: readonly string[];
  /** 0 or 1; NaN where it is not known. */
  target: Float64Array;
  cluster: readonly string[];
}

/** What the reference finds of one model. */
export interface ReferenceScore {
  logloss: number;
  consistency: number;
  concordanceValue: number;
  originalityRule: string;
  /** Index of the earlier model that is too close; -1 for none. */
  originalityOther: number;
  originalityValue: number;
}

/** More than the mean of a coin's losses may fall below ln 2 by rounding. */
const COIN = 1e-13;

/** Log-loss over live rows and per cent of validation eras below ln 2, as with whole columns of numpy. */
export function referenceAccuracy(
  { dataType, era, target }: ReferenceRows,
  p: Float64Array,
): Pick<ReferenceScore, "logloss" | "consistency"> {
  const sums = new Map<string, { loss: number; rows: number }>();
  for (let row = 0; row < p.length; row += 1) {
    if (dataType[row] === "test") continue;
    const name = dataType[row] === "live" ? "" : `era ${era[row] ?? ""}`;
    let sum = sums.get(name);
    if (sum === undefined) sums.set(name, (sum = { loss: 0, rows: 0 }));
    const ofOutcome = target[row] === 1 ? (p[row] ?? NaN) : 1 - (p[row] ?? NaN);
    sum.loss -= Math.log(Math.min(1 - 1e-15, Math.max(1e-15, ofOutcome)));
    sum.rows += 1;
  }
  const live = sums.get("") ?? { loss: NaN, rows: 1 };
  const eras = [...sums].filter(([name]) => name !== "");
  const better = eras.filter(([, { loss, rows }]) => loss / rows < Math.LN2 - COIN);
  return { logloss: live.loss / live.rows, consistency: Math.floor((100 * better.length) / eras.length) };
}

/** Mean over the clusters of the largest Kolmogorov–Smirnov statistic between two data types. */
export function referenceConcordance({ dataType, cluster }: ReferenceRows, p: Float64Array): number {
  const samples = new Map<string, Map<string, number[]>>();
  for (let row = 0; row < p.length; row += 1) {
    const name = cluster[row] ?? "";
    const types = samples.get(name) ?? new Map<string, number[]>();
    if (types.size === 0) samples.set(name, types);
    const type = dataType[row] ?? "";
    const sample = types.get(type);
    if (sample === undefined) types.set(type, [p[row] ?? NaN]);
    else sample.push(p[row] ?? NaN);
  }
  const largest = [...samples.values()].map((types) => {
    const sorted = [...types.values()].map((sample) => Float64Array.from(sample).sort());
    const pairs = sorted.flatMap((a, i) => sorted.slice(0, i).map((b) => kolmogorovSmirnov(a, b)));
    return Math.max(0, ...pairs);
  });
  return largest.reduce((sum, value) => sum + value, 0) / largest.length;
}

/** Each model's first earlier one that it is too close to, and by which rule. */
export function referenceOriginality(
  models: readonly Float64Array[],
): Pick<ReferenceScore, "originalityRule" | "originalityOther" | "originalityValue">[] {
  const centred = models.map((p) => {
    const mean = p.reduce((sum, value) => sum + value, 0) / p.length;
    return p.map((value) => value - mean);
  });
  const norms = centred.map((values) => Math.sqrt(dot(values, values)));
  const sorted = models.map((p) => p.toSorted());
  return models.map((_, later) => {
    for (let other = 0; other < later; other += 1) {
      const [a, b, x, y] = [centred[later], centred[other], sorted[later], sorted[other]];
      if (a === undefined || b === undefined || x === undefined || y === undefined) break;
      const r = dot(a, b) / ((norms[later] ?? NaN) * (norms[other] ?? NaN));
      const found = (rule: string, value: number) => {
        return { originalityRule: rule, originalityOther: other, originalityValue: value };
      };
      if (Math.abs(r) > 0.95) return found("|r| > 0.95", r);
      const distance = kolmogorovSmirnov(x, y, 0.03);
      if (distance < 0.005) return found("KS < 0.005", distance);
      if (distance <= 0.03) return found("KS <= 0.03", distance);
    }
    return { originalityRule: "", originalityOther: -1, originalityValue: 0 };
  });
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

/**
 * Two-sample Kolmogorov–Smirnov statistic of sorted samples.
 * @param enough Stops once it is known to be greater.
 */
function kolmogorovSmirnov(a: Float64Array, b: Float64Array, enough = 1): number {
  let [i, j, largest] = [0, 0, 0];
  while (i < a.length && j < b.length && largest <= enough) {
    const [x, y] = [a[i] ?? 0, b[j] ?? 0];
    const value = Math.min(x, y);
    while (i < a.length && a[i] === value) i += 1;
    while (j < b.length && b[j] === value) j += 1;
    largest = Math.max(largest, Math.abs(i / a.length - j / b.length));
  }
  return largest;
}
