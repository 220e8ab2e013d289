import { Command } from "commander";

import { print, withCommonOptions, withReadingContext } from "../../terminal/command-line.js";
import { readLogs } from "../client.js";
import { JOB, type JobOptions } from "../options.js";
import { ticketNamed } from "../tickets.js";

/** `logs`: what a job printed. */
export function logsCommand(): Command {
  const command = new Command("logs")
    .description("what a job printed so far")
    .requiredOption(...JOB)
    .action((options: JobOptions) =>
      withReadingContext(options, async (context) => {
        const output = (await readLogs(await ticketNamed(context, options.job))).toString();
        print(options, { output }, output.trimEnd());
      }),
    );
  return withCommonOptions(command, "logs --job 0x12ab");
}
