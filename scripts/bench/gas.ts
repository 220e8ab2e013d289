import Table from "cli-table3";
import { Command } from "commander";

import { measureOperations } from "../../test/gas/operations.js";
import { readSnapshot, writeSnapshot } from "../../test/gas/snapshot.js";

const values = new Command("npm run gas --")
  .description("Measures the gas of every budgeted operation on an in-process chain.")
  .option("--json", "print JSON instead of a table")
  .option("--record", "keep the figures: tests fail on a change beyond 1 % until it is recorded")
  .addHelpText(
    "after",
    "\nExample:\n  npm run -s gas -- --json\n\nExit code: 0 when every operation is within its budget, 2 when one is not.",
  )
  .parse()
  .opts<{ json?: boolean; record?: boolean }>();

const recorded = readSnapshot();
const operations = (await measureOperations()).map((operation) => ({
  ...operation,
  recorded: recorded[operation.name] ?? null,
  ratio: operation.lowerBound === undefined ? null : Number((operation.gas / operation.lowerBound).toFixed(3)),
  withinBudget: operation.gas <= operation.budget,
}));
if (values.record === true) writeSnapshot(operations);

if (values.json === true) {
  console.log(JSON.stringify({ operations }, null, 2));
} else {
  const table = new Table({
    head: ["operation", "gas", "recorded", "budget", "of budget", "lower bound", "ratio"],
    colAligns: ["left", "right", "right", "right", "right", "right", "right"],
    style: { head: [], border: [] },
  });
  for (const { name, gas, recorded: before, budget, lowerBound, ratio } of operations) {
    const figures = [gas, before, budget].map((figure) => figure?.toLocaleString("en") ?? "–");
    const share = `${((100 * gas) / budget).toFixed(1)} %`;
    table.push([name, ...figures, share, lowerBound?.toLocaleString("en") ?? "–", ratio?.toFixed(3) ?? "–"]);
  }
  console.log(table.toString());
}
process.exit(operations.every(({ withinBudget }) => withinBudget) ? 0 : 2);
