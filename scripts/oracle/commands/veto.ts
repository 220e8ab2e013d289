import { Command } from "commander";

import { carryOut } from "../../terminal/carry-out.js";
import {
  parseCount,
  parseRoundId,
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
        const name = `round ${roundId.toString()}`;
        const { attempts, due, vetoesLeft } = await previewVeto(context, request);
        await carryOut(context, options, {
          name: `Veto the attempts of ${name}`,
          facts: {
            round: roundId.toString(),
            kills: attempts.map((one) => `attempt ${one.attemptId} of ${one.proposer}`).join(", "),
            reason,
            left: plural(vetoesLeft, "veto", "vetoes"),
          },
          calls: due === undefined ? [] : [due],
          ...(due && { gas: due.gas, cost: due.cost }),
          act: () => veto(context, request),
          describe: ({ sent, vetoed, vetoesLeft: left, deadline }) =>
            [
              sent === undefined
                ? `nothing to do: attempt ${attemptId} of ${name} is vetoed`
                : `vetoed attempt ${vetoed.join(", ")} of ${name} by transaction ${sent.hash}`,
              `another attempt can resolve it until ${new Date(deadline * 1000).toISOString()}; ${plural(left, "veto", "vetoes")} left`,
            ].join("\n"),
        });
      }),
    );
  return withSendingOptions(command, 'veto --round 3 --attempt 1 --reason "model 4 was measured wrongly" --yes');
}
