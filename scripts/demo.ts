import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { Command } from "commander";

import { checkBooks, readBalances, readFlows, type Balances } from "./demo/books.js";
import { openChain } from "./demo/chain.js";
import { playRound } from "./demo/play-round.js";
import { makeReport, renderReport } from "./demo/report.js";
import { reportFailure } from "./terminal/command-line.js";
import { streamLog } from "./terminal/log.js";

interface Options {
  network?: string;
  json?: boolean;
}

/** Plays a whole round on real market data and proves that the books balance. */
async function demo({ network, json }: Options): Promise<number> {
  const log = streamLog(process.stderr);
  const chain = await openChain(network, log);
  const { context } = chain;
  const temporary = await mkdtemp(path.join(tmpdir(), "numeraire-demo-"));
  try {
    // On a node that stays, the files stay too, for the oracle's commands.
    const round = (await context.suite.tournament.roundCount()) + 1n;
    const folder = chain.recorded === undefined ? temporary : path.join("rounds", round.toString());
    await mkdir(folder, { recursive: true });
    let before: Balances | undefined;
    const played = await playRound(chain, folder, async (_roundId, entrants) => {
      before = await readBalances(context, entrants);
    });
    if (before === undefined) throw new Error("the round never opened");
    const after = await readBalances(context, played.entrants);
    const flows = await readFlows(context, played.roundId);
    const report = makeReport(context, played, { before, after, flows, checks: checkBooks(before, after, flows) });
    console.log(json === true ? JSON.stringify(report, null, 2) : renderReport(report));
    if (chain.recorded !== undefined) {
      log.info(`contracts are recorded in ${chain.recorded}, the round's files in ${folder}`);
      log.info(`check it: npm run oracle -- verify --round ${report.round} --network ${context.network}`);
    }
    return report.booksBalance ? 0 : 2;
  } finally {
    await rm(temporary, { recursive: true });
  }
}

const program = new Command("npm run demo --")
  .description(
    "Deploys the suite, lets models trained on the S&P 500 stake, resolves the round and proves that the books balance.",
  )
  .option("--network <name>", "a running development node, e.g. localhost (default: a chain in this process)")
  .option("--json", "print the result as JSON on standard output")
  .addHelpText("after", "\nExample:\n  npm run demo\n  npm run node & npm run demo -- --network localhost")
  .action(async (options: Options) => {
    process.exitCode = await demo(options).catch(reportFailure);
  });
await program.parseAsync();
// The chain of this process would keep it alive.
process.exit();
