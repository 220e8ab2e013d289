import { readFile } from "node:fs/promises";

/** What some work took. */
export interface Elapsed {
  /** On the clock. */
  seconds: number;
  /** Processor time of this process and the node's; null where the system does not tell that of another process. */
  processorSeconds: number | null;
}

/** Units of processor time under /proc, a second. */
const TICKS = 100;

/**
 * Measures work that this process and another do together. Processor time hardly depends on what else the machine does;
 * the clock does.
 * @param pid The other process.
 */
export async function stopwatch<T>(pid: number | undefined, work: () => Promise<T>): Promise<Elapsed & { value: T }> {
  const [own, other, began] = [process.cpuUsage(), await processorSeconds(pid), performance.now()];
  const value = await work();
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(own);
  const after = await processorSeconds(pid);
  const both = other === null || after === null ? null : (user + system) / 1e6 + after - other;
  return { value, seconds, processorSeconds: both };
}

/** Processor time of a running process so far, as Linux tells it. */
async function processorSeconds(pid: number | undefined): Promise<number | null> {
  if (process.platform !== "linux" || pid === undefined) return null;
  const text = await readFile(`/proc/${pid}/stat`, "utf8");
  // The name in parentheses may hold anything; after it, user and system time are the 12th and 13th field.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}
