import { access, mkdir, readFile, readdir, rmdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { NumeraireError } from "../../sdk/numeraire-error.js";
import { freezerOf, type Freezer } from "./freezer.js";

/** What all processes of a job together may have. */
export interface GroupLimits {
  /** Processors at a time. */
  cores: number;
  memoryBytes: number;
  processes: number;
}

/** What the processes of a job have used; what has ended is counted too. */
export interface GroupUsage {
  cpuMicros: bigint;
  /** Memory of their own, shared or not, without files on disk that the system keeps in memory. */
  memoryBytes: bigint;
}

/** A group of processes that the kernel meters, limits, stops and ends, whatever they fork. */
export interface ControlGroup extends Freezer {
  /** A process that writes 0 into each of these joins, with all that it starts. */
  readonly joinFiles: readonly string[];
  usage(): Promise<GroupUsage>;
  /** Processes in the group, by id. */
  processes(): Promise<number[]>;
  /** Takes the group away once its processes are gone. */
  remove(): Promise<void>;
}

const ROOT = "/sys/fs/cgroup";
/** Controllers of version 1 that a job is in. */
const SPLIT = ["freezer", "cpuacct", "cpu", "memory", "pids"] as const;
/** Microseconds over which processors are shared out. */
const PERIOD = 100_000;
/** How long processes that were killed may take to go. */
const REMOVAL_TRIES = 100;

/**
 * Makes a control group, of version 2 where the machine has it, else of version 1.
 * @param name Name of the group: letters, digits and hyphens.
 * @param root Where control groups are mounted.
 * @throws {NumeraireError} when the machine has none, or this account may not make any.
 */
export async function createControlGroup(name: string, limits: GroupLimits, root = ROOT): Promise<ControlGroup> {
  try {
    const controllers = await readFile(path.join(root, "cgroup.controllers"), "utf8").catch(() => "");
    const unified = ["cpu", "memory", "pids"].every((controller) => controllers.split(/\s/).includes(controller));
    return unified ? await createUnified(name, limits, root) : await createSplit(name, limits, root);
  } catch (cause) {
    throw new NumeraireError(`${root}: cannot make the control group ${name}, expected that jobs can be metered`, {
      hint: "Run the provider on Linux 5.14 or later, as root or in a delegated control group with the cpu, memory and pids controllers.",
      cause,
    });
  }
}

/**
 * Ends all processes in groups whose names begin so, and takes the groups away: those of a provider that was killed.
 * @param prefix Beginning of the names.
 * @param root Where control groups are mounted.
 */
export async function endGroups(prefix: string, root = ROOT): Promise<void> {
  for (const controller of ["", ...SPLIT]) {
    const parent = path.join(root, controller, "numeraire");
    for (const name of await readdir(parent).catch(() => [])) {
      if (!name.startsWith(prefix)) continue;
      const folder = path.join(parent, name);
      // Of version 1 the freezer comes first, and ends what is in the others.
      if (controller === "" || controller === "freezer") await freezerOf(folder, controller === "" ? 2 : 1).kill();
      await removeFolder(folder);
    }
  }
}

/** Version 2: one folder has everything. */
async function createUnified(name: string, limits: GroupLimits, root: string): Promise<ControlGroup> {
  const parent = path.join(root, "numeraire");
  const folder = path.join(parent, name);
  await mkdir(parent, { recursive: true });
  for (const above of [root, parent]) await writeFile(path.join(above, "cgroup.subtree_control"), "+cpu +memory +pids");
  await mkdir(folder);
  await writeFile(path.join(folder, "cpu.max"), `${limits.cores * PERIOD} ${PERIOD}`);
  await writeFile(path.join(folder, "memory.max"), String(limits.memoryBytes));
  await writeWhereSwapped(path.join(folder, "memory.swap.max"), "0");
  await writeFile(path.join(folder, "pids.max"), String(limits.processes));
  return groupOf([folder], freezerOf(folder, 2), async () => ({
    cpuMicros: field(await read(folder, "cpu.stat"), "usage_usec"),
    memoryBytes: sum(await read(folder, "memory.stat"), ["anon", "shmem"]),
  }));
}

/** Version 1: a folder a controller. */
async function createSplit(name: string, limits: GroupLimits, root: string): Promise<ControlGroup> {
  const folderOf = (controller: (typeof SPLIT)[number]): string => path.join(root, controller, "numeraire", name);
  const [freezer, meter, cpu, memory, pids] = [
    folderOf("freezer"),
    folderOf("cpuacct"),
    folderOf("cpu"),
    folderOf("memory"),
    folderOf("pids"),
  ] as const;
  for (const controller of SPLIT) await access(path.join(root, controller));
  for (const folder of [freezer, meter, cpu, memory, pids]) {
    await mkdir(path.dirname(folder), { recursive: true });
    await mkdir(folder);
  }
  await writeFile(path.join(cpu, "cpu.cfs_period_us"), String(PERIOD));
  await writeFile(path.join(cpu, "cpu.cfs_quota_us"), String(limits.cores * PERIOD));
  await writeFile(path.join(memory, "memory.limit_in_bytes"), String(limits.memoryBytes));
  await writeWhereSwapped(path.join(memory, "memory.memsw.limit_in_bytes"), String(limits.memoryBytes));
  await writeFile(path.join(pids, "pids.max"), String(limits.processes));
  return groupOf([freezer, meter, cpu, memory, pids], freezerOf(freezer, 1), async () => ({
    cpuMicros: BigInt((await read(meter, "cpuacct.usage")).trim()) / 1_000n,
    memoryBytes: sum(await read(memory, "memory.stat"), ["total_rss", "total_shmem"]),
  }));
}

/** Memory that is swapped out is in no figure, so there must be none; kernels that account for swap have the file. */
async function writeWhereSwapped(file: string, text: string): Promise<void> {
  if (
    await access(file).then(
      () => true,
      () => false,
    )
  )
    await writeFile(file, text);
}

function groupOf(
  folders: readonly [string, ...string[]],
  freezer: Freezer,
  usage: () => Promise<GroupUsage>,
): ControlGroup {
  return {
    ...freezer,
    joinFiles: folders.map((folder) => path.join(folder, "cgroup.procs")),
    usage,
    processes: () => processesOf(folders[0]),
    remove: async () => {
      for (const folder of folders) await removeFolder(folder);
    },
  };
}

async function processesOf(folder: string): Promise<number[]> {
  const lines = (await read(folder, "cgroup.procs")).split("\n");
  return lines.filter((line) => line !== "").map(Number);
}

async function removeFolder(folder: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await rmdir(folder);
      return;
    } catch (error) {
      if (tries === REMOVAL_TRIES) throw error;
      await sleep(20);
    }
  }
}

async function read(folder: string, file: string): Promise<string> {
  return readFile(path.join(folder, file), "utf8");
}

function sum(text: string, names: readonly string[]): bigint {
  return names.reduce((total, name) => total + field(text, name), 0n);
}

function field(text: string, name: string): bigint {
  const value = new RegExp(`^${name} (\\d+)$`, "m").exec(text)?.[1];
  if (value === undefined) {
    throw new NumeraireError(`control group: found no ${name}, expected it among the kernel's figures`, {
      hint: "Use a kernel with memory accounting.",
    });
  }
  return BigInt(value);
}
