import { formatLogloss } from "../../sdk/units.js";
import type { ScoreReport } from "./score.js";
import { table } from "../terminal/table.js";

/** What was measured, for people. */
export function scoreTable({ models, out }: ScoreReport): string {
  const rows = models.map((model) => [
    model.modelId.toString(),
    formatLogloss(model.logloss),
    `${model.consistency} %`,
    `${model.concordance ? "yes" : "no"} ${short(model.concordanceValue)}`.trimEnd(),
    model.originality
      ? "yes"
      : `no: ${model.originalityRule} with ${String(model.originalityOther)} (${short(model.originalityValue)})`,
    model.reason,
  ]);
  const head = ["model", "live log-loss", "consistency", "concordant (KS)", "original", "worst score because"];
  return `${table(head, rows, [0, 1, 2])}\n${models.length} models scored, written to ${out}`;
}

/** Six decimals of the twelve that are evidence. */
function short(value: string): string {
  return value.slice(0, value.indexOf(".") + 7);
}
