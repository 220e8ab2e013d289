import { randomBytes } from "node:crypto";
import { mkdir, open, readFile, readdir, readlink, rename, rm } from "node:fs/promises";
import { hostname } from "node:os";
import path from "node:path";

import { NumeraireError } from "../../sdk/numeraire-error.js";

/** A process that holds a lock or held it when it ended. */
export interface Holder {
  pid: number;
  host: string;
  /** Which start of the system it ran in, and in which space of process ids: a container has its own. */
  boot: string;
  space: string;
  /** When the process began, as the system counts it; what tells it from a later process with the same id. */
  began: string;
}

/** A holder that is at work, or may be. */
export interface LivingHolder extends Holder {
  /** File that says so. */
  claim: string;
  /** Whether it cannot be seen from here whether it still is: on another machine, or in another container. */
  remote: boolean;
}

export interface Lock {
  release(): Promise<void>;
}

/** What this process holds: its own claims say nothing about two takers within it. */
const held = new Set<string>();
/** Part of this process's claims: elsewhere, or later, another process may have its id. */
const MARK = randomBytes(8).toString("hex");
/** What the programs add to a file's name for a claim. */
export const CLAIM = /\.lock-(\d+)(-[0-9a-f]+)?$/;

/**
 * Takes a lock for one process at a time. Each process writes a claim of its own beside `file` and then looks whether
 * another lives: of two that begin together at most one goes on. Claims of processes that have ended are removed, also
 * where another process got their id since.
 * @param file Path that claims are named after: `<file>.lock-<pid>-<mark of the process>`.
 * @param what What the lock is for, e.g. "account 0x… on chain 1".
 * @throws {NumeraireError} with exit code 2 while another process holds it.
 */
export async function takeLock(file: string, what: string): Promise<Lock> {
  const own = `${path.resolve(file)}.lock-${process.pid}-${MARK}`;
  if (held.has(own)) throw taken({ ...(await thisProcess()), claim: own, remote: false }, what);
  held.add(own);
  const release = async (): Promise<void> => {
    await rm(own, { force: true });
    held.delete(own);
  };
  try {
    await mkdir(path.dirname(own), { recursive: true, mode: 0o700 });
    await writeWhole(own, JSON.stringify(await thisProcess()));
    for (const other of await claimsOf(file)) {
      if (other === own) continue;
      const living = await livingHolder(other);
      if (living !== undefined) throw taken(living, what);
      await rm(other, { force: true });
    }
  } catch (error) {
    await release();
    throw error;
  }
  return { release };
}

/** Who holds a lock: the processes with a claim that still run, or may; claims of others are left alone. */
export async function holdersOf(file: string): Promise<LivingHolder[]> {
  const holders = await Promise.all((await claimsOf(file)).map(livingHolder));
  return holders.filter((holder) => holder !== undefined);
}

/** Nobody reads half a claim, nor finds one after a loss of power. */
async function writeWhole(claim: string, text: string): Promise<void> {
  const part = claim.replace(/\.lock-(?=[^/\\]*$)/, ".claim-");
  const handle = await open(part, "w");
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(part, claim);
}

async function claimsOf(file: string): Promise<string[]> {
  const folder = path.dirname(path.resolve(file));
  const names = await readdir(folder).catch((error: unknown) => {
    if (isCode(error, "ENOENT")) return [];
    throw error;
  });
  const base = path.basename(file);
  return names
    .filter((name) => name.replace(CLAIM, "") === base && name !== base)
    .map((name) => path.join(folder, name));
}

async function thisProcess(): Promise<Holder> {
  const { pid } = process;
  return { pid, host: hostname(), ...(await thisSystem()), began: (await inspect(pid))?.began ?? "" };
}

/** Empty where the system does not tell. */
async function thisSystem(): Promise<Pick<Holder, "boot" | "space">> {
  const [boot, space] = await Promise.all([
    readFile("/proc/sys/kernel/random/boot_id", "utf8").catch(() => ""),
    readlink("/proc/self/ns/pid").catch(() => ""),
  ]);
  return { boot: boot.trim(), space };
}

/** The holder that a claim names, if it is at work or may be. */
async function livingHolder(claim: string): Promise<LivingHolder | undefined> {
  const holder = await readClaim(claim);
  const life = holder && (await lifeOf(holder));
  return holder === undefined || life === undefined || life === "ended"
    ? undefined
    : { ...holder, claim, remote: life === "unseen" };
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
  // What is no claim of a program has at least the id in its name.
  const unknown = { pid: Number(CLAIM.exec(claim)?.[1]), host: hostname(), boot: "", space: "", began: "" };
  try {
    return { ...unknown, ...(JSON.parse(text) as Partial<Holder>) };
  } catch {
    return unknown;
  }
}

/**
 * Whether a holder runs. Names of machines change and repeat, so the start of the system says more: a process of an earlier
 * one has ended, whoever has its id now; one in another space of ids cannot be seen.
 */
async function lifeOf({ pid, host, boot, space, began }: Holder): Promise<"runs" | "ended" | "unseen"> {
  const here = await thisSystem();
  const sameBoot = boot !== "" && boot === here.boot;
  if (!sameBoot && host !== hostname()) return "unseen";
  if (!sameBoot && boot !== "" && here.boot !== "") return "ended";
  if (space !== "" && here.space !== "" && space !== here.space) return "unseen";
  if (!Number.isInteger(pid) || pid <= 0 || !isRunning(pid)) return "ended";
  const found = await inspect(pid);
  return found === undefined || (!found.ended && (began === "" || found.began === began)) ? "runs" : "ended";
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
 * Clock tick a process began at, and whether it has ended and only waits for its parent to notice. Undefined where the
 * system does not tell, and the id alone must do.
 */
async function inspect(pid: number): Promise<{ began: string; ended: boolean } | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8");
    // The name of the program, in brackets, may hold spaces; the state follows it, the tick is 19 fields later.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { began: fields[19] ?? "", ended: fields[0] === "Z" || fields[0] === "X" };
  } catch {
    return undefined;
  }
}

function taken({ pid, host, claim, remote }: LivingHolder, what: string): NumeraireError {
  const elsewhere = host === hostname() ? (remote ? " of another container" : "") : ` on ${host}`;
  return new NumeraireError(`${what}: found process ${pid}${elsewhere} at work, expected to be alone`, {
    hint: remote
      ? `If that process does not run any more, remove ${claim}.`
      : "Wait until it is done, or stop it, then run the command again; the lock gives way by itself.",
    exitCode: 2,
  });
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
