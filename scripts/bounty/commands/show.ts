import { Command } from "commander";

import { print, withCommonOptions, withReadingContext, type CommonOptions } from "../../terminal/command-line.js";
import { parseNumber } from "../parse-options.js";
import { bountyText, showBounty } from "../show.js";

/** `show`: one bounty with funders, submissions and grants. */
export function showCommand(): Command {
  const command = new Command("show")
    .description("a bounty with its funders, submissions and grants")
    .requiredOption("--bounty <number>", "bounty to show", parseNumber)
    .action((options: CommonOptions & { bounty: bigint }) =>
      withReadingContext(options, async (context) => {
        const report = await showBounty(context, options.bounty);
        print(options, report, bountyText(report));
      }),
    );
  return withCommonOptions(command, "show --bounty 3");
}
