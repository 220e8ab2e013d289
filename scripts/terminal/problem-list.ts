import { NumeraireError } from "../../sdk/numeraire-error.js";
import { plural } from "./plural.js";

/** One thing wrong with an input file, precise enough to be mended without asking. */
export interface Problem {
  file: string;
  /** Line in the file, from 1. */
  line: number;
  /** Name of the column or field; "row" for the whole line, "file" for the whole file. */
  column: string;
  /** What stands there, e.g. `"NaN"` or `no value`. */
  found: string;
  /** What should stand there. */
  expected: string;
  /** What the reader does about it, as a sentence. */
  remedy: string;
}

/** Collects what is wrong with the inputs, so that all of it is reported at once. */
export class ProblemList {
  readonly #problems: Problem[] = [];

  add(problem: Problem): void {
    this.#problems.push(problem);
  }

  /** Adds the problems of another list, in their order. */
  addAll(other: ProblemList): void {
    this.#problems.push(...other.#problems);
  }

  get isEmpty(): boolean {
    return this.#problems.length === 0;
  }

  /** @throws {NumeraireError} listing every problem, one a line as `file:line:column: found …, expected …. Remedy.` */
  throwIfAny(): void {
    if (this.isEmpty) return;
    const lines = this.#problems.map(
      ({ file, line, column, found, expected, remedy }) =>
        `  ${file}:${line}:${column}: found ${found}, expected ${expected}. ${remedy}`,
    );
    throw new NumeraireError(`Input refused, ${plural(lines.length, "problem")}:\n${lines.join("\n")}`, {
      hint: "Mend the lines named above and run the command again; nothing was sent.",
    });
  }
}

const QUOTED_LENGTH = 80;

/** A value as it is shown in a message: quoted, control characters escaped, long ones shortened. */
export function quoted(value: string): string {
  return JSON.stringify(value.length > QUOTED_LENGTH ? `${value.slice(0, QUOTED_LENGTH)}…` : value);
}
