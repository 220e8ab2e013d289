import { Command } from "commander";

import { formatEther, formatNmr } from "../../../sdk/units.js";
import { carryOut } from "../../terminal/carry-out.js";
import { parseRoundId, withContext, withSendingOptions, type SendingOptions } from "../../terminal/command-line.js";
import type { Remainder } from "../remainder.js";
import { previewSweep, sweep } from "../sweep.js";

interface Options extends SendingOptions {
  round: bigint;
}

/** `sweep`: sends what is left of a round's pools to the treasury. */
export function sweepCommand(): Command {
  const command = new Command("sweep")
    .description("send what is left of a settled round's pools to the treasury; anybody may")
    .requiredOption("--round <number>", "round to sweep", parseRoundId)
    .action((options: Options) =>
      withContext(options, async (context) => {
        const request = { roundId: options.round, maxFeePerGas: options.maxFee };
        const name = `round ${options.round.toString()}`;
        const { due, treasury, ...left } = await previewSweep(context, request);
        await carryOut(context, options, {
          name: `Sweep ${name}`,
          facts: { round: options.round.toString(), totals: `${amounts(left)} left`, treasury },
          calls: due === undefined ? [] : [due],
          ...(due && { gas: due.gas, cost: due.cost }),
          act: () => sweep(context, request),
          describe: ({ sent, ...swept }) =>
            sent === undefined
              ? `nothing to do: nothing is left of the pools of ${name}`
              : `${name} swept: ${amounts(swept)} sent to the treasury by transaction ${sent.hash}`,
        });
      }),
    );
  return withSendingOptions(command, "sweep --round 3 --yes");
}

function amounts({ etherAmount, bonusAmount }: Remainder): string {
  return `${formatEther(etherAmount)} ether and ${formatNmr(bonusAmount)} NMR`;
}
