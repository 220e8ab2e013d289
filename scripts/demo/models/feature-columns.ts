import { NumeraireError } from "../../../sdk/numeraire-error.js";
import { FEATURE_NAMES } from "../features.js";

/**
 * Chooses features by name.
 *
 * @param names Some of `FEATURE_NAMES`.
 * @returns Function from all features of a row to the chosen ones, in the order of `names`.
 * @throws NumeraireError when a name is unknown.
 */
export function featureColumns(names: readonly string[]): (features: readonly number[]) => number[] {
  const indexes = names.map((name) => {
    const index = FEATURE_NAMES.indexOf(name);
    if (index < 0)
      throw new NumeraireError(`model: feature "${name}" is unknown, expected one of ${FEATURE_NAMES.join(", ")}`, {
        hint: "choose features that the market has",
      });
    return index;
  });
  return (features) => indexes.map((index) => features[index] ?? Number.NaN);
}
