import { Command } from "commander";

import { withSendingOptions, type SendingOptions } from "../../terminal/command-line.js";
import { parseNumber } from "../parse-options.js";
import { planRelease } from "../release.js";
import { runAction } from "./run-action.js";

/** `release`: pays what a grant has vested. */
export function releaseCommand(): Command {
  const command = new Command("release")
    .description("pay what a grant has vested to its payee; anybody may")
    .requiredOption("--grant <number>", "grant to pay", parseNumber)
    .action((options: SendingOptions & { grant: bigint }) =>
      runAction(options, (context) => planRelease(context, { grantId: options.grant })),
    );
  return withSendingOptions(command, "release --grant 7 --yes");
}
