import { spawn } from "node:child_process";
import { chmod, chown, mkdir, open, readdir, writeFile } from "node:fs/promises";
import path from "node:path";

import { NumeraireError } from "../../sdk/numeraire-error.js";
import { createControlGroup, type GroupUsage } from "./control-group.js";

/** What one job may use. */
export interface JobLimits {
  /** Processor time of each process, in seconds; the meter stops jobs that cannot pay long before. */
  cpuSeconds: number;
  /** Processors at a time. */
  cores: number;
  memoryBytes: number;
  processes: number;
  /** All that the job's folder may hold, in bytes; also the most a file. */
  diskBytes: number;
  /** Time by the clock, in seconds. */
  wallSeconds: number;
}

/** A file of a job, its path relative to the job's folder. */
export interface JobFile {
  path: string;
  content: Buffer;
}

/** A program among a job's files. */
export interface Program {
  runtime: "node" | "python";
  /** Path of the script in the job's folder. */
  entry: string;
}

/** How a job ended. */
export interface JobEnd {
  /** Exit code; null for a signal. */
  code: number | null;
  signal: string | null;
}

/** A job that runs. */
export interface RunningJob {
  usage(): Promise<GroupUsage>;
  /** Stops all processes until they are resumed, also those that are being forked. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  kill(): Promise<void>;
  /** Processes of the job, by id. */
  processes(): Promise<number[]>;
  /** Settles when the last process is gone. */
  ended: Promise<JobEnd>;
  /** Takes the meter away; nothing can be asked afterwards. */
  close(): Promise<void>;
}

/** The account that owns nothing; jobs run as it. */
const NOBODY = 65_534;
const CONFINE = path.join(import.meta.dirname, "confine.sh");
/** File in the parent of the job's work folder that gets all it prints. */
export const OUTPUT = "output.log";
/** Folder with the job's files, within its folder. */
export const WORK = "work";
/** Empty folder beside it: the job's root is made here, where no one else sees it. */
const ROOT = "root";

/**
 * The path of a job's file, once it is sure to lie in the folder.
 * @throws {NumeraireError} for a path that is empty, absolute, climbs, or has control characters.
 */
export function safePath(folder: string, relative: string): string {
  const parts = relative.split("/");
  const plain = parts.every((part) => part !== "" && part !== "." && part !== ".." && !/[\0-\x1f\\\x7f]/.test(part));
  if (!plain || relative.length > 200) {
    throw new NumeraireError(`file ${JSON.stringify(relative)}: expected a relative path such as data/train.csv`, {
      hint: "Name files by paths within the job's folder, without `.` and `..`.",
    });
  }
  return path.join(folder, ...parts);
}

/**
 * Writes a job's files into its folder.
 * @param folder The job's folder; made here.
 * @throws {NumeraireError} when a path leads out of the folder, or two are in each other's way.
 */
export async function placeFiles(folder: string, files: readonly JobFile[]): Promise<void> {
  const work = path.join(folder, WORK);
  await mkdir(work, { recursive: true });
  await mkdir(path.join(folder, ROOT));
  for (const { path: relative, content } of files) {
    const file = safePath(work, relative);
    try {
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, content, { flag: "wx" });
    } catch (cause) {
      if (!(cause instanceof Error && "code" in cause && ["EEXIST", "ENOTDIR"].includes(String(cause.code))))
        throw cause;
      throw new NumeraireError(`file ${JSON.stringify(relative)}: found another in its place`, {
        hint: "Give every file a path of its own, and none the path of a folder.",
        cause,
      });
    }
  }
  await giveAway(work);
}

/**
 * Starts a program among the files that were placed.
 * @param id Name of the job: letters, digits and hyphens.
 * @param folder The job's folder.
 * @throws {NumeraireError} when the program's path leads out of the folder, or the machine cannot confine jobs.
 */
export async function startJob(id: string, folder: string, program: Program, limits: JobLimits): Promise<RunningJob> {
  const work = path.join(folder, WORK);
  const entry = path.relative(work, safePath(work, program.entry));
  const group = await createControlGroup(id, limits);
  const output = await open(path.join(folder, OUTPUT), "ax", 0o600);
  const { cpuSeconds, diskBytes } = limits;
  const root = path.join(folder, ROOT);
  const settings = [group.joinFiles.join("\n"), work, root, String(cpuSeconds), String(diskBytes), process.execPath];
  const child = spawn("sh", [CONFINE, ...settings, ...commandOf(program.runtime, entry)], {
    stdio: ["ignore", output.fd, output.fd],
    detached: true,
    env: { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" },
  });
  const ended = new Promise<JobEnd>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      resolve({ code, signal });
    });
  }).finally(() => output.close());
  return {
    usage: () => group.usage(),
    pause: () => group.freeze(),
    resume: () => group.thaw(),
    kill: async () => {
      // Its first process may not have joined the group yet.
      child.kill("SIGKILL");
      await group.kill();
    },
    processes: () => group.processes(),
    ended,
    close: () => group.remove(),
  };
}

function commandOf(runtime: Program["runtime"], entry: string): string[] {
  if (runtime === "python") return ["/usr/bin/python3", "-I", entry];
  return [
    "/node",
    "--permission",
    "--allow-fs-read=/job",
    "--allow-fs-write=/job",
    "--disable-warning=SecurityWarning",
    path.join("/job", entry),
  ];
}

/** Hands a folder and all in it to the account that jobs run as. */
async function giveAway(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    await chown(path.join(entry.parentPath, entry.name), NOBODY, NOBODY);
  }
  await chown(folder, NOBODY, NOBODY);
  await chmod(folder, 0o700);
}
