import type { BigIntStats } from "node:fs";
import { opendir, readdir, stat } from "node:fs/promises";

/** What processes have on the disk beside what lies in their folder. */
export interface HeldFiles {
  /** Bytes on the disk of files without a name, each counted once. */
  bytes: number;
  /** What is too much, in words; the count ended there. Undefined where it saw everything. */
  excess: string | undefined;
}

/** Open files and mappings that are looked at: a job must not keep the provider busy with them. */
const LOOKS = 10_000;
/** What the kernel says of processes, files and mappings that are gone meanwhile. */
const GONE: readonly unknown[] = ["ENOENT", "ESRCH"];

/**
 * Counts files without a name that processes keep on the disk because they have them open or mapped.
 * @param processes Their ids.
 * @param file A file on the disk that is meant: what others hold, such as shared memory, is not counted.
 * @param mostBytes Most that they may take.
 * @throws when the system does not let this account look at the processes.
 */
export async function heldFiles(processes: readonly number[], file: string, mostBytes: number): Promise<HeldFiles> {
  const { dev } = await stat(file, { bigint: true });
  const counted = new Set<bigint>();
  let looks = 0;
  let bytes = 0;
  const count = (status: BigIntStats): void => {
    if (!status.isFile() || status.nlink > 0n || status.dev !== dev || counted.has(status.ino)) return;
    counted.add(status.ino);
    bytes += Number(status.blocks) * 512;
  };
  for (const list of await listsOf(processes)) {
    const opened = await opendir(list).catch(unlessGone);
    if (opened === undefined) continue;
    try {
      for await (const { name } of opened) {
        looks += 1;
        if (looks > LOOKS) return { bytes, excess: `more than ${LOOKS} of them open or mapped` };
        const status = await stat(`${list}/${name}`, { bigint: true }).catch(unlessGone);
        if (status !== undefined) count(status);
        if (bytes > mostBytes) return { bytes, excess: `more than ${mostBytes} bytes` };
      }
    } catch (error) {
      unlessGone(error);
    }
  }
  return { bytes, excess: undefined };
}

/** Where the kernel lists what processes have mapped, and each of their threads open: these may differ. */
async function listsOf(processes: readonly number[]): Promise<string[]> {
  const lists = processes.map(async (id) => {
    const threads = (await readdir(`/proc/${id}/task`).catch(unlessGone)) ?? [];
    return [`/proc/${id}/map_files`, ...threads.map((thread) => `/proc/${id}/task/${thread}/fd`)];
  });
  return (await Promise.all(lists)).flat();
}

function unlessGone(error: unknown): undefined {
  if (error instanceof Error && "code" in error && GONE.includes(error.code)) return undefined;
  throw error;
}
