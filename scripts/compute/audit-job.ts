import { formatNmr } from "../../sdk/units.js";
import type { Context } from "../chain/context.js";
import { readJob, readOffer, readUsage, strangeLines } from "./client.js";
import { readPrices } from "./prices.js";
import { readTickets, type KeptTicket } from "./tickets.js";
import { audit, totalCost, usageRoot, type Audit } from "./usage-log.js";

/** What an audit found of a job and of the channel it is in. */
export interface JobAudit extends Audit {
  job: string;
  /** Metering lines of the job. */
  lines: number;
  /** What they cost, in wei. */
  cost: bigint;
  /** Metering lines of the channel. */
  channelLines: number;
}

/**
 * Adds the usage log of a job's channel again, at the price list on chain, and holds against it what was signed, what the
 * provider asks for, and what the chain has paid it.
 * @throws {NumeraireError} when provider or chain do not answer.
 */
export async function auditJob(context: Context, ticket: KeptTicket): Promise<JobAudit> {
  const [lines, status, offer, tickets] = await Promise.all([
    readUsage(ticket),
    readJob(ticket),
    readOffer(ticket.url),
    readTickets(context),
  ]);
  // What nobody demands has been signed: the log must add up to it exactly.
  const demand = status.demand ?? { lines: lines.length, cumulative: status.signed, usageRoot: undefined };
  const counted = lines.slice(0, demand.lines);
  const prices = await readPrices(context.suite, offer.providerId);
  const { claimed } = await context.suite.compute.getChannel(offer.providerId, ticket.user);
  // The provider says what was signed; what it was paid is known without it.
  const cumulative = claimed > demand.cumulative ? claimed : demand.cumulative;
  const found = audit(counted, prices, { cumulative, usageRoot: demand.usageRoot ?? usageRoot(counted) });
  const mine = counted.filter(({ jobId }) => jobId === ticket.id);
  const problems = [...found.problems, ...strangeLines(counted, tickets)];
  return {
    ...found,
    problems,
    job: ticket.id,
    lines: mine.length,
    cost: totalCost(mine),
    channelLines: counted.length,
  };
}

/** An audit for people. */
export function auditText({ job, lines, cost, channelLines, due, overcharge, problems }: JobAudit): string {
  return [
    `job ${job}: ${lines} lines, ${formatNmr(cost)} NMR`,
    `channel: ${channelLines} lines, ${formatNmr(due)} NMR due, over-charge ${formatNmr(overcharge)} NMR`,
    ...problems,
  ].join("\n");
}
