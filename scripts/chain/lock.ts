import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import path from "node:path";

import { NumeraireError } from "../../sdk/numeraire-error.js";

/** A process that holds a lock or held it when it ended. */
export interface Holder {
  pid: number;
  host: string;
  /** When the process began, as the system counts it; what tells it from a later process with the same id. */
  began: string;
}

export interface Lock {
  release(): Promise<void>;
}

/** What this process holds: its own claims say nothing about two takers within it. */
const held = new Set<string>();

/**
 * Takes a lock for one process at a time. Each process writes a claim of its own beside `file` and then looks whether
 * another lives: of two that begin together at most one goes on. Claims of processes that have ended are removed, also
 * where another process got their id since.
 * @param file Path that claims are named after: `<file>.lock-<pid>`.
 * @param what What the lock is for, e.g. "account 0x… on chain 1".
 * @throws {NumeraireError} with exit code 2 while another process holds it.
 */
export async function takeLock(file: string, what: string): Promise<Lock> {
  const own = `${path.resolve(file)}.lock-${process.pid}`;
  if (held.has(own)) throw taken(own, { pid: process.pid, host: hostname(), began: "" }, what);
  held.add(own);
  const release = async (): Promise<void> => {
    await rm(own, { force: true });
    held.delete(own);
  };
  try {
    await mkdir(path.dirname(own), { recursive: true });
    await writeFile(own, JSON.stringify(await thisProcess()));
    for (const other of await claimsOf(file)) {
      if (other === own) continue;
      const holder = await readClaim(other);
      if (holder !== undefined && (await lives(holder))) throw taken(other, holder, what);
      await rm(other, { force: true });
    }
  } catch (error) {
    await release();
    throw error;
  }
  return { release };
}

/** Who holds a lock: the processes with a claim that still run; claims of others are left alone. */
export async function holdersOf(file: string): Promise<Holder[]> {
  const holders: Holder[] = [];
  for (const claim of await claimsOf(file)) {
    const holder = await readClaim(claim);
    if (holder !== undefined && (await lives(holder))) holders.push(holder);
  }
  return holders;
}

async function claimsOf(file: string): Promise<string[]> {
  const folder = path.dirname(path.resolve(file));
  const prefix = `${path.basename(file)}.lock-`;
  const names = await readdir(folder).catch((error: unknown) => {
    if (isCode(error, "ENOENT")) return [];
    throw error;
  });
  return names.filter((name) => name.startsWith(prefix)).map((name) => path.join(folder, name));
}

async function thisProcess(): Promise<Holder> {
  return { pid: process.pid, host: hostname(), began: (await inspect(process.pid))?.began ?? "" };
}

/** Undefined where there is none. */
async function readClaim(claim: string): Promise<Holder | undefined> {
  let text: string;
  try {
    text = await readFile(claim, "utf8");
  } catch (error) {
    if (isCode(error, "ENOENT")) return undefined;
    throw error;
  }
  // Its process may be about to write the rest, so its id, which the name has, decides.
  const pid = Number(claim.slice(claim.lastIndexOf("-") + 1));
  try {
    return JSON.parse(text) as Holder;
  } catch {
    return { pid, host: hostname(), began: "" };
  }
}

async function lives({ pid, host, began }: Holder): Promise<boolean> {
  // Whether a process of another machine runs cannot be seen from here.
  if (host !== hostname()) return true;
  if (!Number.isInteger(pid) || pid <= 0 || !isRunning(pid)) return false;
  const found = await inspect(pid);
  return found === undefined || (!found.ended && (began === "" || found.began === began));
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isCode(error, "EPERM");
  }
}

/**
 * Boot and clock tick a process began at, and whether it has ended and only waits for its parent to notice. Undefined
 * where the system does not tell, and the id alone must do.
 */
async function inspect(pid: number): Promise<{ began: string; ended: boolean } | undefined> {
  try {
    const [stat, boot] = await Promise.all([
      readFile(`/proc/${pid}/stat`, "utf8"),
      readFile("/proc/sys/kernel/random/boot_id", "utf8"),
    ]);
    // The name of the program, in brackets, may hold spaces; the state follows it, the tick is 19 fields later.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { began: `${boot.trim()}/${fields[19] ?? ""}`, ended: fields[0] === "Z" || fields[0] === "X" };
  } catch {
    return undefined;
  }
}

function taken(claim: string, { pid, host }: Holder, what: string): NumeraireError {
  const elsewhere = host === hostname() ? "" : ` on ${host}`;
  return new NumeraireError(`${what}: found process ${pid}${elsewhere} at work, expected to be alone`, {
    hint:
      elsewhere === ""
        ? "Wait until it is done, or stop it, then run the command again; the lock gives way by itself."
        : `If that process does not run any more, remove ${claim}.`,
    exitCode: 2,
  });
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
