import { Command } from "commander";

import { formatEther, formatNmr } from "../../../sdk/units.js";
import {
  confirm,
  parseRoundId,
  print,
  withContext,
  withSendingOptions,
  type SendingOptions,
} from "../../terminal/command-line.js";
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
        const { due, treasury, ...left } = await previewSweep(context, request);
        if (due !== undefined) {
          const steps = [`send ${amounts(left)} to the treasury ${treasury}`];
          const facts = { round: options.round.toString(), totals: `${amounts(left)} left` };
          if (!(await confirm(context, options, { facts, steps, ...due }))) {
            print(options, { dryRun: true, steps, ...due }, "1 transaction to send");
            return;
          }
        }
        const result = await sweep(context, request);
        const done =
          result.sent === undefined
            ? "nothing to do: nothing is left"
            : `swept: ${amounts(result)} sent to the treasury, transaction ${result.sent.hash},`;
        print(options, result, `${done} in round ${result.roundId.toString()}`);
      }),
    );
  return withSendingOptions(command, "sweep --round 3 --yes");
}

function amounts({ etherAmount, bonusAmount }: Remainder): string {
  return `${formatEther(etherAmount)} ether and ${formatNmr(bonusAmount)} NMR`;
}
