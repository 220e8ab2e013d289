import { Command } from "commander";

import { withSendingOptions, type SendingOptions } from "../../terminal/command-line.js";
import { parseAccount } from "../../terminal/parse-account.js";
import { parseAmount } from "../../terminal/parse-amount.js";
import { hashOf, parseMoment } from "../parse-options.js";
import { planPost } from "../post.js";
import { runAction } from "./run-action.js";

interface Options extends SendingOptions {
  terms: string;
  uri: string;
  amount: bigint;
  deadline: number;
  reviewer: string;
}

/** `post`: posts a bounty and puts the first NMR in. */
export function postCommand(): Command {
  const command = new Command("post")
    .description("post a bounty with NMR of the account, in one transaction and without an approval")
    .requiredOption(
      "--terms <file or hash>",
      "what has to be done: a file, whose SHA-256 is posted, or a hash of 32 bytes",
    )
    .option("--uri <uri>", "where the terms can be found", "")
    .requiredOption("--amount <NMR>", "NMR to put in", parseAmount)
    .requiredOption(
      "--deadline <moment>",
      "last second to submit: Unix seconds, 2027-03-01 or 2027-03-01T12:00Z",
      parseMoment,
    )
    .requiredOption("--reviewer <address>", "account that decides who is paid", parseAccount)
    .action((options: Options) =>
      runAction(options, async (context) => {
        const { terms, uri: termsURI, amount, deadline, reviewer } = options;
        return planPost(context, { termsHash: await hashOf(terms), termsURI, amount, deadline, reviewer });
      }),
    );
  return withSendingOptions(
    command,
    "post --terms terms.md --amount 100 --deadline 2027-03-01 --reviewer 0x70997970C51812dc3A010C7d01b50e0d17dc79C8 --yes",
  );
}
