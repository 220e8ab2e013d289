import { Command } from "commander";

import { carryOut } from "../../terminal/carry-out.js";
import {
  parseCount,
  parseRoundId,
  withContext,
  withSendingOptions,
  type SendingOptions,
} from "../../terminal/command-line.js";
import { DEFAULT_BATCH, earlierWarning, previewSettle, settle, settleCalls } from "../settle.js";

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
          facts: { round: options.round.toString(), totals: `${unsettled} stakes to settle` },
          calls: await settleCalls(context, options.round, batches),
          act: () => settle(context, request),
          describe: ({ sent, settled, roundId }) =>
            `${sent.length === 0 ? "nothing to do" : `${settled} stakes settled`} in round ${roundId.toString()}`,
        });
      }),
    );
  return withSendingOptions(command, "settle --round 3 --yes");
}
