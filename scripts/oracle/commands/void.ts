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
        const { round, due } = await previewVoid(context, request);
        if (due !== undefined) {
          const steps = [`void round ${round.roundId.toString()}`];
          const facts = { round: round.roundId.toString(), totals: `${formatNmr(round.totalStaked)} NMR goes back` };
          if (!(await confirm(context, options, { facts, steps, ...due }))) {
            print(options, { dryRun: true, steps, ...due }, "1 transaction to send");
            return;
          }
        }
        const result = await voidRound(context, request);
        const { roundId, sent, totalStaked } = result;
        const done = sent === undefined ? "nothing to do" : `voided by transaction ${sent.hash}`;
        const next = `settle --round ${roundId.toString()} gives ${formatNmr(totalStaked)} NMR back, sponsors reclaim their contributions`;
        print(options, result, `${done}: round ${roundId.toString()} is void; ${next}`);
      }),
    );
  return withSendingOptions(command, "void --round 3 --yes");
}
