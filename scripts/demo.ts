import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { Command, Option } from "commander";

import { openChain } from "./demo/chain.js";
import { scenarios, type ScenarioName } from "./demo/scenarios.js";
import type { ScenarioReport } from "./demo/scenarios/scenario.js";
import { reportFailure } from "./terminal/command-line.js";
import { streamLog } from "./terminal/log.js";

interface Options {
  network?: string;
  scenario: ScenarioName | "all";
  json?: boolean;
}

/** Plays scenarios on real market data and proves that the books balance. */
async function demo({ network, scenario, json }: Options): Promise<number> {
  const names = scenario === "all" ? (Object.keys(scenarios) as ScenarioName[]) : [scenario];
  const reports: ScenarioReport[] = [];
  for (const name of names) {
    const { report, text } = await play(name, network);
    if (json !== true) console.log(names.length === 1 ? text : `scenario ${name}\n\n${text}\n`);
    reports.push(report);
  }
  const booksBalance = reports.every((report) => report.booksBalance);
  if (json === true) {
    console.log(JSON.stringify(scenario === "all" ? { scenarios: reports, booksBalance } : reports[0], null, 2));
  }
  return booksBalance ? 0 : 2;
}

async function play(name: ScenarioName, network: string | undefined) {
  const log = streamLog(process.stderr);
  const chain = await openChain(network, log);
  const temporary = await mkdtemp(path.join(tmpdir(), "numeraire-demo-"));
  try {
    // On a node that stays, the files stay too, for the oracle's commands.
    const round = (await chain.context.suite.tournament.roundCount()) + 1n;
    const folder = chain.recorded === undefined ? temporary : path.join("rounds", round.toString());
    await mkdir(folder, { recursive: true });
    const performance = await scenarios[name](chain, folder);
    if (chain.recorded !== undefined) {
      log.info(`contracts are recorded in ${chain.recorded}, the round's files in ${folder}`);
      log.info(
        `check it: npm run oracle -- verify --round ${performance.report.round} --network ${chain.context.network}`,
      );
    }
    return performance;
  } finally {
    await rm(temporary, { recursive: true });
  }
}

const program = new Command("npm run demo --")
  .description(
    "Deploys the suite, lets models trained on the S&P 500 stake, resolves the round and proves that the books balance.",
  )
  .option("--network <name>", "a running development node, e.g. localhost (default: a chain in this process)")
  .addOption(
    new Option("--scenario <name>", "round: an ordinary week; the others show what happens when somebody does wrong")
      .choices([...Object.keys(scenarios), "all"])
      .default("round"),
  )
  .option("--json", "print the result as JSON on standard output")
  .addHelpText(
    "after",
    "\nExample:\n  npm run demo\n  npm run demo -- --scenario dishonest-oracle\n  npm run node & npm run demo -- --network localhost",
  )
  .action(async (options: Options) => {
    process.exitCode = await demo(options).catch(reportFailure);
  });
await program.parseAsync();
// The chain of this process would keep it alive.
process.exit();
