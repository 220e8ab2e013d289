import { Command } from "commander";

import { NumeraireError } from "../../../sdk/numeraire-error.js";
import { print, withCommonOptions, withReadingContext } from "../../terminal/command-line.js";
import { auditJob, auditText } from "../audit-job.js";
import { JOB, type JobOptions } from "../options.js";
import { ticketNamed } from "../tickets.js";

/** `audit`: adds a channel's usage log again. */
export function auditCommand(): Command {
  const command = new Command("audit")
    .description("add the usage log of a job's channel again at the price list, and show any over-charge")
    .requiredOption(...JOB)
    .action((options: JobOptions) =>
      withReadingContext(options, async (context) => {
        const found = await auditJob(context, await ticketNamed(context, options.job));
        print(options, found, auditText(found));
        if (found.problems.length > 0) {
          throw new NumeraireError(`usage log: found ${found.problems.length} problems, expected none`, {
            hint: "Sign nothing more for this provider, and withdraw.",
            exitCode: 2,
          });
        }
      }),
    );
  return withCommonOptions(command, "audit --job 0x12ab");
}
