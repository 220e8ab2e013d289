import { Command } from "commander";

import { withSendingOptions, type SendingOptions } from "../../terminal/command-line.js";
import { planExpire } from "../expire.js";
import { parseNumber } from "../parse-options.js";
import { runAction } from "./run-action.js";

/** `expire`: closes a bounty whose time is over. */
export function expireCommand(): Command {
  const command = new Command("expire")
    .description("close a bounty whose time is over; anybody may")
    .requiredOption("--bounty <number>", "bounty to close", parseNumber)
    .action((options: SendingOptions & { bounty: bigint }) =>
      runAction(options, (context) => planExpire(context, { bountyId: options.bounty })),
    );
  return withSendingOptions(command, "expire --bounty 3 --yes");
}
