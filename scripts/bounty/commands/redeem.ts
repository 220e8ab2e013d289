import { Command } from "commander";

import { withSendingOptions, type SendingOptions } from "../../terminal/command-line.js";
import { parseSignature } from "../parse-options.js";
import { planRedeem } from "../redeem.js";
import { runAction } from "./run-action.js";

interface Options extends SendingOptions {
  approval: string;
  signature?: string;
}

/** `redeem`: redeems an award that the reviewer signed. */
export function redeemCommand(): Command {
  const command = new Command("redeem")
    .description("redeem an award that the reviewer signed; anybody may, the payees are paid")
    .requiredOption("--approval <file>", "file that sign-award wrote")
    .option(
      "--signature <hex>",
      "the reviewer's signature, where the file has none; 0x if a Safe approved it on chain",
      parseSignature,
    )
    .action((options: Options) =>
      runAction(options, (context) =>
        planRedeem(context, { approvalFile: options.approval, signature: options.signature }),
      ),
    );
  return withSendingOptions(command, "redeem --approval award.json --yes");
}
