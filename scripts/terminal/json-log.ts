import type { Log } from "./log.js";

/**
 * Writes one JSON object a line, for log collectors: time, level, message and the given fields; progress is a message
 * with `done` and `total`.
 * @param fields What every line carries, e.g. the round.
 */
export function jsonLog(stream: NodeJS.WritableStream, fields: Record<string, string> = {}): Log {
  const write = (level: string, message: string, more: Record<string, number> = {}) => {
    stream.write(`${JSON.stringify({ time: new Date().toISOString(), level, ...fields, message, ...more })}\n`);
  };
  return {
    info: (line) => {
      write("info", line);
    },
    warn: (line) => {
      write("warn", line);
    },
    progress: (label, total) => {
      let done = 0;
      return {
        step: (units) => {
          done += units;
          write("info", label, { done, total });
        },
        stop: () => undefined,
      };
    },
  };
}
