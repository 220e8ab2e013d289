import { Command } from "commander";

import { withSendingOptions, type SendingOptions } from "../../terminal/command-line.js";
import { parseNumber } from "../parse-options.js";
import { planReclaim } from "../reclaim.js";
import { runAction } from "./run-action.js";

/** `reclaim`: a funder takes its share of a closed bounty back. */
export function reclaimCommand(): Command {
  const command = new Command("reclaim")
    .description("take the account's share of a cancelled or expired bounty back")
    .requiredOption("--bounty <number>", "bounty that was funded", parseNumber)
    .action((options: SendingOptions & { bounty: bigint }) =>
      runAction(options, (context) => planReclaim(context, { bountyId: options.bounty })),
    );
  return withSendingOptions(command, "reclaim --bounty 3 --yes");
}
