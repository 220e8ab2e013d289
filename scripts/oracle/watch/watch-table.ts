import { table } from "../../terminal/table.js";
import { describeDecision } from "./describe-decision.js";
import type { PassReport } from "./pass.js";

/** What a look found, for people: one row a round, then what needs a person. */
export function watchTable({ rounds, finished, attentions }: PassReport): string {
  const rows = rounds.map(({ roundId, stage, decision }) => [
    roundId.toString(),
    stage ?? "unknown",
    decision === undefined ? "could not be read" : describeDecision(decision),
  ]);
  const needs = [
    ...attentions.map(({ kind, message }) => `${kind}: ${message}`),
    ...rounds.flatMap(({ roundId, attentions: own }) =>
      own.map(({ kind, message }) => `round ${roundId.toString()}: ${kind}: ${message}`),
    ),
  ];
  return [
    table(["round", "stage", "next"], rows, [0]),
    `${finished} more done`,
    ...(needs.length === 0 ? [] : ["needs attention:", ...needs.map((line) => `  ${line}`)]),
  ].join("\n");
}
