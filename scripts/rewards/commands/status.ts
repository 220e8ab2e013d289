import { Command } from "commander";

import { print, withCommonOptions, withReadingContext, type CommonOptions } from "../../terminal/command-line.js";
import { status, statusTable } from "../status.js";

/** `status`: what is live, what is proposed, what is due next. */
export function statusCommand(): Command {
  const command = new Command("status")
    .description("what is live, what is proposed, and what is due next, by whom")
    .action((options: CommonOptions) =>
      withReadingContext(options, async (context) => {
        const report = await status(context);
        print(options, report, statusTable(report));
      }),
    );
  return withCommonOptions(command, "status");
}
