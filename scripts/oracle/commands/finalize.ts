import { Command } from "commander";

import { formatNmr } from "../../../sdk/units.js";
import {
  confirm,
  parseCount,
  parseRoundId,
  print,
  withContext,
  withSendingOptions,
  type SendingOptions,
} from "../../terminal/command-line.js";
import { finalize, previewFinalize } from "../finalize.js";

interface Options extends SendingOptions {
  round: bigint;
  attempt?: number;
}

/** `finalize`: resolves a round by an approved attempt. */
export function finalizeCommand(): Command {
  const command = new Command("finalize")
    .description("resolve a round by its approved attempt; anybody may")
    .requiredOption("--round <number>", "round to resolve", parseRoundId)
    .option("--attempt <number>", "attempt to resolve it by (default: the newest approved)", parseCount)
    .action((options: Options) =>
      withContext(options, async (context) => {
        const request = { roundId: options.round, attemptId: options.attempt, maxFeePerGas: options.maxFee };
        const { round, attempt } = await previewFinalize(context, request);
        if (attempt !== undefined) {
          const steps = [`finalize by attempt ${attempt.attemptId}`];
          const facts = {
            round: round.roundId.toString(),
            totals: `${formatNmr(attempt.burned)} of ${formatNmr(round.totalStaked)} NMR destroyed`,
          };
          if (!(await confirm(context, options, { facts, steps }))) {
            print(options, { dryRun: true, steps }, "1 transaction to send");
            return;
          }
        }
        const result = await finalize(context, request);
        const done = result.sent === undefined ? "nothing to do" : "finalised";
        print(
          options,
          result,
          `${done}: round ${result.roundId.toString()} resolved by attempt ${result.attemptId}, ${formatNmr(result.burned)} NMR destroyed`,
        );
      }),
    );
  return withSendingOptions(command, "finalize --round 3 --yes");
}
