import { randomBytes } from "node:crypto";
import { stat, statfs } from "node:fs/promises";
import { availableParallelism } from "node:os";
import path from "node:path";

import { hexlify } from "ethers";

import { NumeraireError } from "../../sdk/numeraire-error.js";
import { scanJob } from "./artifacts.js";
import type { Books } from "./books.js";
import { creditOf, type Credit, type Standing } from "./credit.js";
import { heldFiles } from "./held-files.js";
import { hasEnded, type JobState } from "./job-state.js";
import { costOf, type Prices, type Usage } from "./prices.js";
import { removeFolder } from "./remove-folder.js";
import {
  OUTPUT,
  placeFiles,
  startJob,
  WORK,
  type JobEnd,
  type JobFile,
  type JobLimits,
  type Program,
  type RunningJob,
} from "./sandbox.js";

/** A job as others see it. */
export interface Job {
  /** 32 bytes as hex. */
  id: string;
  user: string;
  state: JobState;
  /** Why it failed or was stopped; empty otherwise. */
  reason: string;
  /** How it is going to end, once its last usage is metered. */
  ending?: { state: JobState; reason: string };
  /** What its metering lines cost so far, in wei. */
  cost: bigint;
  folder: string;
  /** What its files and what it printed take on the disk. */
  bytes: number;
  /** Whoever knows it may see the job. */
  token: Buffer;
}

/** What runs jobs and meters them. */
export interface JobSettings {
  folder: string;
  /** Beginning of the names of the jobs' control groups: this provider's alone. */
  group: string;
  prices: Prices;
  limits: JobLimits;
  /** Jobs at a time; others wait. */
  places: number;
  /** Most that may be done for a user on credit, in wei. */
  interval: bigint;
  /** How long a paused job waits for a voucher, in milliseconds. */
  patience: number;
  /** Jobs of one user that have not ended. */
  userJobs: number;
  /** What one user's programs and results may take on the disk. */
  userBytes: number;
  /** How long what a job left is kept, in milliseconds. */
  keep: number;
  /** What a user has signed that the chain would pay, what it was paid, and has; in wei. */
  standingOf: (user: string) => Promise<Omit<Standing, "owed">>;
}

/** Milliseconds between two looks at a job. */
const TICK = 250;
/** A look may come late on a busy machine. */
const LATENESS = 2n;

/** Runs jobs while their users have credit, writes down what they use, and keeps what they leave for a while. */
export class Jobs {
  readonly #jobs = new Map<string, Job>();
  readonly #queue: (() => void)[] = [];
  readonly #working = new Set<Promise<void>>();
  readonly #expiring = new Set<NodeJS.Timeout>();
  #running = 0;

  constructor(
    private readonly books: Books,
    private readonly settings: JobSettings,
  ) {}

  get(id: string): Job | undefined {
    return this.#jobs.get(id);
  }

  /** Whether any job of a user is not at its end. */
  isBusy(user: string): boolean {
    return this.#of(user).some((job) => !hasEnded(job));
  }

  /** What it means for a user's next job how the user stands now. */
  async credit(user: string): Promise<Credit> {
    return this.#creditOf(user, await this.settings.standingOf(user));
  }

