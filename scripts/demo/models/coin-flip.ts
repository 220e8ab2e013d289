import type { Model } from "./model.js";
import { noise } from "./noise.js";

/**
 * Tosses a coin for every day and believes in it.
 *
 * @param conviction Most that a prediction is away from one half, as a probability below 0.5.
 */
export function coinFlip(name: string, { conviction, seed }: { conviction: number; seed: number }): Model {
  return { name, fit: () => (features) => 0.5 + conviction * noise(seed, features) };
}
