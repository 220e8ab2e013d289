import path from "node:path";

import { readDeliveries } from "../oracle/score/deliveries.js";
import { scoreRound } from "../oracle/score/score-round.js";
import { reportFailure } from "../terminal/command-line.js";
import { readColumns } from "./read-columns.js";
import type { ScoreData } from "./score-data.js";
import type { ScoreCost, ScoreEngine, ScoreStep } from "./score-process.js";
import {
  referenceAccuracy,
  referenceConcordance,
  referenceOriginality,
  type ReferenceRows,
  type ReferenceScore,
} from "./score-reference.js";

// The process that score-process.ts starts: measures one round and prints what that took.
const { engine, data } = JSON.parse(process.argv[2] ?? "") as { engine: ScoreEngine; data: ScoreData };
const seconds = { accuracy: 0, concordance: 0, originality: 0 };
const processorSeconds = { accuracy: 0, concordance: 0, originality: 0 };
const peakMiB = { accuracy: 0, concordance: 0, originality: 0 };
let began = performance.now();
let used = process.cpuUsage();

/** Takes down what a step took when it ends, and begins the next. */
function endStep(step: ScoreStep): void {
  const now = performance.now();
  const { user, system } = process.cpuUsage(used);
  seconds[step] = (now - began) / 1000;
  processorSeconds[step] = (user + system) / 1e6;
  peakMiB[step] = Math.round(process.resourceUsage().maxRSS / 1024);
  began = now;
  used = process.cpuUsage();
}

try {
  const scores = engine === "oracle" ? await scoreWithOracle() : await scoreWithReference();
  const cost: ScoreCost = { seconds, processorSeconds, peakMiB, scores };
  process.stdout.write(JSON.stringify(cost));
} catch (error) {
  process.exitCode = reportFailure(error);
}

async function scoreWithOracle(): Promise<ReferenceScore[]> {
  const ends: Record<string, ScoreStep> = { "log-loss and consistency": "accuracy", concordance: "concordance" };
  const scores = await scoreRound({
    predictions: await readDeliveries(data.predictions),
    targets: data.targets,
    onProgress: (stage, done, total) => {
      const step = ends[stage];
      if (step !== undefined && done >= total) endStep(step);
    },
  });
  endStep("originality");
  return scores.map((score) => ({
    logloss: Number(score.loglossValue),
    consistency: score.consistency,
    concordanceValue: Number(score.concordanceValue),
    originalityRule: score.originalityRule,
    originalityOther: Number(score.originalityOther ?? 0n) - 1,
    originalityValue: Number(score.originalityValue),
  }));
}

async function scoreWithReference(): Promise<ReferenceScore[]> {
  const rows = await readRows();
  const place = new Map(rows.ids.map((id, row) => [id, row]));
  const models: Float64Array[] = [];
  for (let model = 1; model <= data.models; model += 1) {
    const file = path.join(data.predictions, `${model}.${data.format}`);
    const [ids = [], probabilities = []] = await readColumns(file, ["id", "probability"]);
    const p = new Float64Array(rows.ids.length).fill(NaN);
    for (let i = 0; i < ids.length; i += 1) p[place.get(String(ids[i])) ?? -1] = Number(probabilities[i]);
    models.push(p);
  }
  const accuracy = models.map((p) => referenceAccuracy(rows, p));
  endStep("accuracy");
  const concordance = models.map((p) => referenceConcordance(rows, p));
  endStep("concordance");
  const originality = referenceOriginality(models);
  endStep("originality");
  return models.map((_, index) => ({
    logloss: NaN,
    consistency: NaN,
    originalityRule: "",
    originalityOther: -1,
    originalityValue: NaN,
    ...accuracy[index],
    concordanceValue: concordance[index] ?? NaN,
    ...originality[index],
  }));
}

async function readRows(): Promise<ReferenceRows & { ids: string[] }> {
  const names = ["id", "era", "data_type", "target", "cluster"];
  const [ids = [], era = [], dataType = [], target = [], cluster = []] = await readColumns(data.targets, names);
  const texts = (column: ArrayLike<unknown>): string[] => Array.from(column, String);
  return {
    ids: texts(ids),
    era: texts(era),
    dataType: texts(dataType),
    target: Float64Array.from(Array.from(target), (y) => (typeof y === "number" ? y : NaN)),
    cluster: texts(cluster),
  };
}
