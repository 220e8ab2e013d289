import { Command } from "commander";

import { formatNmr } from "../../../sdk/units.js";
import { carryOut } from "../../terminal/carry-out.js";
import { parseRoundId, withContext, withSendingOptions, type SendingOptions } from "../../terminal/command-line.js";
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
        const { reason } = options;
        const number = options.round.toString();
        const { round, due } = await previewCancel(context, request);
        await carryOut(context, options, {
          name: `Cancel round ${number}`,
          facts: { round: number, totals: `${formatNmr(round.totalStaked)} NMR goes back`, reason },
          calls: due === undefined ? [] : [due],
          ...(due && { gas: due.gas, cost: due.cost }),
          act: async () => ({ ...(await cancel(context, request)), reason }),
          describe: ({ sent, totalStaked }) =>
            [
              sent === undefined
                ? `nothing to do: round ${number} is void`
                : `round ${number} cancelled by ${sent.hash}`,
              `settle --round ${number} gives ${formatNmr(totalStaked)} NMR back; sponsors reclaim what they gave`,
            ].join("\n"),
        });
      }),
    );
  return withSendingOptions(command, 'cancel --round 3 --reason "wrong benchmark" --yes');
}
