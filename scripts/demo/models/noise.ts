import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** Steps that carry every bit of the seed into the generator's output. */
const BURN_IN = 8;

/**
 * Noise that depends on the row alone, so that predictions do not change with the order in which they are asked for.
 *
 * @param seed Distinguishes one model's noise from another's.
 * @param features Features of the row.
 * @returns Uniform number in [−1, 1).
 */
export function noise(seed: number, features: readonly number[]): number {
  let state = seed;
  for (const feature of features) {
    // multiplicative hash: every feature moves every bit
    state = Math.imul(state ^ Math.round(feature * 2 ** 30), 0x9e3779b1);
    state ^= state >>> 15;
  }
  const generator = xoroshiro128plus(state);
  for (let step = 0; step < BURN_IN; step++) generator.next();
  return 2 * uniformFloat64(generator) - 1;
}
