import { Command } from "commander";

import { NumeraireError } from "../../../sdk/numeraire-error.js";
import { formatNmr } from "../../../sdk/units.js";
import { print, withCommonOptions, withReadingContext } from "../../terminal/command-line.js";
import { readJob, readOffer, readUsage } from "../client.js";
import { JOB, type JobOptions } from "../options.js";
import { readPrices } from "../prices.js";
import { ticketNamed } from "../tickets.js";
import { audit, totalCost, usageRoot } from "../usage-log.js";

/** `audit`: adds a channel's usage log again. */
export function auditCommand(): Command {
  const command = new Command("audit")
    .description("add the usage log of a job's channel again at the price list, and show any over-charge")
    .requiredOption(...JOB)
    .action((options: JobOptions) =>
      withReadingContext(options, async (context) => {
        const ticket = await ticketNamed(context, options.job);
        const [lines, status, offer] = await Promise.all([readUsage(ticket), readJob(ticket), readOffer(ticket.url)]);
        // What nobody demands has been signed: the log must add up to it exactly.
        const demand = status.demand ?? { lines: lines.length, cumulative: status.signed, usageRoot: undefined };
        const counted = lines.slice(0, demand.lines);
        const prices = await readPrices(context.suite, offer.providerId);
        const { cumulative, usageRoot: root = usageRoot(counted) } = demand;
        const found = audit(counted, prices, { cumulative, usageRoot: root });
        const mine = counted.filter(({ jobId }) => jobId === ticket.id);
        const cost = totalCost(mine);
        const text = [
          `job ${ticket.id}: ${mine.length} lines, ${formatNmr(cost)} NMR`,
          `channel: ${counted.length} lines, ${formatNmr(found.due)} NMR due, over-charge ${formatNmr(found.overcharge)} NMR`,
          ...found.problems,
        ].join("\n");
        print(options, { job: ticket.id, lines: mine.length, cost, ...found }, text);
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
