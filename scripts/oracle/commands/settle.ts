import { Command } from "commander";

import { formatEther, formatNmr } from "../../../sdk/units.js";
import { carryOut } from "../../terminal/carry-out.js";
import {
  parseCount,
  parseRoundId,
  withContext,
  withSendingOptions,
  type SendingOptions,
} from "../../terminal/command-line.js";
import { plural } from "../../terminal/plural.js";
import { DEFAULT_BATCH, earlierWarning, previewSettle, settle, settleCalls, type SettleResult } from "../settle.js";
import type { SettledAmounts } from "../settled-amounts.js";

interface Options extends SendingOptions {
  round: bigint;
  batch: number;
}

/** `settle`: pays and gives back what a resolved or void round owes. */
export function settleCommand(): Command {
  const command = new Command("settle")
    .description("settle every stake of a resolved or void round; anybody may")
    .requiredOption("--round <number>", "round to settle", parseRoundId)
    .option("--batch <stakes>", "most stakes a transaction", parseCount, DEFAULT_BATCH)
    .action((options: Options) =>
      withContext(options, async (context) => {
        const request = { roundId: options.round, batch: options.batch, maxFeePerGas: options.maxFee };
        const { batches, earlier } = await previewSettle(context, request);
        if (earlier.length > 0) context.log.warn(earlierWarning(earlier));
        const unsettled = batches.reduce((sum, batch) => sum + batch.unsettled, 0);
        await carryOut(context, options, {
          name: `Settle round ${options.round.toString()}`,
          facts: { round: options.round.toString(), totals: `${plural(unsettled, "stake")} to settle` },
          calls: await settleCalls(context, options.round, batches),
          act: () => settle(context, request),
          describe: settledText,
        });
      }),
    );
  return withSendingOptions(command, "settle --round 3 --yes");
}

/** Totals, then one line a transaction. */
function settledText(result: SettleResult): string {
  const { roundId, sent, settled } = result;
  const name = `round ${roundId.toString()}`;
  if (sent.length === 0) return `nothing to do in ${name}`;
  return [
    `${plural(settled, "stake")} settled in ${name}: ${amounts(result)}`,
    ...sent.map((one) => `  stakes ${one.from} to ${one.to - 1}: ${amounts(one)}; transaction ${one.hash}`),
  ].join("\n");
}

function amounts({ returned, burned, etherPaid, bonus }: SettledAmounts): string {
  return `${formatEther(etherPaid)} ether paid, ${formatNmr(returned)} NMR returned, ${formatNmr(burned)} NMR destroyed, ${formatNmr(bonus)} NMR bonus`;
}
