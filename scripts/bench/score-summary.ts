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

/** Headings of `scoreRows`. */
export const SCORE_HEAD = [
  "step",
  "oracle",
  "its processor time",
  "predictions a second",
  "reference",
  "its processor time",
  "times as long",
];

/** Cells by step: times of oracle and reference, predictions a second, and how many times as long the reference takes. */
export function scoreRows({ size, oracle, reference }: ScoreEvidence): string[][] {
  const steps = Object.entries(STEPS) as [ScoreStep, string][];
  const row = (name: string, pick: (times: Record<ScoreStep, number>) => number): string[] => {
    const [own, other] = [pick(oracle.seconds), pick(reference.seconds)];
    return [
      name,
      own.toFixed(1),
      pick(oracle.processorSeconds).toFixed(1),
      Math.round(predictionsOf(size) / own).toLocaleString("en"),
      other.toFixed(1),
      pick(reference.processorSeconds).toFixed(1),
      (other / own).toFixed(1),
    ];
  };
  const memory = (name: string, step: ScoreStep): string[] => [
    name,
    String(oracle.peakMiB[step]),
    "",
    "",
    String(reference.peakMiB[step]),
    "",
    (reference.peakMiB[step] / oracle.peakMiB[step]).toFixed(1),
  ];
  return [
    ...steps.map(([step, name]) => row(name, (times) => times[step])),
    row("all, s", total),
    memory("most memory up to log-loss, MiB", "accuracy"),
    memory("most memory, MiB", "originality"),
  ];
}

/** One line on a result. */
export function summarizeScore({ size, oracle, reference, broken }: ScoreEvidence): string {
  const verdict =
    broken.length === 0 ? "every promise holds, all measurements agree to 1e-9" : `${broken.length} broken`;
  const times = (total(reference.seconds) / total(oracle.seconds)).toFixed(1);
  return `${predictionsOf(size).toLocaleString("en")} predictions of ${size.models} models in ${size.format}, log-loss after ${oracle.seconds.accuracy.toFixed(1)} s, all after ${total(oracle.seconds).toFixed(1)} s, the reference takes ${times} times as long; ${verdict}`;
}

/** Rows of all models. */
function predictionsOf({ models, live, validation, test }: ScoreSize): number {
  return models * (live + validation + test);
}

function total(times: Record<ScoreStep, number>): number {
  return Object.values(times).reduce((sum, value) => sum + value, 0);
}
