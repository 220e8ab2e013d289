import { Command } from "commander";

import { formatNmr } from "../../../sdk/units.js";
import { print, withCommonOptions, withReadingContext, type CommonOptions } from "../../terminal/command-line.js";
import { parseAccount } from "../../terminal/parse-account.js";
import { parseProviderId } from "../options.js";

interface Options extends CommonOptions {
  provider: bigint;
  user: string;
}

/** `balance`: what a user has with a provider. */
export function balanceCommand(): Command {
  const command = new Command("balance")
    .description("what a user has with a provider, was charged, and can withdraw")
    .requiredOption("--provider <number>", "provider", parseProviderId)
    .requiredOption("--user <address>", "account whose channel it is", parseAccount)
    .action((options: Options) =>
      withReadingContext(options, async ({ suite }) => {
        const channel = await suite.compute.getChannel(options.provider, options.user);
        const { balance, claimed, reserved, pending, deposited, refunded, withdrawn } = channel;
        const amounts = { balance, claimed, reserved, pending, deposited, refunded, withdrawn };
        const available = await suite.compute.available(options.provider, options.user);
        const text = Object.entries({ available, ...amounts }).map(([name, wei]) => `${name}: ${formatNmr(wei)} NMR`);
        print(options, { available, ...amounts }, text.join("\n"));
      }),
    );
  return withCommonOptions(command, "balance --provider 1 --user 0x70997970C51812dc3A010C7d01b50e0d17dc79C8");
}
