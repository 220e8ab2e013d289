import { Command } from "commander";

import { priceCalls } from "../../chain/send-calls.js";
import { describeDifference } from "../../oracle/verify/check.js";
import { carryOut } from "../../terminal/carry-out.js";
import { withContext, withSendingOptions, type SendingOptions } from "../../terminal/command-line.js";
import { plural } from "../../terminal/plural.js";
import { apply, previewApply } from "../apply.js";
import type { TargetStage } from "../former-holder.js";
import { stepsTable } from "../steps-table.js";
import { parseStage } from "./parse-stage.js";

interface Options extends SendingOptions {
  stage: TargetStage;
}

/** `apply`: does what the account can do now to reach a stage. */
export function applyCommand(): Command {
  const command = new Command("apply")
    .description("send what the account can send now to reach a stage; continues where it stopped")
    .requiredOption("--stage <number>", "1 Safe, 2 timelock, 3 governor", parseStage)
    .action((options: Options) =>
      withContext(options, async (context) => {
        const request = { stage: options.stage, maxFeePerGas: options.maxFee };
        const { due, holders, steps } = await previewApply(context, request);
        const priced = context.signer === undefined ? undefined : await priceCalls(context, due);
        await carryOut(context, options, {
          name: `Hand-over to stage ${options.stage}`,
          facts: { authority: await context.suite.authority.getAddress(), left: plural(steps.length, "step") },
          calls: due,
          ...priced,
          act: async () => {
            const result = await apply(context, request);
            // Others have to go on, or time has to pass.
            if (result.left.length + result.differences.length > 0) process.exitCode = 2;
            return result;
          },
          describe: ({ stage, sent, left, differences }) =>
            [
              sent.length === 0 ? "nothing was sent" : `${plural(sent.length, "transaction")} mined`,
              ...(left.length > 0 ? ["left to do:", stepsTable(left, holders)] : []),
              ...differences.map(describeDifference),
              ...(left.length + differences.length === 0 ? [`stage ${stage} is reached`] : []),
            ].join("\n"),
        });
      }),
    );
  return withSendingOptions(command, "apply --stage 2 --account 0x… --safe stage-2.json");
}