  /**
   * Accepts a job; it runs as soon as there is a place.
   * @throws {NumeraireError} when the user has too many jobs or files, the disk has no room, or a path is not safe.
   */
  async submit(user: string, program: Program, files: readonly JobFile[]): Promise<Job> {
    const id = hexlify(randomBytes(32));
    const folder = path.join(this.settings.folder, id.slice(2));
    const bytes = files.reduce((sum, { content }) => sum + content.length, 0);
    this.#requireWithin(user, bytes);
    const job: Job = { id, user, state: "queued", reason: "", cost: 0n, folder, bytes, token: randomBytes(32) };
    // Before anything is waited for: the next one counts it.
    this.#jobs.set(id, job);
    try {
      await this.#requireRoom(bytes);
      await placeFiles(folder, files);
    } catch (error) {
      this.#jobs.delete(id);
      await removeFolder(folder);
      throw error;
    }
    const work = this.#place()
      .then(() => this.#run(job, program))
      .catch((error: unknown) => {
        end(job, "failed", messageOf(error));
      })
      .finally(() => {
        Object.assign(job, job.ending);
        this.#running -= 1;
        this.#queue.shift()?.();
        this.#working.delete(work);
        this.#expire(job);
      });
    this.#working.add(work);
    return job;
  }

  /** Stops every job and waits until the last one is metered. */
  async close(): Promise<void> {
    for (const job of this.#jobs.values()) {
      if (!hasEnded(job)) end(job, "stopped", "the provider shuts down");
    }
    await Promise.all(this.#working);
    for (const timer of this.#expiring) clearTimeout(timer);
  }

  #of(user: string): Job[] {
    return [...this.#jobs.values()].filter((job) => job.user === user);
  }

  #requireWithin(user: string, bytes: number): void {
    const { userJobs, userBytes } = this.settings;
    const jobs = this.#of(user);
    const open = jobs.filter((job) => !hasEnded(job)).length;
    if (open >= userJobs) {
      throw new NumeraireError(`${user}: found ${open} jobs that have not ended, expected less than ${userJobs}`, {
        hint: "Wait until one of them has ended.",
      });
    }
    const kept = jobs.reduce((sum, job) => sum + job.bytes, 0);
    if (kept + bytes > userBytes) {
      throw new NumeraireError(`${user}: found ${kept + bytes} bytes of programs and results, expected ${userBytes}`, {
        hint: "Wait until results of earlier jobs are removed, or submit less data.",
      });
    }
  }

  /** Running jobs may fill what they are allowed, and the books must still be written. */
  async #requireRoom(bytes: number): Promise<void> {
    const { places, limits, folder } = this.settings;
    const { bavail, bsize } = await statfs(folder);
    const needed = bytes + 2 * places * limits.diskBytes;
    if (bavail * bsize >= needed) return;
    throw new NumeraireError(`the provider's disk: found ${bavail * bsize} bytes free, expected ${needed}`, {
      hint: "Try again later: results are removed after a while.",
    });
  }

  #expire(job: Job): void {
    const timer = setTimeout(() => {
      this.#expiring.delete(timer);
      this.#jobs.delete(job.id);
      // What cannot be removed now is removed when the provider starts again.
      removeFolder(job.folder).catch(() => undefined);
    }, this.settings.keep);
    timer.unref();
    this.#expiring.add(timer);
  }

  /**
   * What a user's standing means for a job of it, or for a new one: that job counts as running beside those that do.
   */
  #creditOf(user: string, standing: Omit<Standing, "owed">, asking?: Job): Credit {
    const others = this.#of(user).filter((job) => job !== asking && job.state === "running").length;
    const owed = this.books.owedBy(user);
    return creditOf({ ...standing, owed }, this.settings.interval, this.#step(others + 1));
  }

