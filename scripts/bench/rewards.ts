import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { dataSlice, id } from "ethers";

import { keepEvidence } from "../prove/keep-evidence.js";
import { plan } from "../rewards/plan.js";
import { readRewards } from "../rewards/rewards-state.js";
import { verify } from "../rewards/verify.js";
import { reportFailure } from "../terminal/command-line.js";
import { readOptions } from "../terminal/read-options.js";
import { table } from "../terminal/table.js";
import { startLocalNode, type LocalNode } from "./local-node.js";
import { parseSize } from "./parse-sizes.js";
import { judgedSeconds } from "./scale-promises.js";
import { stopwatch, type Elapsed } from "./stopwatch.js";

/** Most seconds that planning a week of as many accounts may take. */
const BUDGET = { accounts: 100_000, seconds: 20 };

/** A week, in seconds. */
const WEEK = 7 * 86_400;

const HELP = `Plans and verifies a week of rewards for many accounts, with as many in the week before, against a local node.

Usage: npm run bench:rewards -- [--accounts 100000] [--json] [--write]

  --accounts  accounts on the leaderboard
  --json      print JSON instead of a table
  --write     keep the result under docs/evidence/

Example: npm run bench:rewards -- --accounts 1000
Exit code: 0 when the plan is within its budget and verifies, 1 on an error, 2 when not.`;

/** What was measured, and the promises that it broke. */
interface RewardsResult {
  accounts: number;
  plan: Elapsed;
  verify: Elapsed;
  broken: string[];
}

try {
  process.exit(await main());
} catch (error) {
  process.exit(reportFailure(error));
}

/** Runs the benchmark and prints it; gives the exit code. */
async function main(): Promise<number> {
  const values = readOptions("bench:rewards", {
    accounts: { type: "string", default: String(BUDGET.accounts) },
    json: { type: "boolean" },
    write: { type: "boolean" },
    help: { type: "boolean", short: "h" },
  });
  if (values.help === true) {
    console.log(HELP);
    return 0;
  }
  const accounts = parseSize(values.accounts, "--accounts");
  const result = await measure(accounts);
  if (values.write === true) keepEvidence("bench:rewards", result);
  if (values.json === true) console.log(JSON.stringify(result, null, 2));
  else printResult(result);
  return result.broken.length === 0 ? 0 : 2;
}

async function measure(accounts: number): Promise<RewardsResult> {
  const node = await startLocalNode();
  const folder = await mkdtemp(path.join(tmpdir(), "numeraire-bench-rewards-"));
  try {
    const leaderboard = path.join(folder, "leaderboard.csv");
    const rule = path.join(folder, "rule.json");
    const rows = Array.from({ length: accounts }, (_, i) => `${dataSlice(id(`account ${i}`), 12)},0.${100_000 + i}`);
    await writeFile(leaderboard, ["account,live_logloss", ...rows].join("\n"));
    await writeFile(rule, JSON.stringify({ equal: "2000", benchmark: "0.693147" }));
    const { nextDueAt } = await readRewards(node.context);
    await node.advanceTo(Number(nextDueAt) + WEEK);

    console.error("planning a first week and making it live");
    const first = path.join(folder, "1.json");
    const { file, sha256 } = await plan(node.context, { leaderboard, rule, out: first });
    await makeLive(node, file.root, file.added, sha256);
    console.error("planning the second");
    const files = { leaderboard, rule, previous: first };
    const out = path.join(folder, "2.json");
    const planned = await stopwatch(node.pid, () => plan(node.context, { ...files, out }));
    console.error("verifying it");
    const verified = await stopwatch(node.pid, () => verify(node.context, { ...files, plan: out }));

    const broken: string[] = [];
    const seconds = judgedSeconds(planned);
    if (accounts <= BUDGET.accounts && seconds > BUDGET.seconds) {
      broken.push(`plan took ${seconds.toFixed(1)} s, expected at most ${BUDGET.seconds}`);
    }
    if (!verified.value.ok) broken.push("the week does not verify");
    const { earned } = planned.value.file;
    if (earned.size !== accounts) broken.push(`found ${earned.size} accounts in the tree, expected ${accounts}`);
    return { accounts, plan: elapsed(planned), verify: elapsed(verified), broken };
  } finally {
    node.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Two members agree on the first week; the challenge period passes. */
async function makeLive(node: LocalNode, root: string, added: bigint, evidence: string): Promise<void> {
  const { accounts, context, provider, suite } = node;
  const [first, second] = await Promise.all([
    provider.getSigner(accounts.member1),
    provider.getSigner(accounts.member2),
  ]);
  await (await suite.rewards.connect(first).proposeWeek(1n, root, added, evidence, "")).wait();
  const report = await suite.rewards.reportHash(1n);
  for (const member of [first, second]) await (await suite.committee.connect(member).approve(report)).wait();
  await node.advanceTo((await node.now()) + Number((await readRewards(context)).challengePeriod));
  await (await suite.rewards.connect(first).activateWeek(1n)).wait();
}

function elapsed({ seconds, processorSeconds }: Elapsed): Elapsed {
  return { seconds, processorSeconds };
}

function printResult(result: RewardsResult): void {
  const row = (name: string, { seconds, processorSeconds }: Elapsed, budget: string): string[] => [
    name,
    seconds.toFixed(1),
    processorSeconds?.toFixed(1) ?? "unknown",
    budget,
  ];
  const rows = [row("plan", result.plan, String(BUDGET.seconds)), row("verify", result.verify, "")];
  console.log(table(["", "on the clock, s", "processor time, s", "at most"], rows, [1, 2, 3]));
  for (const promise of result.broken) console.log(`broken: ${promise}`);
  const verdict = result.broken.length === 0 ? "within budget" : `${result.broken.length} promises broken`;
  const size = result.accounts.toLocaleString("en");
  console.log(`bench:rewards: ${size} accounts planned in ${result.plan.seconds.toFixed(1)} s, ${verdict}`);
}
