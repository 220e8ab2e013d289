import { appendFile, mkdir, readFile } from "node:fs/promises";
import path from "node:path";

import { NumeraireError } from "../../sdk/numeraire-error.js";
import type { Context } from "../chain/context.js";
import type { JobTicket, OwnJob } from "./client.js";

/** A job that this machine had run. */
export interface KeptTicket extends JobTicket, OwnJob {
  user: string;
  /** When it was submitted, ISO 8601. */
  at: string;
}

/** The file that remembers jobs; their tokens let others read results, so only the owner may read it. */
function fileOf({ stateFolder, chainId }: Context): string {
  return path.join(stateFolder ?? ".", `compute-jobs-${chainId.toString()}.jsonl`);
}

/** Remembers a job, or what is new of it. */
export async function keepTicket(context: Context, ticket: KeptTicket): Promise<void> {
  const file = fileOf(context);
  await mkdir(path.dirname(file), { recursive: true });
  await appendFile(file, `${JSON.stringify(ticket)}\n`, { mode: 0o600 });
}

/** Jobs that were remembered, oldest first, each as it was remembered last. */
export async function readTickets(context: Context): Promise<KeptTicket[]> {
  const text = await readFile(fileOf(context), "utf8").catch(() => "");
  const rows = text.split("\n").filter((row) => row !== "");
  const tickets = rows.map((row) => JSON.parse(row) as KeptTicket);
  return [...new Map(tickets.map((ticket) => [ticket.id, ticket])).values()];
}

/**
 * A job by the beginning of its id.
 * @throws {NumeraireError} when none or several begin so.
 */
export async function ticketNamed(context: Context, id: string): Promise<KeptTicket> {
  const found = (await readTickets(context)).filter((ticket) => ticket.id.startsWith(id));
  const [ticket] = found;
  if (ticket !== undefined && found.length === 1) return ticket;
  throw new NumeraireError(`--job ${id}: found ${found.length} jobs whose id begins so, expected one`, {
    hint: "List them with npm run compute -- jobs.",
  });
}
