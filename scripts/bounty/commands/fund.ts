import { Command } from "commander";

import { withSendingOptions, type SendingOptions } from "../../terminal/command-line.js";
import { planFund } from "../fund.js";
import { parseAmount } from "../../terminal/parse-amount.js";
import { parseNumber } from "../parse-options.js";
import { runAction } from "./run-action.js";

interface Options extends SendingOptions {
  bounty: bigint;
  amount: bigint;
}

/** `fund`: puts more NMR into a bounty. */
export function fundCommand(): Command {
  const command = new Command("fund")
    .description("put NMR of the account into a bounty that has had no award yet")
    .requiredOption("--bounty <number>", "bounty to fund", parseNumber)
    .requiredOption("--amount <NMR>", "NMR to put in", parseAmount)
    .action((options: Options) =>
      runAction(options, (context) => planFund(context, { bountyId: options.bounty, amount: options.amount })),
    );
  return withSendingOptions(command, "fund --bounty 3 --amount 25 --yes");
}
