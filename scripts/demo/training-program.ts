import { fileURLToPath } from "node:url";

import { build } from "esbuild";

import type { ProgramBody } from "../compute/job-request.js";
import type { TrainingRow } from "./models/model.js";

/**
 * A program that trains a logistic regression where nothing is installed: `train-job.ts` with all that it imports in one
 * file, and its data. It leaves the weights in model.json.
 */
export async function trainingProgram(features: readonly string[], rows: readonly TrainingRow[]): Promise<ProgramBody> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("train-job.ts", import.meta.url))],
    bundle: true,
    platform: "node",
    format: "esm",
    write: false,
  });
  const data = JSON.stringify({
    features,
    rows: rows.map(({ features: seen, target }) => ({ features: seen, target })),
  });
  return {
    runtime: "node",
    entry: "train.mjs",
    files: [
      { path: "train.mjs", content: Buffer.from(outputFiles[0]?.contents ?? []).toString("base64") },
      { path: "train.json", content: Buffer.from(data).toString("base64") },
    ],
  };
}
