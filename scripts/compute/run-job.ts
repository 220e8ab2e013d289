import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { NumeraireError } from "../../sdk/numeraire-error.js";
import type { SigningContext } from "../chain/context.js";
import {
  fetchResult,
  listResults,
  payDemand,
  readJob,
  readLogs,
  readOffer,
  readUsage,
  submitJob,
  type JobTicket,
  type Offer,
} from "./client.js";
import { costBar } from "./cost-bar.js";
import type { ProgramBody } from "./job-request.js";
import { hasEnded } from "./job-state.js";
import { readPrices } from "./prices.js";
import { safePath } from "./sandbox.js";
import { keepTicket, readTickets, type KeptTicket } from "./tickets.js";
import type { UsageLine } from "./usage-log.js";

/** What to run, where, and what it may cost. */
export interface RunSettings {
  url: string;
  /** Account whose channel pays; the signer's own unless it is a session key. */
  user: string;
  program: ProgramBody;
  /** Most that this channel's vouchers may promise in all, in wei. */
  cap: bigint;
  /** Most processors that the job may be charged for. */
  cores: number;
  /** Most memory that the job may be charged for, in bytes. */
  memoryBytes: number;
  /** Gets what the job prints. */
  output: (text: Buffer) => void;
}

/** How a job ended. */
export interface RunResult {
  job: string;
  state: string;
  reason: string;
  /** What it cost, in wei. */
  cost: bigint;
  /** What the channel's vouchers promise in all, in wei. */
  signed: bigint;
}

/** Milliseconds between two looks. */
const TICK = 500;

/**
 * Has a program run, shows what it prints and costs, and signs vouchers for usage that adds up, to the end.
 * @throws {NumeraireError} when the provider refuses, or charges what cannot be checked; nothing more is signed then.
 */
export async function runJob(context: SigningContext, settings: RunSettings): Promise<RunResult> {
  const { url, user, program } = settings;
  const offer = await readOffer(url);
  await checkOffer(context, offer);
  const submitted = await submitJob(url, offer, user, context.signer, program, await timeOf(context));
  const ticket: KeptTicket = { ...submitted, user, at: new Date().toISOString() };
  await keepTicket(context, ticket);
  context.log.info(`job ${ticket.id} submitted`);
  const lines: UsageLine[] = [];
  const bar = costBar(context.log, settings.cap);
  let printed = 0;
  let isOver = false;
  for (;;) {
    const status = await readJob(ticket);
    if (!isOver && hasEnded(status)) {
      isOver = true;
      await keepEnd(context, ticket);
    }
    const news = await readLogs(ticket, printed);
    printed += news.length;
    if (news.length > 0) settings.output(news);
    bar.show(status);
    if (status.demand !== null) {
      const { cap, cores, memoryBytes } = settings;
      // Others of this machine may have been submitted meanwhile.
      const jobs = await readTickets(context);
      const payer = { user, signer: context.signer, jobs, cap, cores, memoryBytes };
      await payDemand(ticket, offer, payer, lines, await timeOf(context));
    } else if (isOver) {
      bar.stop();
      const { state, reason, cost, signed } = status;
      return { job: ticket.id, state, reason, cost, signed };
    }
    if (!isOver) await sleep(TICK);
  }
}

/** Remembers that a job has ended, and its lines, which are all by then: nothing is signed for later ones. */
async function keepEnd(context: SigningContext, ticket: KeptTicket): Promise<void> {
  const at = Date.now();
  const lines = (await readUsage(ticket)).filter(({ jobId }) => jobId === ticket.id).length;
  await keepTicket(context, { ...ticket, ended: { at, lines } });
}

/** Writes all that a job left into a folder; gives the paths. */
export async function fetchResults(ticket: JobTicket, folder: string): Promise<string[]> {
  const names = await listResults(ticket);
  for (const name of names) {
    // The provider chose the names.
    const file = safePath(path.resolve(folder), name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, await fetchResult(ticket, name));
  }
  return names;
}

/** A program of files on this machine, each under its own name; the first is started. */
export async function programOf(runtime: ProgramBody["runtime"], files: readonly string[]): Promise<ProgramBody> {
  const read = await Promise.all(
    files.map(async (file) => ({ path: path.basename(file), content: (await readFile(file)).toString("base64") })),
  );
  return { runtime, entry: read[0]?.path ?? "", files: read };
}

/** Unix time of the chain. */
export async function timeOf({ provider }: Pick<SigningContext, "provider">): Promise<bigint> {
  return BigInt((await provider.getBlock("latest"))?.timestamp ?? 0);
}

/** A provider's word is worth nothing: contract and prices are the chain's. */
async function checkOffer(context: SigningContext, offer: Offer): Promise<void> {
  const { compute } = context.suite;
  const prices = await readPrices(context.suite, offer.providerId);
  const { withdrawDelay } = await compute.getProvider(offer.providerId);
  const facts = [
    ["chain", offer.domain.chainId, context.chainId],
    ["escrow", offer.domain.escrow, await compute.getAddress()],
    ["cpu-second", offer.prices.cpuSecond, prices.cpuSecond],
    ["gib-second", offer.prices.gibSecond, prices.gibSecond],
    ["validity of vouchers", offer.validity, withdrawDelay],
  ] as const;
  for (const [what, said, expected] of facts) {
    if (said === expected) continue;
    throw new NumeraireError(
      `provider, ${what}: found ${said.toString()}, expected ${expected.toString()} as on chain`,
      {
        hint: "Do not use this provider, unless it changed its prices just now: try again.",
        exitCode: 2,
      },
    );
  }
}
