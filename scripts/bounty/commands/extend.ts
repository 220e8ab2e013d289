import { Command } from "commander";

import { withSendingOptions, type SendingOptions } from "../../terminal/command-line.js";
import { planExtend } from "../extend.js";
import { parseMoment, parseNumber } from "../parse-options.js";
import { runAction } from "./run-action.js";

interface Options extends SendingOptions {
  bounty: bigint;
  deadline: number;
}

/** `extend`: the issuer moves the deadline. */
export function extendCommand(): Command {
  const command = new Command("extend")
    .description("move the deadline of a bounty to a later moment; the issuer alone may")
    .requiredOption("--bounty <number>", "bounty to extend", parseNumber)
    .requiredOption(
      "--deadline <moment>",
      "last second to submit: Unix seconds, 2027-03-01 or 2027-03-01T12:00Z",
      parseMoment,
    )
    .action((options: Options) =>
      runAction(options, (context) => planExtend(context, { bountyId: options.bounty, deadline: options.deadline })),
    );
  return withSendingOptions(command, "extend --bounty 3 --deadline 2027-06-01 --yes");
}
