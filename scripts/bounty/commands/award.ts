import { Command } from "commander";

import { withSendingOptions, type SendingOptions } from "../../terminal/command-line.js";
import { planAward } from "../award.js";
import { awardTerms, withAwardOptions, type AwardOptions } from "./award-options.js";
import { runAction } from "./run-action.js";

/** `award`: the reviewer awards NMR for a submission. */
export function awardCommand(): Command {
  const command = withAwardOptions(new Command("award"))
    .description("award NMR for a submission, by the reviewer's transaction")
    .action((options: SendingOptions & AwardOptions) =>
      runAction(options, (context) => planAward(context, awardTerms(options))),
    );
  return withSendingOptions(
    command,
    "award --bounty 3 --submission 1 --pay 0x70997970C51812dc3A010C7d01b50e0d17dc79C8=30 --vesting-days 90 --yes",
  );
}
