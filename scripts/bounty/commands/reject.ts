import { Command } from "commander";

import { withSendingOptions, type SendingOptions } from "../../terminal/command-line.js";
import { parseNumber } from "../parse-options.js";
import { planReject } from "../reject.js";
import { runAction } from "./run-action.js";

interface Options extends SendingOptions {
  bounty: bigint;
  submission: bigint;
  reason: string;
}

/** `reject`: the reviewer turns a submission down for good. */
export function rejectCommand(): Command {
  const command = new Command("reject")
    .description("turn a submission down for good; the reviewer alone may")
    .requiredOption("--bounty <number>", "bounty of the submission", parseNumber)
    .requiredOption("--submission <number>", "submission to turn down", parseNumber)
    .requiredOption("--reason <text>", "why; it is kept on chain")
    .action((options: Options) =>
      runAction(options, (context) => {
        const { bounty: bountyId, submission: submissionId, reason } = options;
        return planReject(context, { bountyId, submissionId, reason });
      }),
    );
  return withSendingOptions(command, 'reject --bounty 3 --submission 2 --reason "does not compile" --yes');
}
