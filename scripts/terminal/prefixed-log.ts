import type { Log } from "./log.js";

/** A log whose lines all begin with the same words. */
export function prefixedLog(log: Log, prefix: string): Log {
  return {
    info: (line) => {
      log.info(`${prefix}${line}`);
    },
    warn: (line) => {
      log.warn(`${prefix}${line}`);
    },
    progress: (label, total) => log.progress(`${prefix}${label}`, total),
  };
}
