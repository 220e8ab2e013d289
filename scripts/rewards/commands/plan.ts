import { Command } from "commander";

import { formatNmr } from "../../../sdk/units.js";
import { print, withCommonOptions, withReadingContext, type CommonOptions } from "../../terminal/command-line.js";
import { plan } from "../plan.js";

interface Options extends CommonOptions {
  leaderboard: string;
  rule?: string;
  previous?: string;
  out?: string;
}

/** `plan`: from leaderboard and rule to the next week's tree. */
export function planCommand(): Command {
  const command = new Command("plan")
    .description("work out the next week from a leaderboard, and write it down; sends nothing")
    .requiredOption("--leaderboard <file>", "CSV or JSON with account and rank, live_logloss or both")
    .option("--rule <file>", "payout rule, JSON (default: 2,000 NMR for the first hundred)")
    .option("--previous <file>", "file of the live week (default: weeks/<week>.json)")
    .option("--out <file>", "where to write the week (default: weeks/<week>.json)")
    .action((options: Options) =>
      withReadingContext(options, async (context) => {
        const { path, sha256, newAccounts, file } = await plan(context, options);
        const { week, root, added, payouts, earned } = file;
        const counts = { paid: payouts.size, accounts: earned.size, newAccounts };
        print(
          options,
          { path, sha256, week, root, added, ...counts },
          [
            `week ${week.toString()}: ${formatNmr(added)} NMR for ${payouts.size} accounts; ${earned.size} in the tree, ${newAccounts} of them new`,
            `root ${root}`,
            `evidence ${sha256}`,
            `written to ${path}`,
          ].join("\n"),
        );
      }),
    );
  return withCommonOptions(command, "plan --leaderboard leaderboard.csv");
}
