import type { MarketRow } from "./market.js";

/** How a model did on the validation rows: all that its owner knows when the round closes. */
export interface ValidationPerformance {
  /** Mean log-loss over all validation rows, in nats. */
  readonly logloss: number;
  /** Validation eras. */
  readonly eras: number;
  /** Eras whose mean log-loss is below ln 2. */
  readonly goodEras: number;
  /** Good eras in whole per cent, rounded down. */
  readonly consistency: number;
}

/**
 * Measures predictions on the validation rows; rows of other sets are not looked at.
 *
 * @param rows Rows of any sets, at least one of them of validation.
 * @param probabilities One probability a row, in the order of `rows`.
 */
export function validationPerformance(
  rows: readonly MarketRow[],
  probabilities: readonly number[],
): ValidationPerformance {
  const losses = new Map<string, number[]>();
  rows.forEach((row, index) => {
    if (row.dataType !== "validation") return;
    const probability = probabilities[index] ?? Number.NaN;
    const era = losses.get(row.era) ?? [];
    era.push(-Math.log(row.target === 1 ? probability : 1 - probability));
    losses.set(row.era, era);
  });
  const eras = [...losses.values()];
  const goodEras = eras.filter((era) => mean(era) < Math.LN2).length;
  return {
    logloss: mean(eras.flat()),
    eras: eras.length,
    goodEras,
    consistency: Math.floor((100 * goodEras) / eras.length),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
