import { describeHolder, type Holders } from "../governance/holders.js";
import { table } from "../terminal/table.js";
import type { HandoverStep } from "./handover-step.js";

/** Steps of a hand-over, for people: in order, who has to send each, and what it waits for. */
export function stepsTable(steps: readonly HandoverStep[], holders: Holders): string {
  const rows = steps.map(({ step, by, waitsFor }, i) => [
    String(i + 1),
    step.split("; ").join("\n"),
    by === undefined ? "anybody" : describeHolder(holders, by).replace(" ", "\n"),
    waitsFor ?? "now",
  ]);
  return table(["", "step", "sent by", "when"], rows, [0]);
}
