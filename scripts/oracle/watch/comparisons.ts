import type { Verdict } from "./round-view.js";

/**
 * What score files, attempts and closes were found to be: none of them changes, and comparing thousands of scores takes
 * seconds.
 */
export interface Comparisons {
  /** By round, attempt and score file. */
  verdicts: Map<string, Verdict>;
  /** Digest of a round's scores by round and score file; undefined where a file does not score every stake. */
  digests: Map<string, string | undefined>;
  /** Last block before each round's close. */
  closeBlocks: Map<bigint, number>;
}
