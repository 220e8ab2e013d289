import Table from "cli-table3";
import { Command } from "commander";

import { formatNmr } from "../../../sdk/units.js";
import { print, withCommonOptions, withReadingContext, type CommonOptions } from "../../terminal/command-line.js";
import { readJob } from "../client.js";
import { readTickets } from "../tickets.js";

/** `jobs`: what this machine had run. */
export function jobsCommand(): Command {
  const command = new Command("jobs").description("jobs that this machine had run").action((options: CommonOptions) =>
    withReadingContext(options, async (context) => {
      const jobs = await Promise.all(
        (await readTickets(context)).map(async (ticket) => {
          const { id, url, user, at } = ticket;
          const status = await readJob(ticket).catch(() => undefined);
          return { id, url, user, at, state: status?.state ?? "unknown", cost: status?.cost ?? null };
        }),
      );
      const table = new Table({ head: ["job", "submitted", "state", "NMR"], style: { head: [], border: [] } });
      for (const { id, at, state, cost } of jobs) table.push([id, at, state, cost === null ? "" : formatNmr(cost)]);
      print(options, jobs, table.toString());
    }),
  );
  return withCommonOptions(command, "jobs");
}
