import { Command } from "commander";

import { withSendingOptions, type SendingOptions } from "../../terminal/command-line.js";
import { hashOf, parseNumber } from "../parse-options.js";
import { planSubmit } from "../submit.js";
import { runAction } from "./run-action.js";

interface Options extends SendingOptions {
  bounty: bigint;
  content: string;
  uri: string;
}

/** `submit`: submits work for a bounty. */
export function submitCommand(): Command {
  const command = new Command("submit")
    .description("submit work of the account for a bounty")
    .requiredOption("--bounty <number>", "bounty it is for", parseNumber)
    .requiredOption("--content <file or hash>", "the work: a file, whose SHA-256 is submitted, or a hash of 32 bytes")
    .option("--uri <uri>", "where the work can be found", "")
    .action((options: Options) =>
      runAction(options, async (context) => {
        const { bounty: bountyId, content, uri } = options;
        return planSubmit(context, { bountyId, contentHash: await hashOf(content), uri });
      }),
    );
  return withSendingOptions(command, "submit --bounty 3 --content fix.patch --uri https://example.org/fix.patch --yes");
}
