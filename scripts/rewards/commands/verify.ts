import { Command } from "commander";

import { print, withCommonOptions, withReadingContext, type CommonOptions } from "../../terminal/command-line.js";
import { plural } from "../../terminal/plural.js";
import { table } from "../../terminal/table.js";
import { describeDifference } from "../describe-difference.js";
import { EXPECTED_RULE } from "./expected-rule.js";
import { verify, type VerifyResult } from "../verify.js";

interface Options extends CommonOptions {
  plan: string;
  previous?: string;
  leaderboard?: string;
  rule?: string;
}

/** Differences beyond this are for --json. */
const MOST_ROWS = 50;

/** `verify`: anybody recomputes a week and compares it with the chain. */
export function verifyCommand(): Command {
  const command = new Command("verify")
    .description("recompute a week from its file and the chain; exit code 2 when anything differs")
    .requiredOption("--plan <file>", "week file, as it was published")
    .option("--previous <file>", "file of the week before (default: weeks/<week>.json)")
    .option("--leaderboard <file>", "your own leaderboard, to compare with the file's")
    .option("--rule <file>", EXPECTED_RULE)
    .action((options: Options) =>
      withReadingContext(options, async (context) => {
        const result = await verify(context, options);
        print(options, result, verifyTable(result));
        if (!result.ok) process.exitCode = 2;
      }),
    );
  return withCommonOptions(command, "verify --plan weeks/1.json");
}

function verifyTable({ week, checks, differences }: VerifyResult): string {
  const rows = checks.map(({ name, detail, differences: own }) => [
    own.length === 0 ? "ok" : plural(own.length, "difference"),
    name,
    detail,
  ]);
  return [
    `week ${week.toString()}`,
    table(["", "check", "what"], rows),
    differences.length === 0 ? "all agree" : plural(differences.length, "difference"),
    ...differences.slice(0, MOST_ROWS).map((difference) => `  ${describeDifference(difference)}`),
    ...(differences.length > MOST_ROWS ? [`  ... and ${differences.length - MOST_ROWS} more; see --json`] : []),
  ].join("\n");
}
