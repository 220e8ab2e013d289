import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { NumeraireError } from "../../sdk/numeraire-error.js";
import { OUTPUT, placeFiles, startJob, type JobLimits } from "./sandbox.js";

/** Enough for a program that does nothing. */
const LIMITS: JobLimits = {
  cpuSeconds: 10,
  cores: 1,
  memoryBytes: 2 ** 28,
  processes: 32,
  diskBytes: 2 ** 20,
  wallSeconds: 60,
};

/**
 * Runs a job that does nothing, as a provider would.
 * @throws {NumeraireError} that says what is missing, where this machine cannot confine and meter jobs.
 */
export async function requireSandbox(): Promise<void> {
  if (process.platform !== "linux") throw missing(`found ${process.platform}, expected linux`);
  const folder = await mkdtemp(path.join(tmpdir(), "numeraire-sandbox-"));
  try {
    const failure = await tryJob(folder);
    if (failure !== undefined) throw missing(failure);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Why a job cannot be run; undefined where it can. */
async function tryJob(folder: string): Promise<string | undefined> {
  const files = [{ path: "nothing.mjs", content: Buffer.alloc(0) }];
  try {
    await placeFiles(folder, files);
    const program = { runtime: "node", entry: "nothing.mjs" } as const;
    const job = await startJob(`numeraire-try-${process.pid}`, folder, program, LIMITS);
    const { code, signal } = await job.ended;
    await job.close();
    if (code === 0) return undefined;
    const said = (await readFile(path.join(folder, OUTPUT), "utf8")).trim();
    return said === "" ? `exit ${String(code ?? signal)}` : said;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function missing(what: string): NumeraireError {
  return new NumeraireError(`this machine cannot confine and meter the jobs of others: ${what}`, {
    hint: "It takes Linux, root, control groups, util-linux, and Node in a folder that every account may read.",
    exitCode: 2,
  });
}
