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
import { plural } from "../../terminal/plural.js";
import { previewVeto, veto } from "../veto.js";

interface Options extends SendingOptions {
  round: bigint;
  attempt: number;
  reason: string;
}

/** `veto`: the guardian kills every attempt begun so far. */
export function vetoCommand(): Command {
  const command = new Command("veto")
    .description("kill every attempt of a round begun so far; the guardian alone may")
    .requiredOption("--round <number>", "round of the attempt", parseRoundId)
    .requiredOption("--attempt <number>", "attempt that must not resolve the round", parseCount)
    .requiredOption("--reason <text>", "why; it is kept on chain")
    .action((options: Options) =>
      withContext(options, async (context) => {
        const { round: roundId, attempt: attemptId, reason } = options;
        const request = { roundId, attemptId, reason, maxFeePerGas: options.maxFee };
        const { attempts, due, vetoesLeft } = await previewVeto(context, request);
        if (due !== undefined) {
          const steps = attempts.map((one) => `kill attempt ${one.attemptId} of ${one.proposer}`);
          const totals = `${plural(vetoesLeft, "veto", "vetoes")} left before this one`;
          const facts = { round: roundId.toString(), reason, totals };
          if (!(await confirm(context, options, { facts, steps: [steps.join(", ")], ...due }))) {
            print(options, { dryRun: true, steps, ...due }, "1 transaction to send");
            return;
          }
        }
        const result = await veto(context, request);
        const left = `${plural(result.vetoesLeft, "veto", "vetoes")} left`;
        const until = new Date(result.deadline * 1000).toISOString();
        print(
          options,
          result,
          result.sent === undefined
            ? `nothing to do: attempt ${attemptId} of round ${roundId.toString()} is vetoed, ${left}`
            : `vetoed attempt ${result.vetoed.join(", ")} of round ${roundId.toString()} by transaction ${result.sent.hash}, ${left}; another attempt can resolve it until ${until}`,
        );
      }),
    );
  return withSendingOptions(command, 'veto --round 3 --attempt 1 --reason "model 4 was measured wrongly" --yes');
}