  /** Most that so many running jobs can cost until the next look, in wei. */
  #step(jobs: number): bigint {
    const { limits, prices } = this.settings;
    const millis = BigInt(TICK) * LATENESS;
    const usage: Usage = {
      cpuMicros: BigInt(Math.min(jobs * limits.cores, availableParallelism())) * millis * 1_000n,
      byteMillis: BigInt(jobs * limits.memoryBytes) * millis,
    };
    return costOf(usage, prices);
  }

  async #place(): Promise<void> {
    if (this.#running >= this.settings.places) await new Promise<void>((resolve) => this.#queue.push(resolve));
    this.#running += 1;
  }

  async #run(job: Job, program: Program): Promise<void> {
    // Between accepting and starting it the user may have used up its credit, or withdrawn.
    await this.#awaitCredit(job);
    if (job.ending !== undefined) return;
    const name = `${this.settings.group}-${job.id.slice(2, 34)}`;
    const running = await startJob(name, job.folder, program, this.settings.limits);
    const { code, signal } = await this.#follow(job, running);
    if (await this.#measure(job)) {
      await removeFolder(path.join(job.folder, WORK));
      await this.#measure(job);
    }
    end(job, code === 0 ? "done" : "failed", code === 0 ? "" : `exit ${String(code ?? signal)}`);
  }

  /** Meters and supervises a job until it has ended. */
  async #follow(job: Job, running: RunningJob): Promise<JobEnd> {
    const meter = new Meter(job, this.books, this.settings.prices);
    const outcome = running.ended.then((value) => ({ value }));
    let measuring: Promise<boolean> | undefined;
    try {
      for (;;) {
        const ended = await Promise.race([outcome, pause(TICK)]);
        await meter.read(running);
        if (ended !== undefined) return ended.value;
        await this.#supervise(job, running, meter);
        // Beside the looks: a job with many files must not make them late.
        measuring ??= this.#measure(job, running).finally(() => {
          measuring = undefined;
        });
        if (job.ending !== undefined) await running.kill();
      }
    } catch (error) {
      await running.kill();
      await running.ended;
      // What a full disk refused is owed all the same, and there may be room now that the job holds nothing any more.
      await meter.read(running);
      throw error;
    } finally {
      await running.kill();
      await running.ended;
      await measuring;
      await running.close();
    }
  }

  async #awaitCredit(job: Job): Promise<void> {
    const until = Date.now() + this.settings.patience;
    while (job.ending === undefined && (await this.#look(job)) === "pause") {
      if (Date.now() > until) end(job, "stopped", "not paid: sign vouchers, or deposit");
      else await pause(TICK);
    }
  }

  /** Lets a job run, or not, by its user's credit: in one step, so that two that look at once count each other. */
  async #look(job: Job): Promise<Credit> {
    const standing = await this.settings.standingOf(job.user);
    const credit = this.#creditOf(job.user, standing, job);
    if (credit !== "pause") job.state = "running";
    else if (job.state === "running") job.state = "paused";
    return credit;
  }

  /** Pauses a job without credit, stops one that stays without it or takes too long. */
  async #supervise(job: Job, running: RunningJob, meter: Meter): Promise<void> {
    const { limits, patience } = this.settings;
    if (job.ending !== undefined) return;
    const wasPaused = job.state === "paused";
    if (meter.elapsed > limits.wallSeconds * 1_000) {
      end(job, "stopped", `time: found more than ${limits.wallSeconds} s`);
    } else if ((await this.#look(job)) === "pause") {
      await running.pause();
      if (meter.idle > patience) end(job, "stopped", "not paid: sign vouchers, or deposit");
    } else {
      if (wasPaused) await running.resume();
      meter.wake();
    }
  }

  /** Stops a job that has too much on the disk, and says whether it has. */
  async #measure(job: Job, running?: RunningJob): Promise<boolean> {
    try {
      const { diskBytes } = this.settings.limits;
      const output = path.join(job.folder, OUTPUT);
      // First what has no name: what loses its name meanwhile is not counted twice.
      const held = await heldFiles((await running?.processes()) ?? [], output, diskBytes);
      const scan = await scanJob(job.folder, diskBytes);
      const bytes = held.bytes + scan.bytes;
      const excess = held.excess ?? scan.excess ?? (bytes > diskBytes ? `more than ${diskBytes} bytes` : undefined);
      const printed = await stat(output).catch(() => undefined);
      job.bytes = bytes + (printed?.size ?? 0);
      if (excess !== undefined) end(job, "stopped", `files: found ${excess}`);
      return excess !== undefined;
    } catch (error) {
      end(job, "failed", messageOf(error));
      return false;
    }
  }
}

/** Turns the kernel's figures of one job into metering lines. */
class Meter {
  readonly #started = Date.now();
  #woken = Date.now();
  #read = performance.now();
  #cpuMicros = 0n;
  /** Measured, and in no line yet. */
  #open: Usage = { cpuMicros: 0n, byteMillis: 0n };
  #index = 0;

  constructor(
    private readonly job: Job,
    private readonly books: Books,
    private readonly prices: Prices,
  ) {}

  /** Milliseconds since the job started. */
  get elapsed(): number {
    return Date.now() - this.#started;
  }

  /** Milliseconds since it last ran. */
  get idle(): number {
    return Date.now() - this.#woken;
  }

  wake(): void {
    this.#woken = Date.now();
  }

  /** Writes down what was used since the last time; memory is not charged while the job is paused. */
  async read(running: RunningJob): Promise<void> {
    const { cpuMicros, memoryBytes } = await running.usage();
    const now = performance.now();
    if (this.job.state === "paused") this.#read = now;
    const millis = Math.floor(now - this.#read);
    const usage: Usage = {
      cpuMicros: this.#open.cpuMicros + cpuMicros - this.#cpuMicros,
      byteMillis: this.#open.byteMillis + memoryBytes * BigInt(millis),
    };
    this.#read += millis;
    this.#cpuMicros = cpuMicros;
    this.#open = usage;
    const cost = costOf(usage, this.prices);
    // Too little for a wei is left for the next line, as is what cannot be written down.
    if (cost === 0n) return;
    await this.books.addLine(this.job.user, { jobId: this.job.id, index: this.#index, ...usage, cost });
    this.#open = { cpuMicros: 0n, byteMillis: 0n };
    this.#index += 1;
    this.job.cost += cost;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The first reason counts. Others see it when the job has ended: what it used is metered by then. */
function end(job: Job, state: JobState, reason: string): void {
  job.ending ??= { state, reason };
}

async function pause(millis: number): Promise<undefined> {
  await new Promise((resolve) => setTimeout(resolve, millis));
  return undefined;
}
