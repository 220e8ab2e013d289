import { Command } from "commander";

import { formatNmr } from "../../../sdk/units.js";
import { carryOut } from "../../terminal/carry-out.js";
import { withContext, withSendingOptions, type SendingOptions } from "../../terminal/command-line.js";
import { previewPropose, propose } from "../propose.js";
import { EXPECTED_RULE } from "./expected-rule.js";
import { showTime } from "../rewards-state.js";

interface Options extends SendingOptions {
  plan: string;
  previous?: string;
  rule?: string;
  evidenceUri?: string;
}

/** `propose`: a member proposes a week and approves it. */
export function proposeCommand(): Command {
  const command = new Command("propose")
    .description("propose a planned week and approve it; continues where it stopped")
    .requiredOption("--plan <file>", "week file that the command plan wrote")
    .option("--previous <file>", "file of the live week (default: weeks/<week>.json)")
    .option("--rule <file>", EXPECTED_RULE)
    .option("--evidence-uri <uri>", "where others find the week file")
    .action((options: Options) =>
      withContext(options, async (context) => {
        const { plan, previous, rule, evidenceUri: evidenceURI } = options;
        const request = { plan, previous, rule, evidenceURI, maxFeePerGas: options.maxFee };
        const { stored, calls, gas, cost, proposal } = await previewPropose(context, request);
        const { week, root, added, payouts } = stored.file;
        await carryOut(context, options, {
          name: `Rewards of week ${week.toString()}`,
          facts: {
            contract: stored.file.rewards,
            week: week.toString(),
            totals: `${formatNmr(added)} NMR for ${payouts.size} accounts`,
            root,
          },
          calls,
          gas,
          cost,
          notes:
            proposal === undefined
              ? ["the calls suppose that nobody proposes before them: if somebody does, approve the proposal again"]
              : [],
          act: () => propose(context, request),
          describe: ({ sent, proposalId, reportHash, approvals, quorum, from, until }) =>
            [
              sent.length === 0 ? "nothing to do" : `${sent.length} transactions mined`,
              `proposal ${proposalId.toString()}, report ${reportHash}: ${approvals.toString()} of ${quorum.toString()} approvals`,
              `to be activated from ${showTime(from)} until ${showTime(until)}`,
            ].join("\n"),
        });
      }),
    );
  return withSendingOptions(command, "propose --plan weeks/1.json --yes");
}
