import { Command } from "commander";

import {
  parseRoundId,
  print,
  withCommonOptions,
  withReadingContext,
  type CommonOptions,
} from "../../terminal/command-line.js";
import { status } from "../status.js";
import { statusTable } from "../status-table.js";

interface Options extends CommonOptions {
  round?: bigint;
}

/** `status`: where rounds stand and what is due next. */
export function statusCommand(): Command {
  const command = new Command("status")
    .description("where rounds stand, what is due next, and by whom")
    .option("--round <number>", "one round (default: all)", parseRoundId)
    .action((options: Options) =>
      withReadingContext(options, async (context) => {
        const report = await status(context, { roundId: options.round });
        print(options, report, statusTable(report));
      }),
    );
  return withCommonOptions(command, "status --round 3");
}
