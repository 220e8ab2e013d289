import { setTimeout as sleep } from "node:timers/promises";

import { toNumeraireError } from "../../sdk/decode-error.js";
import type { SigningContext } from "../chain/context.js";
import { announce, notesOf } from "./watch/announce.js";
import { backOff } from "./watch/back-off.js";
import { failureKind } from "./watch/failure-kind.js";
import { newMemory, type Memory } from "./watch/memory.js";
import type { Metrics } from "./watch/metrics.js";
import { runPass, type PassSettings } from "./watch/pass.js";
import type { Health } from "./watch/serve.js";
import { steppingLog } from "./watch/stepping-log.js";

export interface WatchOptions extends Omit<PassSettings, "failed"> {
  metrics: Metrics;
}

/** A loop that runs until it is told to stop. */
export interface Watch {
  health: Health;
  /** Ends once the signal says so; never fails for what the node or a round does. */
  run(): Promise<void>;
}

/**
 * Makes the unattended loop: look at every open round, do what is due, wait.
 */
export function makeWatch(context: SigningContext, options: WatchOptions): Watch {
  const { metrics, logOf, interval, signal } = options;
  const started = performance.now();
  let cameForward = started;
  let answered: number | undefined;
  const since = (then: number) => (performance.now() - then) / 1000;
  /** A step within a look: a long job is none that hangs. */
  const step = () => {
    cameForward = performance.now();
    answered = cameForward;
  };
  /** Whether there is more to do at once. */
  const look = async (memory: Memory): Promise<boolean> => {
    const began = performance.now();
    const settings = {
      ...options,
      failed: metrics.failed,
      logOf: (roundId?: bigint) => steppingLog(logOf(roundId), step),
    };
    const report = await runPass(context, memory, settings);
    metrics.looked(report, since(began));
    if (report.answered) step();
    const notes = notesOf(report);
    announce(memory.notes, notes, logOf);
    memory.notes = notes;
    return report.more;
  };
  return {
    health: {
      idle: () => since(cameForward),
      unanswered: () => (answered === undefined ? undefined : since(answered)),
    },
    run: async () => {
      const memory = newMemory();
      let failures = 0;
      while (!signal.aborted) {
        let pause = interval;
        try {
          if (await look(memory)) pause = 0;
          failures = 0;
        } catch (error) {
          failures += 1;
          pause = backOff(failures, interval);
          metrics.failed(failureKind(error));
          const { message, hint } = toNumeraireError(error, "looking at the chain");
          logOf().warn(`${message}; ${hint}`);
        }
        cameForward = performance.now();
        await sleep(pause, undefined, { signal }).catch(() => undefined);
      }
    },
  };
}
