import { Command } from "commander";

import { carryOut } from "../../terminal/carry-out.js";
import { withContext, withSendingOptions, type SendingOptions } from "../../terminal/command-line.js";
import { approve, previewApprove } from "../approve.js";
import { EXPECTED_RULE } from "./expected-rule.js";
import { parseProposalId } from "../parse-proposal-id.js";

interface Options extends SendingOptions {
  plan: string;
  previous?: string;
  leaderboard: string;
  rule?: string;
  proposal?: bigint;
}

/** `approve`: another member verifies a week, then approves it. */
export function approveCommand(): Command {
  const command = new Command("approve")
    .description("recompute a week, and approve the proposal of it if all agrees")
    .requiredOption("--plan <file>", "week file: the member's own, or the published one")
    .option("--previous <file>", "file of the live week (default: weeks/<week>.json)")
    .requiredOption("--leaderboard <file>", "the member's own leaderboard, to compare with the file's")
    .option("--rule <file>", EXPECTED_RULE)
    .option("--proposal <number>", "proposal to approve (default: the newest of the file)", parseProposalId)
    .action((options: Options) =>
      withContext(options, async (context) => {
        const { plan, previous, leaderboard, rule, proposal: proposalId } = options;
        const request = { plan, previous, leaderboard, rule, proposalId, maxFeePerGas: options.maxFee };
        const { proposal, due } = await previewApprove(context, request);
        await carryOut(context, options, {
          name: `Approve the rewards of week ${proposal.week.toString()}`,
          facts: {
            contract: await context.suite.rewards.getAddress(),
            week: proposal.week.toString(),
            proposal: `${proposal.proposalId.toString()} of ${proposal.proposer}`,
            report: proposal.reportHash,
          },
          calls: due === undefined ? [] : [due],
          ...(due && { gas: due.gas, cost: due.cost }),
          act: () => approve(context, request),
          describe: ({ sent, approvals, quorum }) =>
            [
              sent === undefined ? "nothing to do" : `approved by transaction ${sent.hash}`,
              `proposal ${proposal.proposalId.toString()}: ${approvals.toString()} of ${quorum.toString()} approvals`,
            ].join("\n"),
        });
      }),
    );
  return withSendingOptions(command, "approve --plan weeks/1.json --leaderboard own.csv --yes");
}
