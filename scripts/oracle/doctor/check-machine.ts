import { open, readdir, rm, stat, statfs } from "node:fs/promises";
import { hostname } from "node:os";
import path from "node:path";

import { CLAIM, holdersOf } from "../../chain/lock.js";
import { broken, ok, warning, type Finding } from "./finding.js";

/** Oldest Node that the programs' libraries run under. */
const LEAST_NODE = [22, 13];
const MIB = 1024n * 1024n;
/** Journals and plans of many rounds. */
const ENOUGH_SPACE = 1024n * MIB;
const LEAST_SPACE = 100n * MIB;

/** @param version As `process.versions.node` has it. */
export function checkNodeVersion(version: string): Finding {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [leastMajor = 0, leastMinor = 0] = LEAST_NODE;
  if (major > leastMajor || (major === leastMajor && minor >= leastMinor)) return ok("Node", version);
  return broken(
    "Node",
    `found ${version}, expected ${LEAST_NODE.join(".")} or later`,
    "Run the program through npm (npm run oracle -- …), which brings its own Node, or install a later one.",
  );
}

/**
 * Writes to a folder and removes what was written.
 * @param check Name of the check.
 * @param folder Where files are to be written; where it is missing, the nearest folder above it that exists is tried.
 * @param remedy What to do when it cannot be written to.
 */
export async function checkWritable(check: string, folder: string, remedy: string): Promise<Finding> {
  const existing = await nearestExisting(folder);
  const probe = path.join(existing, `.numeraire-doctor-${process.pid}`);
  try {
    const handle = await open(probe, "wx");
    try {
      await handle.write("written by doctor");
      await handle.sync();
    } finally {
      await handle.close();
      await rm(probe, { force: true });
    }
    return ok(check, `${folder}: can be written to`);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
    return broken(check, `${folder}: cannot be written to (${code} in ${existing})`, remedy);
  }
}

/** Looks at the room on the disk that a folder is on, or will be. */
export async function checkDiskSpace(folder: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(await nearestExisting(folder), { bigint: true });
  return judgeSpace(folder, bavail * bsize);
}

/** @param free Bytes. */
export function judgeSpace(folder: string, free: bigint): Finding {
  const found = `${folder}: ${(free / MIB).toString()} MiB free`;
  if (free >= ENOUGH_SPACE) return ok("disk space", found);
  const fix = `Make room: with less than ${(LEAST_SPACE / MIB).toString()} MiB the journal may not be written, and without it nothing is sent.`;
  return free >= LEAST_SPACE ? warning("disk space", found, fix) : broken("disk space", found, fix);
}

/**
 * Looks for processes that hold an account's lock.
 * @param folder Folder of journals and locks.
 */
export async function checkLocks(folder: string): Promise<Finding> {
  const claims = (await readdir(folder, { recursive: true }).catch(() => [])).filter((name) => CLAIM.test(name));
  const files = [...new Set(claims.map((name) => path.join(folder, name.replace(CLAIM, ""))))];
  const holders = (await Promise.all(files.map(holdersOf))).flat();
  const remote = holders
    .filter((holder) => holder.remote)
    .map(({ pid, host, claim }) => `${claim} by process ${pid}${host === hostname() ? "" : ` on ${host}`}`);
  const held = holders
    .filter((holder) => !holder.remote)
    .map(({ pid, claim }) => `${path.basename(claim).replace(CLAIM, "")} by process ${pid}`);
  if (remote.length > 0) {
    return broken(
      "locks",
      `found ${remote.join(", ")}`,
      "If that machine or container does not work on the account any more, remove the file; two must never share an account.",
    );
  }
  if (held.length > 0) {
    return warning(
      "locks",
      `found ${held.join(", ")}`,
      "Wait until it is done: a command that sends from the account would stop.",
    );
  }
  const left = claims.length === 0 ? "none" : `none; what ended processes left gives way by itself (${claims.length})`;
  return ok("locks", left);
}

async function nearestExisting(folder: string): Promise<string> {
  let current = path.resolve(folder);
  for (;;) {
    const found = await stat(current).catch(() => undefined);
    const parent = path.dirname(current);
    if (found !== undefined || parent === current) return current;
    current = parent;
  }
}
