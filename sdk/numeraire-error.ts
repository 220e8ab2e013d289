/** Exit codes of every program: 0 done or nothing to do, 1 error, 2 needs attention. */
export type ExitCode = 1 | 2;

export interface NumeraireErrorOptions {
  /** What the reader can do about it. */
  hint: string;
  /** Exit code of the program that reports it; 1 unless told. */
  exitCode?: ExitCode;
  cause?: unknown;
}

/** The one error of sdk and programs: the message says what, where, found and expected; the hint says what to do. */
export class NumeraireError extends Error {
  readonly hint: string;
  readonly exitCode: ExitCode;

  constructor(message: string, { hint, exitCode = 1, cause }: NumeraireErrorOptions) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "NumeraireError";
    this.hint = hint;
    this.exitCode = exitCode;
  }
}
