import { Option, type Command } from "commander";

import type { AwardTerms, Payment } from "../award-terms.js";
import { parseDays, parseNumber, parsePayment } from "../parse-options.js";

/** Options that say who gets how much. */
export interface AwardOptions {
  bounty: bigint;
  submission: bigint;
  pay: Payment[];
  /** Seconds. */
  vestingDays: bigint;
}

/** Adds the options that say who gets how much. */
export function withAwardOptions(command: Command): Command {
  return command
    .requiredOption("--bounty <number>", "bounty to award from", parseNumber)
    .requiredOption("--submission <number>", "submission that wins", parseNumber)
    .requiredOption("--pay <account=NMR>", "who gets how much; once for each of at most 16 accounts", parsePayment)
    .addOption(
      new Option("--vesting-days <days>", "pay it evenly over so many days")
        .argParser(parseDays)
        .default(0n, "at once"),
    );
}

/** The award that the options name. */
export function awardTerms({ bounty, submission, pay, vestingDays }: AwardOptions): AwardTerms {
  return { bountyId: bounty, submissionId: submission, payments: pay, vestingSeconds: vestingDays };
}
