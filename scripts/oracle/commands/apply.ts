import { Command } from "commander";

import { formatEther, formatNmr } from "../../../sdk/units.js";
import { apply, previewApply } from "../apply.js";
import { confirm, print, withContext, withSendingOptions, type SendingOptions } from "../../terminal/command-line.js";

interface Options extends SendingOptions {
  plan: string;
}

/** `apply`: begins, posts and approves what a plan says. */
export function applyCommand(): Command {
  const command = new Command("apply")
    .description("post a plan's scores and approve them; continues where it stopped")
    .requiredOption("--plan <file>", "plan that the command plan wrote")
    .action((options: Options) =>
      withContext(options, async (context) => {
        const request = { planPath: options.plan, maxFeePerGas: options.maxFee };
        const preview = await previewApply(context, request);
        const { plan, steps, gas, cost } = preview;
        const intent = {
          facts: {
            round: plan.roundId.toString(),
            totals: `${formatEther(plan.totals.paid)} ether paid, ${formatNmr(plan.totals.burned)} NMR destroyed, ${formatNmr(plan.totals.returned)} NMR returned`,
          },
          steps,
          gas,
          cost,
        };
        if (steps.length > 0 && !(await confirm(context, options, intent))) {
          print(options, { dryRun: true, steps, gas, cost }, `${steps.length} transactions to send`);
          return;
        }
        const result = await apply(context, request);
        const done = result.sent.length === 0 ? "nothing to do" : `${result.sent.length} transactions mined`;
        print(
          options,
          result,
          `${done}: attempt ${result.attemptId}, report ${result.reportHash}, ${result.approvals.toString()} of ${result.quorum.toString()} approvals`,
        );
      }),
    );
  return withSendingOptions(command, "apply --plan rounds/3/plan.json --yes");
}
