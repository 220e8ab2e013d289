import { timingSafeEqual } from "node:crypto";
import { open, type FileHandle } from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";

import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { getAddress } from "ethers";

import { NumeraireError } from "../../sdk/numeraire-error.js";
import { openJobFile, scanJob } from "./artifacts.js";
import type { Books } from "./books.js";
import { hashOf, requestSigner, type ProgramBody } from "./job-request.js";
import type { Job, Jobs } from "./jobs.js";
import { openServer, type ConnectionLimits } from "./open-server.js";
import type { Prices } from "./prices.js";
import { OUTPUT, safePath } from "./sandbox.js";
import type { UsageLine } from "./usage-log.js";
import type { VoucherDesk, VoucherTerms } from "./vouchers.js";

/** What the service is made of. */
export interface ServiceParts {
  books: Books;
  jobs: Jobs;
  terms: VoucherTerms;
  desk: VoucherDesk;
  prices: Prices;
  /** Most that is done on credit, in wei. */
  interval: bigint;
  connections: ConnectionLimits;
  /** Most bytes that a job may leave. */
  diskBytes: number;
}

const TEXT = { type: "string" } as const;
const AMOUNT = { type: "string", pattern: "^\\d{1,40}$" } as const;
const ADDRESS = { type: "string", pattern: "^0x[0-9a-fA-F]{40}$" } as const;
const SIGNATURE = { type: "string", pattern: "^0x[0-9a-fA-F]{0,4096}$" } as const;
const strict = (properties: Record<string, object>) => ({
  type: "object",
  additionalProperties: false,
  required: Object.keys(properties),
  properties,
});

const SUBMISSION = strict({
  user: ADDRESS,
  validUntil: AMOUNT,
  signature: SIGNATURE,
  program: strict({
    runtime: { enum: ["node", "python"] },
    entry: TEXT,
    files: { type: "array", maxItems: 1_000, items: strict({ path: TEXT, content: TEXT }) },
  }),
});
const VOUCHER = strict({
  lines: { type: "integer", minimum: 1 },
  cumulative: AMOUNT,
  usageRoot: { type: "string", pattern: "^0x[0-9a-f]{64}$" },
  validUntil: AMOUNT,
  signature: SIGNATURE,
});

interface Submission {
  user: string;
  validUntil: string;
  signature: string;
  program: ProgramBody;
}

interface VoucherBody {
  lines: number;
  cumulative: string;
  usageRoot: string;
  validUntil: string;
  signature: string;
}

type JobRoute = { Params: { id: string }; Querystring: { from?: string }; Body: VoucherBody };

/** A place in a log. */
const FROM = { type: "object", properties: { from: { type: "string", pattern: "^\\d{1,12}$" } } };

/** How long a signed request can be used, in seconds: what was used is remembered as long. */
const REQUEST_LIFE = 600n;

