import type { ScoreData } from "./score-data.js";
import type { ReferenceScore } from "./score-reference.js";
import { runProgram } from "./run-program.js";

/** Who measures: the oracle's own scorer, or the reference without a database. */
export type ScoreEngine = "oracle" | "reference";

/** Steps of scoring; reading comes with the first, as no measurement is without it. */
export type ScoreStep = "accuracy" | "concordance" | "originality";

/** What measuring took, measured by the process that did nothing else. */
export interface ScoreCost {
  /** Seconds of each step on the clock. */
  seconds: Record<ScoreStep, number>;
  /** Processor time of each step, in seconds. */
  processorSeconds: Record<ScoreStep, number>;
  /** Most memory of the process up to the end of each step, in MiB. */
  peakMiB: Record<ScoreStep, number>;
  /** By model, in order of model. */
  scores: ReferenceScore[];
}

/** Measures in a process of its own, so that its memory is its own. */
export async function scoreInProcess(engine: ScoreEngine, data: ScoreData): Promise<ScoreCost> {
  return runProgram<ScoreCost>("score-once.ts", { engine, data });
}
