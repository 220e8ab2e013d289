import { Command } from "commander";

import { withSendingOptions, type SendingOptions } from "../../terminal/command-line.js";
import { planCancel } from "../cancel.js";
import { parseNumber } from "../parse-options.js";
import { runAction } from "./run-action.js";

/** `cancel`: the issuer cancels, with notice where a submission is pending. */
export function cancelCommand(): Command {
  const command = new Command("cancel")
    .description("cancel a bounty, or announce it where a submission is pending: run it again after seven days")
    .requiredOption("--bounty <number>", "bounty to cancel", parseNumber)
    .action((options: SendingOptions & { bounty: bigint }) =>
      runAction(options, (context) => planCancel(context, { bountyId: options.bounty })),
    );
  return withSendingOptions(command, "cancel --bounty 3 --yes");
}
