import { Command } from "commander";

import { print, withCommonOptions, withReadingContext, type CommonOptions } from "../../terminal/command-line.js";
import type { TargetStage } from "../former-holder.js";
import { plan } from "../plan.js";
import { stepsTable } from "../steps-table.js";
import { parseStage } from "./parse-stage.js";

interface Options extends CommonOptions {
  stage: TargetStage;
}

/** `plan`: what is left to do to reach a stage, and by whom. */
export function planCommand(): Command {
  const command = new Command("plan")
    .description("show what is left to do to reach a stage, and who has to; sends nothing")
    .requiredOption("--stage <number>", "1 Safe, 2 timelock, 3 governor", parseStage)
    .action((options: Options) =>
      withReadingContext(options, async (context) => {
        const { stage, block, holders, steps } = await plan(context, options.stage);
        const text = steps.length === 0 ? `stage ${stage}: nothing is left to do` : stepsTable(steps, holders);
        print(options, { stage, block, steps }, text);
      }),
    );
  return withCommonOptions(command, "plan --stage 1");
}
