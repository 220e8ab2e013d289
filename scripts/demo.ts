import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { Command, Option } from "commander";

import { NumeraireError } from "../sdk/index.js";
import { openChain, type DemoChain } from "./demo/chain.js";
import { printedBooks, renderBooks } from "./demo/report.js";
import { requirements, scenarios, type ScenarioName } from "./demo/scenarios.js";
import type { Performance, ScenarioReport } from "./demo/scenarios/scenario.js";
import { checkSuite } from "./demo/suite-books.js";
import { reportFailure } from "./terminal/command-line.js";
import { streamLog } from "./terminal/log.js";

interface Options {
  network?: string;
  scenario: ScenarioName | "all";
  json?: boolean;
}

/** Plays scenarios on real market data, one after the other on one chain, and proves that the books balance. */
async function demo({ network, scenario, json }: Options): Promise<number> {
  if (scenario !== "all") await requirements[scenario]?.();
  const chain = await openChain(network, streamLog(process.stderr));
  try {
    return scenario === "all" ? await playAll(chain, json) : await playOne(scenario, chain, json);
  } finally {
    await chain.close();
  }
}

async function playOne(scenario: ScenarioName, chain: DemoChain, json?: boolean): Promise<number> {
  const { report, text } = await play(scenario, chain);
  console.log(json === true ? JSON.stringify(report, null, 2) : text);
  return report.booksBalance ? 0 : 2;
}

async function playAll(chain: DemoChain, json?: boolean): Promise<number> {
  const reports: Partial<Record<ScenarioName, ScenarioReport>> = {};
  const notPlayed: Partial<Record<ScenarioName, string>> = {};
  for (const name of Object.keys(scenarios) as ScenarioName[]) {
    const missing = await missingFor(name);
    if (missing !== undefined) {
      if (json !== true) console.log(`scenario ${name}\n\nnot played: ${missing}\n`);
      notPlayed[name] = missing;
      continue;
    }
    const { report, text } = await play(name, chain);
    if (json !== true) console.log(`scenario ${name}\n\n${text}\n`);
    reports[name] = report;
  }
  const books = await checkSuite(chain.context);
  const booksBalance = [
    ...Object.values(reports).map((report) => report.booksBalance),
    ...books.map(({ holds }) => holds),
  ].every(Boolean);
  const all = { scenarios: reports, notPlayed, books: printedBooks(books), booksBalance };
  console.log(json === true ? JSON.stringify(all, null, 2) : `after all of them\n\n${renderBooks(all)}`);
  return booksBalance ? 0 : 2;
}

/** What the machine lacks for a scenario, which is no fault of the demo's. */
async function missingFor(name: ScenarioName): Promise<string | undefined> {
  try {
    await requirements[name]?.();
    return undefined;
  } catch (error) {
    if (error instanceof NumeraireError) return error.message;
    throw error;
  }
}

async function play(name: ScenarioName, chain: DemoChain): Promise<Performance> {
  const { log, network, suite } = chain.context;
  const temporary = await mkdtemp(path.join(tmpdir(), "numeraire-demo-"));
  try {
    // On a node that stays, the files of a round stay too, for the oracle's commands.
    const round = (await suite.tournament.roundCount()) + 1n;
    const stays = chain.recorded !== undefined && name !== "bounty";
    const folder = stays ? path.join("rounds", round.toString()) : temporary;
    await mkdir(folder, { recursive: true });
    const performance = await scenarios[name](chain, folder);
    if (chain.recorded !== undefined) log.info(`contracts are recorded in ${chain.recorded}`);
    if (stays) {
      log.info(`the round's files are in ${folder}`);
      log.info(`check it: npm run oracle -- verify --round ${round.toString()} --network ${network}`);
    }
    return performance;
  } finally {
    await rm(temporary, { recursive: true });
  }
}

const program = new Command("npm run demo --")
  .description(
    "Deploys the suite, lets models trained on the S&P 500 stake, resolves the round, pays rewards, bounties and computing power, and proves that the books balance.",
  )
  .option("--network <name>", "a running development node, e.g. localhost (default: a chain in this process)")
  .addOption(
    new Option(
      "--scenario <name>",
      "round: an ordinary week; dishonest-oracle, silent-oracle: somebody does wrong; rewards: a week's NMR; bounty: work for NMR; compute: training for NMR",
    )
      .choices([...Object.keys(scenarios), "all"])
      .default("round"),
  )
  .option("--json", "print the result as JSON on standard output")
  .addHelpText(
    "after",
    "\nExample:\n  npm run demo\n  npm run demo -- --scenario dishonest-oracle\n  npm run demo -- --scenario all --json\n  npm run node & npm run demo -- --network localhost",
  )
  .action(async (options: Options) => {
    process.exitCode = await demo(options).catch(reportFailure);
  });
await program.parseAsync();
// The chain of this process would keep it alive.
process.exit();