/** The HTTP service of a provider: prices, jobs, logs, usage, vouchers, results. It listens to nothing yet. */
export function computeService(parts: ServiceParts): FastifyInstance {
  const { books, jobs, terms, desk } = parts;
  const server = openServer(parts.connections);
  const used = new Map<string, bigint>();

  server.setErrorHandler((error: unknown, _request, reply) => {
    if (error instanceof NumeraireError) return reply.code(400).send({ error: error.message, hint: error.hint });
    const { statusCode = 500, message } = error as { statusCode?: number; message: string };
    return reply.code(statusCode).send({ error: statusCode < 500 ? message : "the provider failed", hint: "" });
  });

  const own = (request: FastifyRequest<JobRoute>, reply: FastifyReply): Job | undefined => {
    const job = jobs.get(request.params.id);
    const given = Buffer.from(/^Bearer ([0-9a-f]{64})$/.exec(request.headers.authorization ?? "")?.[1] ?? "", "hex");
    if (job?.token.length === given.length && timingSafeEqual(job.token, given)) return job;
    void reply.code(404).send({ error: "no such job, or not yours", hint: "Give the token that submitting answered." });
    return undefined;
  };

  server.get("/prices", () => ({
    providerId: terms.providerId.toString(),
    chainId: terms.domain.chainId.toString(),
    escrow: terms.domain.escrow,
    cpuSecond: parts.prices.cpuSecond.toString(),
    gibSecond: parts.prices.gibSecond.toString(),
    interval: parts.interval.toString(),
    validity: terms.validity.toString(),
  }));

  server.post<{ Body: Submission }>("/jobs", { schema: { body: SUBMISSION } }, async (request, reply) => {
    const { program, signature } = request.body;
    const user = getAddress(request.body.user);
    const validUntil = BigInt(request.body.validUntil);
    await admit({ user, validUntil, signature, programHash: hashOf(program) });
    const files = program.files.map(({ path: name, content }) => {
      safePath("/", name);
      return { path: name, content: Buffer.from(content, "base64") };
    });
    safePath("/", program.entry);
    const { id, token } = await jobs.submit(user, { runtime: program.runtime, entry: program.entry }, files);
    return reply.code(201).send({ id, token: token.toString("hex") });
  });

  async function admit(given: { user: string; validUntil: bigint; signature: string; programHash: string }) {
    const { user, validUntil, signature, programHash } = given;
    const now = await terms.now();
    if (validUntil < now || validUntil > now + REQUEST_LIFE) {
      throw refused(`validUntil ${validUntil.toString()}`, `the next ${REQUEST_LIFE.toString()} seconds`);
    }
    const { providerId, domain, compute } = terms;
    const signer = requestSigner(domain, { providerId, user, programHash, validUntil }, signature);
    if (signer !== user && (await compute.getSigner(providerId, user, signer)).until < now) {
      throw refused(`signature of ${signer}`, `one of ${user} or its session key`);
    }
    for (const [key, until] of used) if (until < now) used.delete(key);
    const key = `${user} ${programHash} ${validUntil.toString()}`;
    if (used.has(key)) throw refused("a request that was used", "a new one");
    // Before anything is waited for: the same request may come twice at once.
    used.set(key, validUntil);
    if ((await jobs.credit(user)) === "pause") {
      used.delete(key);
      throw new NumeraireError(`${user}: found no credit for a job, expected a balance with the provider`, {
        hint: "Deposit NMR, and sign vouchers for what is owed.",
      });
    }
  }

  server.get<JobRoute>("/jobs/:id", async (request, reply) => {
    const job = own(request, reply);
    if (job === undefined) return reply;
    // The state is read first: what is demanded of a user whose jobs have ended is all.
    const { state, reason, cost } = job;
    const demand = await desk.demandOf(job.user, jobs.isBusy(job.user));
    return reply.send({
      id: job.id,
      state,
      reason,
      cost: cost.toString(),
      owed: books.owedBy(job.user).toString(),
      signed: (books.voucherOf(job.user)?.voucher.cumulative ?? 0n).toString(),
      demand: demand === undefined ? null : { ...demand, cumulative: demand.cumulative.toString() },
    });
  });

  server.get<JobRoute>("/jobs/:id/usage", { schema: { querystring: FROM } }, (request, reply) => {
    const job = own(request, reply);
    if (job === undefined) return reply;
    const lines = books.linesOf(job.user);
    return reply.type("application/json").send(Readable.from(asJson(lines, Number(request.query.from ?? "0"))));
  });

  server.get<JobRoute>("/jobs/:id/logs", { schema: { querystring: FROM } }, async (request, reply) => {
    const job = own(request, reply);
    if (job === undefined) return reply;
    const handle = await open(path.join(job.folder, OUTPUT)).catch(() => undefined);
    if (handle === undefined) return reply.type("application/octet-stream").send(Buffer.alloc(0));
    // What is printed from now on is for the next call.
    return sendFile(reply, handle, (await handle.stat()).size, Number(request.query.from ?? "0"));
  });

  server.get<JobRoute>("/jobs/:id/files", async (request, reply) => {
    const job = own(request, reply);
    if (job === undefined) return reply;
    return reply.send((await scanJob(job.folder, parts.diskBytes)).files);
  });

  server.get<JobRoute & { Params: { "*": string } }>("/jobs/:id/files/*", async (request, reply) => {
    const job = own(request, reply);
    if (job === undefined) return reply;
    const { handle, bytes } = await openJobFile(job.folder, request.params["*"]);
    return sendFile(reply, handle, bytes);
  });

  server.post<JobRoute>("/jobs/:id/voucher", { schema: { body: VOUCHER } }, async (request, reply) => {
    const job = own(request, reply);
    if (job === undefined) return reply;
    const { lines, cumulative, usageRoot, validUntil, signature } = request.body;
    const voucher = {
      providerId: terms.providerId,
      user: job.user,
      cumulative: BigInt(cumulative),
      usageRoot,
      validUntil: BigInt(validUntil),
    };
    await desk.accept({ voucher, signature }, lines);
    return reply.send({ signed: cumulative });
  });

  return server;
}

/** Sends a file's bytes from a place on as they are read, and closes it. */
async function sendFile(reply: FastifyReply, handle: FileHandle, bytes: number, from = 0): Promise<FastifyReply> {
  reply.type("application/octet-stream");
  if (from < bytes) return reply.send(handle.createReadStream({ start: from, end: bytes - 1 }));
  await handle.close();
  return reply.send(Buffer.alloc(0));
}

/** Lines from a place on as a JSON list, piece by piece; what is metered meanwhile is for the next call. */
function* asJson(lines: readonly UsageLine[], from: number): Generator<string> {
  yield "[";
  const end = lines.length;
  for (let i = from; i < end; i += 1) yield (i === from ? "" : ",") + JSON.stringify(lines[i], amountsAsText);
  yield "]";
}

function amountsAsText(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? value.toString() : value;
}

function refused(found: string, expected: string): NumeraireError {
  return new NumeraireError(`job request: found ${found}, expected ${expected}`, {
    hint: "Sign a new request for this program.",
  });
}
