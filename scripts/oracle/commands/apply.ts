import { Command } from "commander";

import { formatEther, formatNmr } from "../../../sdk/units.js";
import { carryOut } from "../../terminal/carry-out.js";
import { withContext, withSendingOptions, type SendingOptions } from "../../terminal/command-line.js";
import { plural } from "../../terminal/plural.js";
import { apply, previewApply, type ApplyPreview, type ApplyResult } from "../apply.js";

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
        const { plan, calls, gas, cost } = preview;
        await carryOut(context, options, {
          name: `Scores of round ${plan.roundId.toString()}`,
          facts: {
            round: plan.roundId.toString(),
            totals: `${formatEther(plan.totals.paid)} ether paid, ${formatNmr(plan.totals.burned)} NMR destroyed, ${formatNmr(plan.totals.returned)} NMR returned`,
          },
          calls,
          gas,
          cost,
          notes: notesFor(preview),
          act: () => apply(context, request),
          describe,
        });
      }),
    );
  return withSendingOptions(command, "apply --plan rounds/3/plan.json --yes");
}

function describe({ sent, attemptId, reportHash, approvals, quorum }: ApplyResult): string {
  const done = sent.length === 0 ? "nothing to do" : `${plural(sent.length, "transaction")} mined`;
  return `${done}: attempt ${attemptId}, report ${reportHash}, ${approvals.toString()} of ${quorum.toString()} approvals`;
}

/** What those who sign the calls elsewhere must know. */
function notesFor({ account, attemptId, plan, calls }: ApplyPreview): string[] {
  const order = `${account} must send the calls in this order`;
  if (attemptId !== undefined || calls.length === 0) return [order];
  return [
    order,
    `the calls suppose that no other attempt of round ${plan.roundId.toString()} is begun before theirs: if one is, posting reverts and with it a batch as a whole; nothing is lost, run the command again for new calls`,
  ];
}
