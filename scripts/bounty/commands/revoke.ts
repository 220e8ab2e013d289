import { Command } from "commander";

import { withSendingOptions, type SendingOptions } from "../../terminal/command-line.js";
import { parseNonce } from "../parse-options.js";
import { planRevoke } from "../revoke.js";
import { runAction } from "./run-action.js";

/** `revoke`: the reviewer takes a signed approval back. */
export function revokeCommand(): Command {
  const command = new Command("revoke")
    .description("make an approval that the account signed worthless, before it is redeemed")
    .requiredOption("--nonce <number>", "nonce of the approval", parseNonce)
    .action((options: SendingOptions & { nonce: bigint }) =>
      runAction(options, (context) => planRevoke(context, { nonce: options.nonce })),
    );
  return withSendingOptions(command, "revoke --nonce 1234 --yes");
}
