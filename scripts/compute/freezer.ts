import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** Stops and ends all processes of a control group at once: none gets away by forking. */
export interface Freezer {
  /** Gives up waiting after a second, when a process is held up in the kernel: it stands still when it comes back. */
  freeze(): Promise<void>;
  thaw(): Promise<void>;
  /** Also processes that are frozen. */
  kill(): Promise<void>;
}

/** Milliseconds between two looks whether all are frozen. */
const LOOK = 10;
const LOOKS = 100;

/**
 * The kernel's means for a control group.
 * @param folder The group: of version 2, or of the freezer controller of version 1.
 */
export function freezerOf(folder: string, version: 1 | 2): Freezer {
  const write = (file: string, text: string): Promise<void> => writeFile(path.join(folder, file), text);
  const read = (file: string): Promise<string> => readFile(path.join(folder, file), "utf8");
  if (version === 2) {
    return {
      freeze: async () => {
        await write("cgroup.freeze", "1");
        await until(async () => /^frozen 1$/m.test(await read("cgroup.events")));
      },
      thaw: () => write("cgroup.freeze", "0"),
      kill: () => write("cgroup.kill", "1"),
    };
  }
  const freeze = async (): Promise<void> => {
    await write("freezer.state", "FROZEN");
    await until(async () => (await read("freezer.state")).trim() === "FROZEN");
  };
  const thaw = (): Promise<void> => write("freezer.state", "THAWED");
  return {
    freeze,
    thaw,
    kill: async () => {
      // Frozen, they fork no more, so that the list is all of them; they take the signal when they are thawed.
      await freeze();
      for (const pid of (await read("cgroup.procs")).split("\n").filter(Boolean)) endProcess(Number(pid));
      await thaw();
    },
  };
}

function endProcess(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It is gone.
  }
}

async function until(done: () => Promise<boolean>): Promise<void> {
  for (let looks = 0; looks < LOOKS && !(await done()); looks += 1) await sleep(LOOK);
}
