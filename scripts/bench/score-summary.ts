import type { ScoreSize } from "./score-data.js";
import type { ScoreCost, ScoreStep } from "./score-process.js";

/** A kept result of the scoring benchmark. */
export interface ScoreEvidence {
  size: ScoreSize;
  oracle: Omit<ScoreCost, "scores">;
  reference: Omit<ScoreCost, "scores">;
  /** Promises that did not hold, measurements that differ. */
  broken: string[];
}

const STEPS: Record<ScoreStep, string> = {
  accuracy: "read, check, log-loss and consistency, s",
  concordance: "concordance, s",
  originality: "originality against all earlier models, s",
};

/** Cells by step: the oracle's time, its predictions a second, the reference's time, how many times as long that is. */
export function scoreRows({ size, oracle, reference }: ScoreEvidence): string[][] {
  const steps = Object.entries(STEPS) as [ScoreStep, string][];
  const row = (name: string, own: number, other: number): string[] => [
    name,
    own.toFixed(1),
    Math.round(predictionsOf(size) / own).toLocaleString("en"),
    other.toFixed(1),
    (other / own).toFixed(1),
  ];
  const [own, other] = [total(oracle), total(reference)];
  return [
    ...steps.map(([step, name]) => row(name, oracle.seconds[step], reference.seconds[step])),
    row("all, s", own, other),
    ["processor time, s", oracle.processorSeconds.toFixed(1), "", reference.processorSeconds.toFixed(1), ""],
    ["most memory up to log-loss, MiB", String(oracle.peakMiB.accuracy), "", String(reference.peakMiB.accuracy), ""],
    ["most memory, MiB", String(oracle.peakMiB.originality), "", String(reference.peakMiB.originality), ""],
  ];
}

/** One line on a result. */
export function summarizeScore({ size, oracle, reference, broken }: ScoreEvidence): string {
  const verdict =
    broken.length === 0 ? "every promise holds, all measurements agree to 1e-9" : `${broken.length} broken`;
  const times = (total(reference) / total(oracle)).toFixed(1);
  return `${predictionsOf(size).toLocaleString("en")} predictions of ${size.models} models in ${size.format}, log-loss after ${oracle.seconds.accuracy.toFixed(1)} s, all after ${total(oracle).toFixed(1)} s, the reference takes ${times} times as long; ${verdict}`;
}

/** Rows of all models. */
function predictionsOf({ models, live, validation, test }: ScoreSize): number {
  return models * (live + validation + test);
}

function total({ seconds }: Omit<ScoreCost, "scores">): number {
  return Object.values(seconds).reduce((sum, value) => sum + value, 0);
}
