import { NumeraireError } from "../../sdk/numeraire-error.js";
import { signVoucher, type VoucherDomain } from "../../sdk/usage-voucher.js";
import { lineOf } from "./books.js";
import { hashOf, requestHeaders, signRequest, type ProgramBody } from "./job-request.js";
import type { JobState } from "./job-state.js";
import type { Prices } from "./prices.js";
import { audit, type UsageLine } from "./usage-log.js";
import type { Signer } from "ethers";

/** What a provider's service says of itself. */
export interface Offer {
  providerId: bigint;
  domain: VoucherDomain;
  prices: Prices;
  /** How long vouchers must be good for, in seconds. */
  validity: bigint;
}

/** A job of ours: where it is and how to ask about it. */
export interface JobTicket {
  url: string;
  id: string;
  token: string;
  /** When it was submitted, in milliseconds of Unix time by this machine's clock. */
  submittedAt: number;
}

/** What is known of a job without asking the provider. */
export interface OwnJob extends Pick<JobTicket, "id" | "submittedAt"> {
  /** When this machine saw that it had ended, as `submittedAt`, and how many metering lines it had; absent before. */
  ended?: { at: number; lines: number };
}

/** Who pays, for what, and how much may be charged. */
export interface Payer {
  user: string;
  /** The user or a session key. */
  signer: Pick<Signer, "signTypedData">;
  /** Jobs that it submitted: nothing is paid for any other. */
  jobs: readonly OwnJob[];
  /** Most that may be signed for in this channel, in wei. */
  cap: bigint;
  /** Most processors that a job may be charged for. */
  cores: number;
  /** Most memory that a job may be charged for, in bytes. */
  memoryBytes: number;
}

/** What the provider says of a job; amounts in wei. */
export interface JobStatus {
  state: JobState;
  reason: string;
  cost: bigint;
  owed: bigint;
  signed: bigint;
  /** What it asks to be signed; null when nothing is open. */
  demand: { lines: number; cumulative: bigint; usageRoot: string } | null;
}

type JobResponse = Record<"reason" | "cost" | "owed" | "signed", string> & {
  state: JobState;
  demand: { lines: number; cumulative: string; usageRoot: string } | null;
};

/** How long the provider may take to answer, in milliseconds. */
const PATIENCE = 30_000;
/** By how much the kernel's figures may be ahead of this machine's clock: a period of sharing out, in milliseconds. */
const SLACK = 200;

/** Asks a provider for its prices and where it is paid. */
export async function readOffer(url: string): Promise<Offer> {
  const said = await ask<Record<string, string>>(`${url}/prices`);
  const amount = (name: string): bigint => BigInt(said[name] ?? "0");
  return {
    providerId: amount("providerId"),
    domain: { chainId: amount("chainId"), escrow: said["escrow"] ?? "" },
    prices: { cpuSecond: amount("cpuSecond"), gibSecond: amount("gibSecond") },
    validity: amount("validity"),
  };
}

/**
 * Has a provider run a program.
 * @param user Account whose channel pays.
 * @param signer The user or a session key.
 * @param now Unix time of the chain.
 */
export async function submitJob(
  url: string,
  offer: Offer,
  user: string,
  signer: Pick<Signer, "signTypedData">,
  program: ProgramBody,
  now: bigint,
): Promise<JobTicket> {
  const request = { providerId: offer.providerId, user, programHash: hashOf(program), validUntil: now + 300n };
  const signature = await signRequest(signer, offer.domain, request);
  const headers = requestHeaders(request, signature);
  const submittedAt = Date.now();
  const { id, token } = await ask<{ id: string; token: string }>(`${url}/jobs`, { headers, body: program });
  return { url, id, token, submittedAt };
}

/** How a job stands. */
export async function readJob(ticket: JobTicket): Promise<JobStatus> {
  const said = await ask<JobResponse>(urlOf(ticket), ticket);
  const { demand } = said;
  return {
    state: said.state,
    reason: said.reason,
    cost: BigInt(said.cost),
    owed: BigInt(said.owed),
    signed: BigInt(said.signed),
    demand: demand === null ? null : { ...demand, cumulative: BigInt(demand.cumulative) },
  };
}

/** The channel's metering lines from a place on. */
export async function readUsage(ticket: JobTicket, from = 0): Promise<UsageLine[]> {
  const lines = await ask<Record<keyof UsageLine, string>[]>(`${urlOf(ticket)}/usage?from=${from}`, ticket);
  return lines.map(lineOf);
}

/** What a job printed, from a byte on. */
export async function readLogs(ticket: JobTicket, from = 0): Promise<Buffer> {
  return bytes(await call(`${urlOf(ticket)}/logs?from=${from}`, ticket));
}

/** Files that a job left. */
export async function listResults(ticket: JobTicket): Promise<string[]> {
  return ask<string[]>(`${urlOf(ticket)}/files`, ticket);
}

/** A file that a job left. */
export async function fetchResult(ticket: JobTicket, name: string): Promise<Buffer> {
  return bytes(await call(`${urlOf(ticket)}/files/${name.split("/").map(encodeURIComponent).join("/")}`, ticket));
}

