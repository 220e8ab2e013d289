import { Command } from "commander";

import { formatNmr } from "../../../sdk/units.js";
import {
  confirm,
  parseRoundId,
  print,
  withContext,
  withSendingOptions,
  type SendingOptions,
} from "../../terminal/command-line.js";
import { cancel, previewCancel } from "../cancel.js";

interface Options extends SendingOptions {
  round: bigint;
  reason: string;
}

/** `cancel`: the guardian ends an open round. */
export function cancelCommand(): Command {
  const command = new Command("cancel")
    .description("end an open round, so that everything goes back; the guardian alone may")
    .requiredOption("--round <number>", "round to cancel", parseRoundId)
    .requiredOption("--reason <text>", "why, for the operator's own record: the chain keeps no reason")
    .action((options: Options) =>
      withContext(options, async (context) => {
        const request = { roundId: options.round, maxFeePerGas: options.maxFee };
        const { round, due } = await previewCancel(context, request);
        if (due !== undefined) {
          const steps = [`cancel round ${round.roundId.toString()}`];
          const totals = `${formatNmr(round.totalStaked)} NMR goes back`;
          const facts = { round: round.roundId.toString(), totals, reason: options.reason };
          if (!(await confirm(context, options, { facts, steps, ...due }))) {
            print(options, { dryRun: true, steps, ...due }, "1 transaction to send");
            return;
          }
        }
        const result = await cancel(context, request);
        const { roundId, sent, totalStaked } = result;
        const done = sent === undefined ? "nothing to do" : `cancelled by transaction ${sent.hash}`;
        const next = `settle --round ${roundId.toString()} gives ${formatNmr(totalStaked)} NMR back, sponsors reclaim their contributions`;
        print(options, { ...result, reason: options.reason }, `${done}: round ${roundId.toString()} is void; ${next}`);
      }),
    );
  return withSendingOptions(command, 'cancel --round 3 --reason "wrong benchmark" --yes');
}
