import { randomBytes } from "node:crypto";
import { availableParallelism } from "node:os";
import path from "node:path";

import { hexlify } from "ethers";

import type { Books } from "./books.js";
import { creditOf, type Credit } from "./credit.js";
import { costOf, type Prices, type Usage } from "./prices.js";
import { startJob, type JobLimits, type Program, type RunningJob } from "./sandbox.js";

/** Queued: waits for a place. Paused: waits for a voucher. Stopped: by the provider, for the reason. */
export type JobState = "queued" | "running" | "paused" | "done" | "failed" | "stopped";

/** A job as others see it. */
export interface Job {
  /** 32 bytes as hex. */
  id: string;
  user: string;
  state: JobState;
  /** Why it failed or was stopped; empty otherwise. */
  reason: string;
  /** What its metering lines cost so far, in wei. */
  cost: bigint;
  folder: string;
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
  /** Balance and claims of a user on chain, in wei. */
  fundsOf: (user: string) => Promise<{ claimed: bigint; available: bigint }>;
}

/** Milliseconds between two looks at a job. */
const TICK = 250;
/** A look may come late on a busy machine. */
const LATENESS = 2n;
const ENDED: readonly JobState[] = ["done", "failed", "stopped"];

/** Runs jobs while their users have credit, and writes down what they use. */
export class Jobs {
  readonly #jobs = new Map<string, Job>();
  readonly #queue: (() => void)[] = [];
  readonly #working = new Set<Promise<void>>();
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
    return [...this.#jobs.values()].some((job) => job.user === user && !ENDED.includes(job.state));
  }

  /** How a user stands now, and what it means for its jobs. */
  async credit(user: string): Promise<Credit> {
    const { books, settings } = this;
    const funds = await settings.fundsOf(user);
    const standing = { owed: books.owedBy(user), signed: books.voucherOf(user)?.voucher.cumulative ?? 0n, ...funds };
    return creditOf(standing, settings.interval, this.#step(user));
  }

  /** Accepts a job; it runs as soon as there is a place. */
  submit(user: string, program: Program): Job {
    const id = hexlify(randomBytes(32));
    const folder = path.join(this.settings.folder, id.slice(2));
    const job: Job = { id, user, state: "queued", reason: "", cost: 0n, folder };
    this.#jobs.set(id, job);
    const work = this.#place()
      .then(() => this.#run(job, program))
      .catch((error: unknown) => {
        end(job, "failed", error instanceof Error ? error.message : String(error));
      })
      .finally(() => {
        this.#running -= 1;
        this.#queue.shift()?.();
        this.#working.delete(work);
      });
    this.#working.add(work);
    return job;
  }

  /** Stops every job and waits until the last one is metered. */
  async close(): Promise<void> {
    for (const job of this.#jobs.values()) {
      if (!ENDED.includes(job.state)) end(job, "stopped", "the provider shuts down");
    }
    await Promise.all(this.#working);
  }

  /** Most that a user's running jobs can cost until the next look, in wei. */
  #step(user: string): bigint {
    const running = [...this.#jobs.values()].filter((job) => job.user === user && job.state === "running").length;
    const { limits, prices } = this.settings;
    const millis = BigInt(TICK) * LATENESS;
    const jobs = Math.max(running, 1);
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
    if (ENDED.includes(job.state)) return;
    const running = await startJob(
      `${this.settings.group}-${job.id.slice(2, 34)}`,
      job.folder,
      program,
      this.settings.limits,
    );
    job.state = "running";
    const meter = new Meter(job, this.books, this.settings.prices);
    const outcome = running.ended.then((value) => ({ value }));
    try {
      for (;;) {
        const ended = await Promise.race([outcome, pause(TICK)]);
        await meter.read(running);
        if (ended !== undefined) {
          const { code, signal } = ended.value;
          if (!ENDED.includes(job.state)) {
            end(job, code === 0 ? "done" : "failed", code === 0 ? "" : `exit ${String(code ?? signal)}`);
          }
          return;
        }
        await this.#supervise(job, running, meter);
        if (ENDED.includes(job.state)) await running.kill();
      }
    } finally {
      await running.kill();
      await running.ended;
      await running.close();
    }
  }

  async #awaitCredit(job: Job): Promise<void> {
    const until = Date.now() + this.settings.patience;
    while (!ENDED.includes(job.state) && (await this.credit(job.user)) === "pause") {
      if (Date.now() > until) end(job, "stopped", "not paid: sign vouchers, or deposit");
      else await pause(TICK);
    }
  }

  /** Pauses a job without credit, stops one that stays without it or is too large or too long. */
  async #supervise(job: Job, running: RunningJob, meter: Meter): Promise<void> {
    const { limits, patience } = this.settings;
    if (ENDED.includes(job.state)) return;
    if (meter.elapsed > limits.wallSeconds * 1_000) {
      end(job, "stopped", `time: found more than ${limits.wallSeconds} s`);
    } else if ((await running.diskBytes()) > limits.diskBytes) {
      end(job, "stopped", `files: found more than ${limits.diskBytes} bytes`);
    } else if ((await this.credit(job.user)) === "pause") {
      // Again at each look: what was forked while the others were being stopped is stopped now.
      await running.pause();
      job.state = "paused";
      if (meter.idle > patience) end(job, "stopped", "not paid: sign vouchers, or deposit");
    } else if (job.state === "paused") {
      job.state = "running";
      await running.resume();
    }
    if (job.state !== "paused") meter.wake();
  }
}

/** Turns the kernel's figures of one job into metering lines. */
class Meter {
  readonly #started = Date.now();
  #woken = Date.now();
  #read = performance.now();
  #cpuMicros = 0n;
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
    const usage: Usage = {
      cpuMicros: cpuMicros - this.#cpuMicros,
      byteMillis: memoryBytes * BigInt(Math.floor(now - this.#read)),
    };
    const cost = costOf(usage, this.prices);
    // Too little for a wei is left for the next line.
    if (cost === 0n) return;
    this.#read = now;
    this.#cpuMicros = cpuMicros;
    await this.books.addLine(this.job.user, { jobId: this.job.id, index: this.#index, ...usage, cost });
    this.#index += 1;
    this.job.cost += cost;
  }
}

function end(job: Job, state: JobState, reason: string): void {
  job.state = state;
  job.reason = reason;
}

async function pause(millis: number): Promise<undefined> {
  await new Promise((resolve) => setTimeout(resolve, millis));
  return undefined;
}
