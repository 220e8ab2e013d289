import { setTimeout as sleep } from "node:timers/promises";

/** Milliseconds that a step may still take after the signal; what is cut off then is in the journal. */
const GRACE = 5_000;

/**
 * Runs until SIGTERM or SIGINT; the step at work may come to its end for a few seconds. Signals after the first change
 * nothing: whoever starts the process may pass the same one on as well.
 * @param run Ends some time after its signal.
 * @returns Whether it came to its end.
 */
export async function untilStopped(run: (signal: AbortSignal) => Promise<void>): Promise<boolean> {
  const controller = new AbortController();
  const stopped = new Promise<void>((resolve) => {
    const stop = () => {
      controller.abort();
      resolve();
    };
    process.on("SIGTERM", stop);
    process.on("SIGINT", stop);
  });
  const ended = run(controller.signal).then(() => true);
  return Promise.race([ended, stopped.then(() => sleep(GRACE, false, { ref: false }))]);
}
