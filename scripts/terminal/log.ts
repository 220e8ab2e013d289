import { SingleBar } from "cli-progress";

/** How far a long job is. */
export interface Progress {
  /** Counts this many more units as done, and says something beside. */
  step(units: number, note?: string): void;
  stop(): void;
}

/** Where a command says what it does; never the result, which is returned. */
export interface Log {
  info(line: string): void;
  warn(line: string): void;
  /** Begins a job of `total` units. */
  progress(label: string, total: number): Progress;
}

/** Says nothing: for programs that call the commands as functions. */
export const silentLog: Log = {
  info: () => undefined,
  warn: () => undefined,
  progress: () => ({ step: () => undefined, stop: () => undefined }),
};

/** Writes to a stream: a bar on a terminal, plain lines elsewhere. */
export function streamLog(stream: NodeJS.WriteStream): Log {
  const write = (line: string) => {
    stream.write(`${line}\n`);
  };
  return {
    info: write,
    warn: (line) => {
      write(`warning: ${line}`);
    },
    progress: (label, total) => (stream.isTTY ? bar(stream, label, total) : lines(write, label, total)),
  };
}

function bar(stream: NodeJS.WriteStream, label: string, total: number): Progress {
  const single = new SingleBar({ format: `${label} {bar} {value}/{total} {note}`, stream, clearOnComplete: false });
  single.start(total, 0, { note: "" });
  return {
    step: (units, note = "") => {
      single.increment(units, { note });
    },
    stop: () => {
      single.stop();
    },
  };
}

function lines(write: (line: string) => void, label: string, total: number): Progress {
  let done = 0;
  return {
    step: (units, note) => {
      done += units;
      write([`${label} ${done}/${total}`, ...(note === undefined ? [] : [note])].join(", "));
    },
    stop: () => undefined,
  };
}
