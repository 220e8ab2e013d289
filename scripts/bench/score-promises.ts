import type { ScoreCost } from "./score-process.js";
import type { ScoreSize } from "./score-data.js";
import type { ReferenceScore } from "./score-reference.js";

/** Most live predictions that the budget is for. */
const BUDGET_PREDICTIONS = 20_000_000;
/** Until log-loss and consistency of all models are known, files read and checked. */
const BUDGET_SECONDS = 5;
const BUDGET_MIB = 2_048;
/** Most that a measurement and the reference's may differ. */
const TOLERANCE = 1e-9;

export interface ScoreResult {
  size: ScoreSize;
  oracle: ScoreCost;
  reference: ScoreCost;
}

/** What a measured round does not keep of what is promised; empty when all holds. */
export function brokenScorePromises({ size, oracle, reference }: ScoreResult): string[] {
  const broken: string[] = [];
  const seconds = oracle.seconds.accuracy;
  const isBudgeted = size.models * size.live <= BUDGET_PREDICTIONS;
  if (isBudgeted && seconds > BUDGET_SECONDS) {
    broken.push(`log-loss and consistency took ${seconds.toFixed(1)} s, expected at most ${BUDGET_SECONDS}`);
  }
  const peak = oracle.peakMiB.originality;
  if (peak > BUDGET_MIB) broken.push(`scoring took ${peak} MiB, expected at most ${BUDGET_MIB}`);
  if (oracle.scores.length !== size.models || reference.scores.length !== size.models) {
    broken.push(`found ${oracle.scores.length} and ${reference.scores.length} scores, expected ${size.models}`);
  }
  const differences = oracle.scores.flatMap((score, index) => differing(index + 1, score, reference.scores[index]));
  return [...broken, ...differences];
}

/** Measurements of a model that are not the reference's. */
function differing(model: number, found: ReferenceScore, expected: ReferenceScore | undefined): string[] {
  if (expected === undefined) return [];
  const names = Object.keys(found) as (keyof ReferenceScore)[];
  return names
    .filter((name) => {
      const [a, b] = [found[name], expected[name]];
      return typeof a === "number" && typeof b === "number" ? !(Math.abs(a - b) <= TOLERANCE) : a !== b;
    })
    .map((name) => `model ${model}: found ${name} ${found[name]}, the reference ${expected[name]}`);
}
