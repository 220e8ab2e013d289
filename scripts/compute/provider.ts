import { mkdir } from "node:fs/promises";
import path from "node:path";
import { availableParallelism } from "node:os";

import { id } from "ethers";
import type { FastifyInstance } from "fastify";

import { NumeraireError } from "../../sdk/numeraire-error.js";
import type { SigningContext } from "../chain/context.js";
import { openBooks, type Books } from "./books.js";
import { checkBooks } from "./check-books.js";
import { endGroups } from "./control-group.js";
import { Jobs } from "./jobs.js";
import type { ConnectionLimits } from "./open-server.js";
import { readPrices } from "./prices.js";
import { privateFolder } from "./private-folder.js";
import { redeemVouchers } from "./redeem-vouchers.js";
import { removeFolder } from "./remove-folder.js";
import type { JobLimits } from "./sandbox.js";
import { computeService } from "./service.js";
import { voucherDesk, type VoucherTerms } from "./vouchers.js";

/** How a provider runs. */
export interface ProviderSettings {
  /** Folder for books and jobs; only the provider's account may read it. */
  folder: string;
  host: string;
  /** 0 for any that is free. */
  port: number;
  limits: JobLimits;
  /** Most that is done for a user on credit, in wei. */
  interval: bigint;
  /** How long a paused job waits for a voucher, in seconds. */
  patience: number;
  /** Time between two redemptions, in seconds. */
  redeemEvery: number;
  /** Least that a voucher must pay to be redeemed, in wei. */
  redeemLeast: bigint;
  /** Jobs of one user that have not ended. */
  userJobs: number;
  /** What one user's programs and results may take on the disk, in bytes. */
  userBytes: number;
  /** How long a job can be asked about after its end, in seconds. */
  keep: number;
}

/** A provider that runs. */
export interface RunningProvider {
  providerId: bigint;
  url: string;
  /** Stops jobs and service, redeems what is signed, and closes the books; once, however often it is called. */
  close(): Promise<void>;
}

/** A program with its data, in base64. */
const PROGRAM_BYTES = 64 * 2 ** 20;
/** An answer may be all that a job printed. */
const CONNECTIONS: ConnectionLimits = {
  bodyBytes: 16 * 2 ** 10,
  count: 512,
  headers: 10_000,
  request: 60_000,
  answer: 120_000,
};

/**
 * Runs the provider that the context's account owns: its service, its jobs, and a redemption now and then.
 * @throws {NumeraireError} when the account owns no provider, it has no prices, or another process has its books open.
 */
export async function runProvider(context: SigningContext, settings: ProviderSettings): Promise<RunningProvider> {
  const { compute } = context.suite;
  const owner = await context.signer.getAddress();
  const providerId = await compute.providerOf(owner);
  if (providerId === 0n) {
    throw new NumeraireError(`account ${owner}: found no provider, expected one that it registered`, {
      hint: "Register it first: npm run compute -- register --uri https://… --yes.",
    });
  }
  const [prices, terms] = await Promise.all([
    readPrices(context.suite, providerId),
    termsOf(context, providerId, settings.redeemEvery),
  ]);
  if (2n * BigInt(settings.redeemEvery) > terms.validity) {
    throw new NumeraireError(
      `redemptions: found one every ${settings.redeemEvery} s, expected two within the withdraw delay of ${terms.validity.toString()} s`,
      { hint: "Redeem more often: what users withdraw, or keys they revoke, is lost after the delay." },
    );
  }
  const folder = await privateFolder(settings.folder);
  const books = await openBooks(path.join(folder, "books.jsonl"));
  const { limits, interval, patience, userJobs, userBytes, keep, redeemLeast } = settings;
  const group = `numeraire-${id(folder).slice(2, 18)}`;
  const jobFolder = path.join(folder, "jobs");
  const desk = voucherDesk(books, terms);
  try {
    await checkBooks(context, books, providerId);
    // Nobody meters what a process that was killed left running, or knows the token to what it left.
    await endGroups(group);
    await removeFolder(jobFolder);
    await mkdir(jobFolder);
  } catch (error) {
    await books.close();
    throw error;
  }
  const jobs = new Jobs(books, {
    folder: jobFolder,
    group,
    prices,
    limits,
    places: 2 * availableParallelism(),
    interval,
    patience: patience * 1_000,
    userJobs,
    userBytes,
    keep: keep * 1_000,
    standingOf: (user) => desk.standingOf(user),
  });
  const { diskBytes } = limits;
  const service = computeService({
    ...{ books, jobs, terms, desk, prices, interval, diskBytes },
    connections: CONNECTIONS,
    programBytes: PROGRAM_BYTES,
    uploads: { total: 4 * PROGRAM_BYTES, user: PROGRAM_BYTES },
  });
  const redeem = redeemer(context, books, terms, redeemLeast);
  const timer = setInterval(() => void redeem(), settings.redeemEvery * 1_000);
  // Vouchers of an earlier process may end soon.
  void redeem();
  try {
    const url = await service.listen({ host: settings.host, port: settings.port });
    let closing: Promise<void> | undefined;
    const close = (): Promise<void> => (closing ??= closeAll(timer, service, jobs, books, redeem));
    return { providerId, url, close };
  } catch (error) {
    await closeAll(timer, service, jobs, books, () => Promise.resolve());
    throw error;
  }
}

async function termsOf(
  { suite, provider, chainId }: SigningContext,
  providerId: bigint,
  redeemEvery: number,
): Promise<VoucherTerms> {
  const { compute } = suite;
  return {
    compute,
    domain: { chainId, escrow: await compute.getAddress() },
    providerId,
    // As long as a withdrawal and a revoked key leave: the provider redeems more often than that.
    validity: (await compute.getProvider(providerId)).withdrawDelay,
    redeemEvery: BigInt(redeemEvery),
    now: async () => BigInt((await provider.getBlock("latest"))?.timestamp ?? 0),
  };
}

/** One redemption at a time; what fails is tried again with the next. */
function redeemer(context: SigningContext, books: Books, terms: VoucherTerms, least: bigint): () => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  return () => {
    last = last.then(async () => {
      await redeemVouchers(context, books, terms, least).catch((error: unknown) => {
        context.log.warn(`redeeming failed: ${error instanceof Error ? error.message : String(error)}`);
      });
    });
    return last;
  };
}

async function closeAll(
  timer: NodeJS.Timeout,
  service: FastifyInstance,
  jobs: Jobs,
  books: Books,
  redeem: () => Promise<void>,
): Promise<void> {
  clearInterval(timer);
  await service.close();
  await jobs.close();
  await redeem();
  await books.close();
}
