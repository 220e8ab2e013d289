import { Command, InvalidArgumentError } from "commander";

import type { BountyStatus } from "../../../sdk/bounty-status.js";
import { print, withCommonOptions, withReadingContext, type CommonOptions } from "../../terminal/command-line.js";
import { listBounties, listTable, statusNamed } from "../list.js";

interface Options extends CommonOptions {
  status?: BountyStatus;
}

/** `list`: every bounty. */
export function listCommand(): Command {
  const command = new Command("list")
    .description("every bounty: where it stands, what is left, until when")
    .option("--status <status>", "only open, review, overdue, awarded, cancelled or expired ones", parseStatus)
    .action((options: Options) =>
      withReadingContext(options, async (context) => {
        const list = await listBounties(context, { status: options.status });
        print(options, list, listTable(list));
      }),
    );
  return withCommonOptions(command, "list --status open");
}

function parseStatus(text: string): BountyStatus {
  const status = statusNamed(text);
  if (status === undefined) {
    throw new InvalidArgumentError("expected open, review, overdue, awarded, cancelled or expired");
  }
  return status;
}
