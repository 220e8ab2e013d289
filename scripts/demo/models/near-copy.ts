import type { Model } from "./model.js";
import { noise } from "./noise.js";

/**
 * Another model's predictions, blurred a little in the hope that nobody notices.
 *
 * @param source Model that is copied.
 * @param blur Most that noise moves a prediction, as a probability of at most 0.25.
 */
export function nearCopy(name: string, source: Model, { blur, seed }: { blur: number; seed: number }): Model {
  return {
    name,
    fit(rows) {
      const predict = source.fit(rows);
      return (features) => {
        const original = predict(features);
        // scaled by what is left to either side, so that it stays a probability
        return original + blur * noise(seed, features) * Math.min(1, 4 * original * (1 - original));
      };
    },
  };
}
