import { readFileSync, writeFileSync } from "node:fs";

import { fitLogistic, logisticInputs } from "./models/logistic.js";
import type { TrainingRow } from "./models/model.js";

// What a provider of computing power runs: it learns from train.json, and leaves the weights in model.json.
const { features, rows } = JSON.parse(readFileSync("train.json", "utf8")) as {
  features: string[];
  rows: TrainingRow[];
};
writeFileSync("model.json", JSON.stringify(fitLogistic(logisticInputs(features), rows)));
console.log(`trained on ${rows.length} days`);
