import { Command } from "commander";

import {
  parseRoundId,
  print,
  withCommonOptions,
  withReadingContext,
  type CommonOptions,
} from "../../terminal/command-line.js";
import { plan } from "../plan.js";
import { planTable } from "../plan-table.js";

interface Options extends CommonOptions {
  round: bigint;
  scores: string;
  mapping?: string;
  out?: string;
  evidenceUri?: string;
  allowUnscored?: boolean;
  allowUnstaked?: boolean;
}

/** `plan`: from score file and chain to what resolving the round takes. */
export function planCommand(): Command {
  const command = new Command("plan")
    .description("work out what resolving a round takes, and write it down; sends nothing")
    .requiredOption("--round <number>", "round to resolve", parseRoundId)
    .requiredOption("--scores <file>", "score file, CSV or JSON")
    .option("--mapping <file>", "model ids by username, for a leaderboard")
    .option("--out <file>", "where to write the plan (default: rounds/<round>/plan.json)")
    .option("--evidence-uri <uri>", "where others find the score file")
    .option("--allow-unscored", "return stakes that have no score, instead of refusing")
    .option("--allow-unstaked", "skip models that have no stake, instead of refusing")
    .action((options: Options) =>
      withReadingContext(options, async (context) => {
        const result = await plan(context, {
          roundId: options.round,
          scoreFile: options.scores,
          mapping: options.mapping,
          out: options.out,
          evidenceURI: options.evidenceUri,
          allowUnscored: options.allowUnscored,
          allowUnstaked: options.allowUnstaked,
        });
        for (const warning of result.warnings) context.log.warn(warning);
        print(options, result, planTable(result));
      }),
    );
  return withCommonOptions(command, "plan --round 3 --scores scores.csv");
}
