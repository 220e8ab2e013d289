import type { Model } from "./model.js";
import { noise } from "./noise.js";

/**
 * Says the training days' share of rises every day: hard to beat and without any insight.
 *
 * @param spread Most that noise moves a prediction, as a probability; a constant would have no distribution to compare.
 */
export function baseRate(name: string, { spread, seed }: { spread: number; seed: number }): Model {
  return {
    name,
    fit(rows) {
      const rises = rows.reduce((sum, row) => sum + row.target, 0);
      const share = (rises + 1) / (rows.length + 2);
      return (features) => share + spread * noise(seed, features);
    },
  };
}
