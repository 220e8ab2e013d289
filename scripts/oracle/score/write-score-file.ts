import { rename, writeFile } from "node:fs/promises";
import { formatLogloss } from "../../../sdk/units.js";
import type { ScoredModel } from "./score-round.js";

/**
 * Writes a score file that `readScoreFile` reads: CSV, one row a model, evidence after the measurements. The file
 * appears whole or not at all.
 * @param roundId Round the scores are for, when they are for a round on a chain.
 */
export async function writeScoreFile(path: string, models: readonly ScoredModel[], roundId?: bigint): Promise<void> {
  const rows = models.map((model) => [
    model.modelId.toString(),
    ...(roundId === undefined ? [] : [roundId.toString()]),
    formatLogloss(model.logloss),
    String(model.consistency),
    String(model.concordance),
    String(model.originality),
    model.loglossValue,
    model.concordanceValue,
    model.originalityRule,
    model.originalityOther?.toString() ?? "",
    model.originalityValue,
    model.fileSha256,
    model.reason,
  ]);
  const header = [
    "model_id",
    ...(roundId === undefined ? [] : ["round"]),
    "live_logloss",
    "consistency",
    "concordance",
    "originality",
    "logloss_value",
    "concordance_value",
    "originality_rule",
    "originality_other",
    "originality_value",
    "file_sha256",
    "reason",
  ];
  const text = [header, ...rows].map((row) => `${row.map(escaped).join(",")}\n`).join("");
  const partial = `${path}.partial`;
  await writeFile(partial, text);
  await rename(partial, path);
}

function escaped(value: string): string {
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
