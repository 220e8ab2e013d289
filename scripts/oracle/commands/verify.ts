import { Command } from "commander";

import {
  parseCount,
  parseRoundId,
  print,
  withCommonOptions,
  withReadingContext,
  type CommonOptions,
} from "../../terminal/command-line.js";
import { verify } from "../verify.js";
import { verifyTable } from "../verify-table.js";

interface Options extends CommonOptions {
  round: bigint;
  attempt?: number;
  scores?: string;
  mapping?: string;
}

/** `verify`: recomputes a round from chain data. */
export function verifyCommand(): Command {
  const command = new Command("verify")
    .description("recompute a round from chain data and compare; exit code 2 where anything differs")
    .requiredOption("--round <number>", "round to verify", parseRoundId)
    .option(
      "--attempt <number>",
      "attempt to verify (default: the resolving one, or the newest complete one)",
      parseCount,
    )
    .option("--scores <file>", "score file to compare with, row by row")
    .option("--mapping <file>", "model ids by username, for a leaderboard")
    .action((options: Options) =>
      withReadingContext(options, async (context) => {
        const result = await verify(context, {
          roundId: options.round,
          attemptId: options.attempt,
          scoreFile: options.scores,
          mapping: options.mapping,
        });
        print(options, result, verifyTable(result));
        if (!result.ok) process.exitCode = 2;
      }),
    );
  return withCommonOptions(command, "verify --round 3 --scores scores.csv");
}
