import { Command } from "commander";

import { toNumeraireError } from "../../sdk/decode-error.js";
import { formatEther } from "../../sdk/units.js";
import { askToSend } from "../terminal/ask-to-send.js";
import { parseGwei, print, reportFailure, withCommonOptions, type CommonOptions } from "../terminal/command-line.js";
import { streamLog } from "../terminal/log.js";
import { plural } from "../terminal/plural.js";
import { deploy, type DeployResult } from "./deploy.js";
import { openDeployer } from "./open-deployer.js";
import { preflight } from "./preflight.js";

interface Options extends CommonOptions {
  yes?: boolean;
  /** Wei. */
  maxFee?: bigint;
}

const program = withCommonOptions(new Command("deploy"), "--network sepolia")
  .description("deploy the contracts to a network, or what of them is missing there, and set up the roles")
  .option("--max-fee <gwei>", "most gas price to pay, in gwei", parseGwei)
  .option("--yes", "deploy without asking; on a development node nobody is asked")
  .addHelpText("after", "\nExit codes: 0 done or nothing to do, 1 error, 2 needs attention.")
  .action(run);

async function run(options: Options): Promise<void> {
  const { network, yes = false, maxFee } = options;
  const log = streamLog(process.stderr);
  const deployer = await openDeployer(network, log, process.env);
  try {
    const { facts, first, gas, cost } = await preflight(deployer);
    for (const [name, value] of Object.entries(facts)) log.info(`${name}: ${value}`);
    if (first !== undefined && !(await askToSend(yes || deployer.development, log))) {
      print(options, { dryRun: true, network, first, gas, cost }, `would begin with: ${first}`);
      return;
    }
    const result = await deploy(deployer, maxFee);
    print(options, result, describe(result));
  } finally {
    deployer.provider.destroy();
  }
}

function describe({ network, contracts, sent, cost }: DeployResult): string {
  const lines = Object.entries(contracts).map(([name, address]) => `  ${name.padEnd(18)} ${address}`);
  return [
    `deployed on ${network}:`,
    ...lines,
    sent.length === 0
      ? "nothing was sent: all was there"
      : `${plural(sent.length, "transaction")}, ${formatEther(cost)} ether`,
    `recorded in deployments/${network}; deploying again sends only what is missing`,
    `next: npm run oracle -- doctor --network ${network}, then open a round as the README shows`,
  ].join("\n");
}

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = reportFailure(toNumeraireError(error));
}
