import type { Log } from "../../terminal/log.js";

/** A log that also tells of every step that is made, so that a long job does not look like one that hangs. */
export function steppingLog(log: Log, onStep: () => void): Log {
  return {
    info: (line) => {
      onStep();
      log.info(line);
    },
    warn: (line) => {
      log.warn(line);
    },
    progress: (label, total) => {
      const progress = log.progress(label, total);
      return {
        step: (units, note) => {
          onStep();
          progress.step(units, note);
        },
        stop: () => {
          progress.stop();
        },
      };
    },
  };
}
