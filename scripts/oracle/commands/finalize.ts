import { Command } from "commander";

import { formatNmr } from "../../../sdk/units.js";
import { carryOut } from "../../terminal/carry-out.js";
import {
  parseCount,
  parseRoundId,
  withContext,
  withSendingOptions,
  type SendingOptions,
} from "../../terminal/command-line.js";
import { finalize, finalizeCall, previewFinalize } from "../finalize.js";

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
        const burned = formatNmr(attempt?.burned ?? 0n);
        await carryOut(context, options, {
          name: `Resolve round ${round.roundId.toString()}`,
          facts: {
            round: round.roundId.toString(),
            totals: `${burned} of ${formatNmr(round.totalStaked)} NMR destroyed`,
          },
          calls: attempt === undefined ? [] : [await finalizeCall(context, options.round, attempt.attemptId)],
          act: () => finalize(context, request),
          describe: (result) =>
            `${result.sent === undefined ? "nothing to do" : "finalised"}: round ${result.roundId.toString()} resolved by attempt ${result.attemptId}, ${formatNmr(result.burned)} NMR destroyed`,
        });
      }),
    );
  return withSendingOptions(command, "finalize --round 3 --yes");
}