/**
 * Signs what the provider asks for, once its usage log adds up, stays within the cap, names jobs of the payer's alone and
 * none after its end, and charges each for no more than it can have used from when it was submitted until it ended.
 * @param lines The channel's lines as they were checked so far; new ones are added.
 * @throws {NumeraireError} with exit code 2 for a log that does not add up, or a demand above the cap: nothing is signed.
 */
export async function payDemand(
  ticket: JobTicket,
  offer: Offer,
  payer: Payer,
  lines: UsageLine[],
  now: bigint,
): Promise<bigint> {
  const { demand } = await readJob(ticket);
  if (demand === null) return 0n;
  const { cumulative, usageRoot } = demand;
  const missing = Math.max(demand.lines - lines.length, 0);
  // One at a time: as arguments of one call, the lines of a long job would be more than the stack takes.
  for (const line of (await readUsage(ticket, lines.length)).slice(0, missing)) lines.push(line);
  const { problems } = audit(lines.slice(0, demand.lines), offer.prices, demand);
  if (cumulative > payer.cap) {
    problems.push(`cap: found ${cumulative.toString()} wei, expected at most ${payer.cap.toString()}`);
  }
  problems.push(...strangeLines(lines, payer.jobs), ...payer.jobs.flatMap((job) => implausible(job, payer, lines)));
  if (problems.length > 0) {
    throw new NumeraireError(`voucher not signed: ${problems.join("; ")}`, {
      hint: "Withdraw from the provider, unless you raise the cap, or submitted jobs from another machine: bring its list here.",
      exitCode: 2,
    });
  }
  const validUntil = now + 2n * offer.validity;
  const voucher = { providerId: offer.providerId, user: payer.user, cumulative, usageRoot, validUntil };
  const signature = await signVoucher(payer.signer, offer.domain, voucher);
  await ask(`${urlOf(ticket)}/voucher`, {
    token: ticket.token,
    body: {
      lines: demand.lines,
      cumulative: cumulative.toString(),
      usageRoot,
      validUntil: validUntil.toString(),
      signature,
    },
  });
  return cumulative;
}

/** Lines for jobs that were not submitted, or that came after a job's end; one sentence a job. */
export function strangeLines(lines: readonly UsageLine[], jobs: readonly OwnJob[]): string[] {
  const own = new Map(jobs.map((job) => [job.id, job]));
  const counts = new Map<string, number>();
  for (const { jobId } of lines) counts.set(jobId, (counts.get(jobId) ?? 0) + 1);
  return [...counts].flatMap(([id, count]) => {
    const job = own.get(id);
    if (job === undefined) return [`job ${id}: found it charged, expected only jobs that were submitted from here`];
    const most = job.ended?.lines ?? count;
    return count > most ? [`job ${id}: found ${count} lines, expected the ${most} that it had when it ended`] : [];
  });
}

/** What a job's lines charge that it cannot have used: time has passed once only. */
function implausible(job: OwnJob, { cores, memoryBytes }: Payer, lines: readonly UsageLine[]): string[] {
  const millis = BigInt((job.ended?.at ?? Date.now()) - job.submittedAt + SLACK);
  const mine = lines.filter(({ jobId }) => jobId === job.id);
  const cpuMicros = mine.reduce((sum, line) => sum + line.cpuMicros, 0n);
  const byteMillis = mine.reduce((sum, line) => sum + line.byteMillis, 0n);
  const most = { cpuMicros: millis * 1_000n * BigInt(cores), byteMillis: millis * BigInt(memoryBytes) };
  const problems: string[] = [];
  if (cpuMicros > most.cpuMicros) {
    problems.push(`processor time: found ${cpuMicros.toString()} µs, expected at most ${most.cpuMicros.toString()}`);
  }
  if (byteMillis > most.byteMillis) {
    problems.push(`memory: found ${byteMillis.toString()} byte-ms, expected at most ${most.byteMillis.toString()}`);
  }
  return problems;
}

function urlOf({ url, id }: JobTicket): string {
  return `${url}/jobs/${id}`;
}

interface CallOptions {
  token?: string;
  headers?: Record<string, string>;
  body?: unknown;
}

async function ask<T>(url: string, options: CallOptions = {}): Promise<T> {
  return (await (await call(url, options)).json()) as T;
}

async function bytes(response: Response): Promise<Buffer> {
  return Buffer.from(await response.arrayBuffer());
}

async function call(url: string, options: CallOptions = {}): Promise<Response> {
  const { token, body } = options;
  const headers: Record<string, string> = { ...options.headers };
  if (token !== undefined) headers["authorization"] = `Bearer ${token}`;
  if (body !== undefined) headers["content-type"] = "application/json";
  const response = await fetch(url, {
    method: body === undefined ? "GET" : "POST",
    headers,
    body: body === undefined ? null : JSON.stringify(body),
    signal: AbortSignal.timeout(PATIENCE),
  }).catch((cause: unknown) => {
    throw new NumeraireError(`${url}: found no answer, expected the provider's`, {
      hint: "Look whether the provider runs, and try again: what was signed is not lost.",
      cause,
    });
  });
  if (response.ok) return response;
  const said = (await response.json().catch(() => ({}))) as { error?: string; hint?: string };
  throw new NumeraireError(`provider: ${said.error ?? `answered ${response.status}`}`, {
    hint: said.hint ?? "Look at the provider's log.",
  });
}
