/** Longest pause, in milliseconds. */
const LONGEST = 15 * 60_000;

/**
 * Milliseconds to leave something alone after it failed.
 * @param failures Times it failed in a row, from 1.
 * @param interval Milliseconds after the first failure; each further one doubles it.
 */
export function backOff(failures: number, interval: number): number {
  return Math.min(LONGEST, interval * 2 ** Math.min(failures - 1, 20));
}
