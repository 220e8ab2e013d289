import { Command } from "commander";

import {
  confirm,
  parseCount,
  parseRoundId,
  print,
  withContext,
  withSendingOptions,
  type SendingOptions,
} from "../../terminal/command-line.js";
import { DEFAULT_BATCH, earlierWarning, previewSettle, settle } from "../settle.js";

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
        if (batches.length > 0) {
          if (earlier.length > 0) context.log.warn(earlierWarning(earlier));
          const steps = batches.map(({ from, to }) => `settle stakes ${from} to ${to - 1}`);
          const unsettled = batches.reduce((sum, batch) => sum + batch.unsettled, 0);
          const facts = { round: options.round.toString(), totals: `${unsettled} stakes to settle` };
          if (!(await confirm(context, options, { facts, steps }))) {
            print(options, { dryRun: true, steps }, `${steps.length} transactions to send`);
            return;
          }
        }
        const result = await settle(context, request);
        const done = result.sent.length === 0 ? "nothing to do" : `${result.settled} stakes settled`;
        print(options, result, `${done} in round ${result.roundId.toString()}`);
      }),
    );
  return withSendingOptions(command, "settle --round 3 --yes");
}
