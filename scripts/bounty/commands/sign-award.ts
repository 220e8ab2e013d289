import { randomBytes } from "node:crypto";

import { hexlify } from "ethers";
import { Command, Option } from "commander";

import type { Context } from "../../chain/context.js";
import {
  print,
  withCommonOptions,
  withContext,
  withSignerOptions,
  type SignerOptions,
} from "../../terminal/command-line.js";
import { chainTime } from "../chain-time.js";
import { parseDays, parseNonce } from "../parse-options.js";
import { draftApproval, signApproval, writeApprovalFile } from "../sign-award.js";
import { awardTerms, withAwardOptions, type AwardOptions } from "./award-options.js";

interface Options extends SignerOptions, AwardOptions {
  out: string;
  nonce?: bigint;
  /** Seconds. */
  validDays: bigint;
  unsigned?: boolean;
  yes?: boolean;
}

/** `sign-award`: the reviewer signs an award that anybody can redeem. */
export function signAwardCommand(): Command {
  const command = withAwardOptions(new Command("sign-award"))
    .description("sign an award as the reviewer, or write down what a Safe has to sign; sends nothing")
    .requiredOption("--out <file>", "file to write the approval to; it must not exist")
    .addOption(
      new Option("--valid-days <days>", "days in which it can be redeemed")
        .argParser(parseDays)
        .default(30n * 86_400n, "30"),
    )
    .option("--nonce <number>", "number to revoke it by (default: a random one)", parseNonce)
    .option("--unsigned", "leave the signature to the reviewer's own wallet, for example a Safe")
    .option("--yes", "sign and write the file; without it nothing is signed")
    .action((options: Options) => withContext(options, (context) => run(context, options)));
  return withSignerOptions(
    withCommonOptions(
      command,
      "sign-award --bounty 3 --submission 1 --pay 0x70997970C51812dc3A010C7d01b50e0d17dc79C8=30 --out award.json --yes",
    ),
  );
}

async function run(context: Context, options: Options): Promise<void> {
  const { out, nonce = BigInt(hexlify(randomBytes(8))), validDays, unsigned = false, yes = false } = options;
  const deadline = (await chainTime(context)) + Number(validDays);
  const draft = await draftApproval(context, { ...awardTerms(options), nonce, deadline, unsigned });
  const facts = { chain: `${context.chainId.toString()} (${context.network})`, ...draft.facts };
  for (const [name, value] of Object.entries(facts)) context.log.info(`${name}: ${value}`);
  if (!yes) {
    context.log.info("dry run: nothing was signed; pass --yes to sign");
    print(options, { dryRun: true, ...draft.file }, `approval ${draft.file.hash} to sign`);
    return;
  }
  const file = unsigned ? draft.file : await signApproval(context, draft);
  await writeApprovalFile(out, file);
  const next = unsigned
    ? `let ${draft.reviewer} sign its "typedData", then redeem --approval ${out} --signature 0x…`
    : `anybody can redeem --approval ${out}`;
  print(options, { path: out, ...file }, `approval written to ${out}: ${next}`);
}
