import { Command } from "commander";

import { formatNmr } from "../../../sdk/units.js";
import { carryOut } from "../../terminal/carry-out.js";
import { withContext, withSendingOptions, type SendingOptions } from "../../terminal/command-line.js";
import { activate, previewActivate } from "../activate.js";
import { parseProposalId } from "../parse-proposal-id.js";

interface Options extends SendingOptions {
  proposal?: bigint;
}

/** `activate`: anybody makes an approved week live. */
export function activateCommand(): Command {
  const command = new Command("activate")
    .description("mint an approved week and make its root live")
    .option("--proposal <number>", "proposal to activate (default: the newest that is approved)", parseProposalId)
    .action((options: Options) =>
      withContext(options, async (context) => {
        const request = { proposalId: options.proposal, maxFeePerGas: options.maxFee };
        const { proposal, due } = await previewActivate(context, request);
        const week = `week ${proposal.week.toString()}`;
        await carryOut(context, options, {
          name: `Activate ${week}`,
          facts: {
            contract: await context.suite.rewards.getAddress(),
            week: proposal.week.toString(),
            mints: `${formatNmr(proposal.added)} NMR`,
            root: proposal.root,
          },
          calls: due === undefined ? [] : [due],
          ...(due && { gas: due.gas, cost: due.cost }),
          act: () => activate(context, request),
          describe: ({ sent, root, allocated }) =>
            [
              sent === undefined ? `nothing to do: ${week} is live` : `${week} is live by transaction ${sent.hash}`,
              `root ${root}; ${formatNmr(allocated)} NMR allocated in all`,
            ].join("\n"),
        });
      }),
    );
  return withSendingOptions(command, "activate --yes");
}
