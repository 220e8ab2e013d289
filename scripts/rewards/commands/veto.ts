import { Command } from "commander";

import { formatNmr } from "../../../sdk/units.js";
import { carryOut } from "../../terminal/carry-out.js";
import { withContext, withSendingOptions, type SendingOptions } from "../../terminal/command-line.js";
import { parseProposalId } from "../parse-proposal-id.js";
import { previewVeto, veto } from "../veto.js";

interface Options extends SendingOptions {
  proposal: bigint;
  reason: string;
}

/** `veto`: the guardian kills every proposal made so far. */
export function vetoCommand(): Command {
  const command = new Command("veto")
    .description("kill every proposal made so far; the guardian alone may")
    .requiredOption("--proposal <number>", "proposal that must not become live", parseProposalId)
    .requiredOption("--reason <text>", "why; it is kept on chain")
    .action((options: Options) =>
      withContext(options, async (context) => {
        const { proposal: proposalId, reason } = options;
        const request = { proposalId, reason, maxFeePerGas: options.maxFee };
        const { week, proposals, due } = await previewVeto(context, request);
        await carryOut(context, options, {
          name: `Veto the proposals of week ${week.toString()}`,
          facts: {
            contract: await context.suite.rewards.getAddress(),
            week: week.toString(),
            kills: proposals
              .map((one) => `proposal ${one.proposalId.toString()} of ${one.proposer}, ${formatNmr(one.added)} NMR`)
              .join("; "),
            reason,
          },
          calls: due === undefined ? [] : [due],
          ...(due && { gas: due.gas, cost: due.cost }),
          act: () => veto(context, request),
          describe: ({ sent, vetoed }) =>
            sent === undefined
              ? `nothing to do: proposal ${proposalId.toString()} is vetoed`
              : `vetoed proposal ${vetoed.join(", ")} of week ${week.toString()} by transaction ${sent.hash}; another can be proposed`,
        });
      }),
    );
  return withSendingOptions(command, 'veto --proposal 4 --reason "rank 3 is paid twice" --yes');
}
