import { Command } from "commander";

import { stages } from "../../../deploy/_stages.js";
import { checkTable } from "../../oracle/verify/check-table.js";
import { print, withCommonOptions, withReadingContext, type CommonOptions } from "../../terminal/command-line.js";
import type { TargetStage } from "../former-holder.js";
import { verify } from "../verify.js";
import { parseStage } from "./parse-stage.js";

interface Options extends CommonOptions {
  stage: TargetStage;
}

/** `verify`: anybody proves that a stage is reached. */
export function verifyCommand(): Command {
  const command = new Command("verify")
    .description("prove from the chain that a stage is reached and former holders have nothing; exit code 2 when not")
    .requiredOption("--stage <number>", "1 Safe, 2 timelock, 3 governor", parseStage)
    .action((options: Options) =>
      withReadingContext(options, async (context) => {
        const proof = await verify(context, options.stage);
        const title = `stage ${proof.stage} (${stages[proof.stage].name}) at block ${proof.block}`;
        print(options, proof, checkTable(title, proof.checks));
        if (!proof.ok) process.exitCode = 2;
      }),
    );
  return withCommonOptions(command, "verify --stage 1");
}
