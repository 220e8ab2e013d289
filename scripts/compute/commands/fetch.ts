import { Command } from "commander";

import { print, withCommonOptions, withReadingContext } from "../../terminal/command-line.js";
import { JOB, type JobOptions } from "../options.js";
import { fetchResults } from "../run-job.js";
import { ticketNamed } from "../tickets.js";

/** `fetch`: what a job left. */
export function fetchCommand(): Command {
  const command = new Command("fetch")
    .description("write what a job left into a folder")
    .requiredOption(...JOB)
    .requiredOption("--out <folder>", "folder to write into")
    .action((options: JobOptions & { out: string }) =>
      withReadingContext(options, async (context) => {
        const files = await fetchResults(await ticketNamed(context, options.job), options.out);
        print(options, { files }, files.join("\n"));
      }),
    );
  return withCommonOptions(command, "fetch --job 0x12ab --out results");
}
