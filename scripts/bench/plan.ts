import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { reportFailure } from "../terminal/command-line.js";
import { readOptions } from "../terminal/read-options.js";
import { table } from "../terminal/table.js";
import { NMR_EACH, PRIZE_EACH } from "./bench-round.js";
import { startLocalNode } from "./local-node.js";
import { parseSize } from "./parse-sizes.js";
import { planInProcess, type PlanCost } from "./plan-process.js";
import { judgedSeconds, PLAN_MIB, PLAN_SECONDS } from "./scale-promises.js";
import { enrol, stakeAndScore } from "./tournament-round.js";

const HELP = `Plans one round of many stakes against a local node, in a process of its own as the command does.

Usage: npm run bench:plan -- [--stakes 30000] [--json]

  --stakes  stakes in the round
  --json    print JSON instead of a table

Example: npm run bench:plan -- --stakes 1000
Exit code: 0 when the plan is within its budget, 1 on an error, 2 when it is not.`;

/** What was measured, and the budgets that it broke. */
interface PlanResult {
  stakes: number;
  cost: PlanCost;
  broken: string[];
}

try {
  process.exit(await main());
} catch (error) {
  process.exit(reportFailure(error));
}

/** Runs the benchmark and prints it; gives the exit code. */
async function main(): Promise<number> {
  const values = readOptions("bench:plan", {
    stakes: { type: "string", default: "30000" },
    json: { type: "boolean" },
    help: { type: "boolean", short: "h" },
  });
  if (values.help === true) {
    console.log(HELP);
    return 0;
  }
  const stakes = parseSize(values.stakes, "--stakes");
  const cost = await measure(stakes);
  const result: PlanResult = { stakes, cost, broken: brokenBudgets(cost) };
  if (values.json === true) console.log(JSON.stringify(result, null, 2));
  else printResult(result);
  return result.broken.length === 0 ? 0 : 2;
}

async function measure(stakes: number): Promise<PlanCost> {
  const node = await startLocalNode();
  const folder = await mkdtemp(path.join(tmpdir(), "numeraire-bench-plan-"));
  const say = (line: string): void => {
    console.error(line);
  };
  try {
    say("giving every staker a key, NMR and a model");
    const entrants = await enrol(node, stakes, NMR_EACH);
    const pools = { prize: PRIZE_EACH * BigInt(stakes), bonus: 0n };
    const { roundId, scoreFile } = await stakeAndScore(node, entrants, folder, pools, say);
    say("planning");
    const { url, pid, addresses } = node;
    const out = path.join(folder, "plan.json");
    return await planInProcess({ url, pid, addresses, roundId: roundId.toString(), scoreFile, out });
  } finally {
    node.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

function brokenBudgets(cost: PlanCost): string[] {
  const seconds = judgedSeconds(cost);
  const broken: string[] = [];
  if (seconds > PLAN_SECONDS) broken.push(`plan took ${seconds.toFixed(1)} s, expected at most ${PLAN_SECONDS}`);
  if (cost.peakMiB > PLAN_MIB) broken.push(`plan took ${cost.peakMiB} MiB, expected at most ${PLAN_MIB}`);
  return broken;
}

function printResult({ stakes, cost, broken }: PlanResult): void {
  const rows = [
    ["on the clock, s", cost.seconds.toFixed(1), ""],
    ["processor time with the node's, s", cost.processorSeconds?.toFixed(1) ?? "unknown", String(PLAN_SECONDS)],
    ["most memory, MiB", String(cost.peakMiB), String(PLAN_MIB)],
  ];
  console.log(table(["plan", "found", "at most"], rows, [1, 2]));
  for (const budget of broken) console.log(`broken: ${budget}`);
  const verdict = broken.length === 0 ? "within budget" : `${broken.length} budgets broken`;
  console.log(`bench:plan: ${stakes.toLocaleString("en")} stakes planned in ${cost.seconds.toFixed(1)} s, ${verdict}`);
}
