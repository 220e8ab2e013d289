import { timingSafeEqual } from "node:crypto";
import { open, type FileHandle } from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";

import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

import { NumeraireError } from "../../sdk/numeraire-error.js";
import { openJobFile, scanJob } from "./artifacts.js";
import type { Books } from "./books.js";
import { hashOf, readRequest, requestSigner, type JobRequest, type ProgramBody } from "./job-request.js";
import type { Job, Jobs } from "./jobs.js";
import { openServer, type ConnectionLimits } from "./open-server.js";
import type { Prices } from "./prices.js";
import { OUTPUT, safePath } from "./sandbox.js";
import { Uploads, type UploadLimits } from "./uploads.js";
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
  /** Most bytes of a program with its data, as it is sent. */
  programBytes: number;
  uploads: UploadLimits;
  /** Most bytes that a job may leave. */
  diskBytes: number;
}

const TEXT = { type: "string" } as const;
const AMOUNT = { type: "string", pattern: "^\\d{1,40}$" } as const;
const SIGNATURE = { type: "string", pattern: "^0x[0-9a-fA-F]{0,4096}$" } as const;
const strict = (properties: Record<string, object>) => ({
  type: "object",
  additionalProperties: false,
  required: Object.keys(properties),
  properties,
});

const PROGRAM = strict({
  runtime: { enum: ["node", "python"] },
  entry: TEXT,
  files: { type: "array", maxItems: 1_000, items: strict({ path: TEXT, content: TEXT }) },
});
const VOUCHER = strict({
  lines: { type: "integer", minimum: 1 },
  cumulative: AMOUNT,
  usageRoot: { type: "string", pattern: "^0x[0-9a-f]{64}$" },
  validUntil: AMOUNT,
  signature: SIGNATURE,
});

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
/** Seconds after which it may be tried again to send a program. */
const RETRY_AFTER = 5;

/** The HTTP service of a provider: prices, jobs, logs, usage, vouchers, results. It listens to nothing yet. */
export function computeService(parts: ServiceParts): FastifyInstance {
  const { books, jobs, terms, desk } = parts;
  const server = openServer(parts.connections);
  const used = new Map<string, bigint>();
  const uploads = new Uploads(parts.uploads);

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

  // What strangers send is not even read: who has no credit takes no memory.
  const onRequest = async (incoming: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    const admitted = await admit(incoming, reply);
    if (admitted) return undefined;
    return reply
      .code(503)
      .header("retry-after", RETRY_AFTER)
      .send({
        error: "job request: found too many that are being received",
        hint: `Send it again in ${RETRY_AFTER} seconds.`,
      });
  };

  const submission = { bodyLimit: parts.programBytes, schema: { body: PROGRAM }, onRequest };
  server.post<{ Body: ProgramBody }>("/jobs", submission, async ({ headers, body: program }, reply) => {
    const { request } = readRequest(headers, terms.providerId);
    const { user, programHash, validUntil } = request;
    const found = hashOf(program);
    if (found !== programHash) throw refused(`program ${found}`, `program ${programHash}, which was signed`);
    // Before anything is waited for: the same request may come twice at once.
    used.set(requireUnused(request), validUntil);
    const files = program.files.map(({ path: name, content }) => {
      safePath("/", name);
      return { path: name, content: Buffer.from(content, "base64") };
    });
    safePath("/", program.entry);
    const { id, token } = await jobs.submit(user, { runtime: program.runtime, entry: program.entry }, files);
    return reply.code(201).send({ id, token: token.toString("hex") });
  });

  /** Lets a signed request of a user with credit send its program; false where there is no room for it now. */
  async function admit({ headers }: FastifyRequest, reply: FastifyReply): Promise<boolean> {
    const { providerId, domain, compute } = terms;
    const { request, signature } = readRequest(headers, providerId);
    const { user, validUntil } = request;
    const now = await terms.now();
    if (validUntil < now || validUntil > now + REQUEST_LIFE) {
      throw refused(`validUntil ${validUntil.toString()}`, `the next ${REQUEST_LIFE.toString()} seconds`);
    }
    const signer = requestSigner(domain, request, signature);
    if (signer !== user && (await compute.getSigner(providerId, user, signer)).until < now) {
      throw refused(`signature of ${signer}`, `one of ${user} or its session key`);
    }
    if ((await jobs.credit(user)) === "pause") {
      throw new NumeraireError(`${user}: found no credit for a job, expected a balance with the provider`, {
        hint: "Deposit NMR, and sign vouchers for what is owed.",
      });
    }
    for (const [key, until] of used) if (until < now) used.delete(key);
    requireUnused(request);
    const bytes = Number(headers["content-length"] ?? parts.programBytes);
    // A longer one is refused unread; a connection that is gone closes no more.
    const giveBack = reply.raw.destroyed ? undefined : uploads.take(user, Math.min(bytes, parts.programBytes));
    if (giveBack === undefined) return false;
    reply.raw.once("close", giveBack);
    return true;
  }

  /** Gives the name by which a request is remembered. */
  function requireUnused({ user, programHash, validUntil }: JobRequest): string {
    const key = `${user} ${programHash} ${validUntil.toString()}`;
    if (used.has(key)) throw refused("a request that was used", "a new one");
    return key;
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
