import { Command } from "commander";

import { formatEther, formatNmr } from "../../../sdk/units.js";
import { carryOut } from "../../terminal/carry-out.js";
import {
  parseCount,
  parseRoundId,
  withContext,
  withSendingOptions,
  type SendingOptions,
} from "../../terminal/command-line.js";
import { approve, previewApprove } from "../approve.js";

interface Options extends SendingOptions {
  round: bigint;
  scores: string;
  attempt?: number;
  mapping?: string;
  allowUnscored?: boolean;
}

/** `approve`: a second member checks an attempt against its own scores, and approves the report. */
export function approveCommand(): Command {
  const command = new Command("approve")
    .description("recompute a round from your own score file and approve the report if all agrees; exit code 2 if not")
    .requiredOption("--round <number>", "round to approve", parseRoundId)
    .requiredOption("--scores <file>", "your own score file, CSV or JSON")
    .option("--attempt <number>", "attempt to approve (default: the newest complete one not vetoed)", parseCount)
    .option("--mapping <file>", "model ids by username, for a leaderboard")
    .option("--allow-unscored", "agree that stakes without a row are unscored, instead of refusing")
    .action((options: Options) =>
      withContext(options, async (context) => {
        const { round: roundId, scores: scoreFile, attempt: attemptId, mapping, allowUnscored, maxFee } = options;
        const request = { roundId, scoreFile, attemptId, mapping, allowUnscored, maxFeePerGas: maxFee };
        const preview = await previewApprove(context, request);
        const { attempt, due, reportHash, round, warnings } = preview;
        for (const warning of warnings) context.log.warn(warning);
        const name = `attempt ${attempt.attemptId} of round ${roundId.toString()}`;
        await carryOut(context, options, {
          name: `Approve ${name}`,
          facts: {
            round: roundId.toString(),
            attempt: `${attempt.attemptId} of ${attempt.proposer}, agrees with ${scoreFile}`,
            report: reportHash,
            totals: `${formatEther(attempt.above + attempt.cutPayout)} ether paid, ${formatNmr(attempt.burned)} NMR destroyed, ${formatNmr(round.totalStaked - attempt.burned)} NMR returned`,
          },
          calls: due === undefined ? [] : [due],
          ...(due && { gas: due.gas, cost: due.cost }),
          act: () => approve(context, request, preview),
          describe: ({ sent, approvals, quorum }) =>
            [
              sent !== undefined
                ? `approved ${name}, report ${reportHash}, by transaction ${sent.hash}`
                : round.status === "Resolved"
                  ? `nothing to do: ${name} has resolved it`
                  : `nothing to do: ${name} is approved by this account`,
              `${approvals.toString()} of ${quorum.toString()} approvals`,
            ].join("; "),
        });
      }),
    );
  return withSendingOptions(command, "approve --round 3 --scores scores.csv --yes");
}
