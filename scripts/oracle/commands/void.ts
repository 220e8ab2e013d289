import { Command } from "commander";

import { formatNmr } from "../../../sdk/units.js";
import { carryOut } from "../../terminal/carry-out.js";
import { parseRoundId, withContext, withSendingOptions, type SendingOptions } from "../../terminal/command-line.js";
import { previewVoid, voidRound } from "../void-round.js";

interface Options extends SendingOptions {
  round: bigint;
}

/** `void`: ends a round that was not resolved in time. */
export function voidCommand(): Command {
  const command = new Command("void")
    .description("end a round that is past its deadline or has no stake, so that everything goes back; anybody may")
    .requiredOption("--round <number>", "round to void", parseRoundId)
    .action((options: Options) =>
      withContext(options, async (context) => {
        const request = { roundId: options.round, maxFeePerGas: options.maxFee };
        const number = options.round.toString();
        const { round, due } = await previewVoid(context, request);
        await carryOut(context, options, {
          name: `Void round ${number}`,
          facts: { round: number, totals: `${formatNmr(round.totalStaked)} NMR goes back` },
          calls: due === undefined ? [] : [due],
          ...(due && { gas: due.gas, cost: due.cost }),
          act: () => voidRound(context, request),
          describe: ({ sent, totalStaked }) =>
            [
              sent === undefined ? `nothing to do: round ${number} is void` : `round ${number} voided by ${sent.hash}`,
              `settle --round ${number} gives ${formatNmr(totalStaked)} NMR back; sponsors reclaim what they gave`,
            ].join("\n"),
        });
      }),
    );
  return withSendingOptions(command, "void --round 3 --yes");
}
