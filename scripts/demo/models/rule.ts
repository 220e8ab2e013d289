import { featureColumns } from "./feature-columns.js";
import type { Model } from "./model.js";

/**
 * A rule of thumb that learns nothing: the higher one feature, the likelier a rise (or a fall).
 *
 * @param feature Name of the feature, a rank in (0, 1).
 * @param slope Change of the probability from the lowest rank to the highest; negative to bet against.
 */
export function rule(name: string, feature: string, slope: number): Model {
  const choose = featureColumns([feature]);
  return { name, fit: () => (row) => 0.5 + slope * ((choose(row)[0] ?? Number.NaN) - 0.5) };
}
