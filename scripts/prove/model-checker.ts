import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";

import { NumeraireError } from "../../sdk/numeraire-error.js";

/** What the checker says of an assertion: holds always, can fail, or it could not tell. */
export type Verdict = "proved" | "refuted" | "unknown";

interface CompilerMessage {
  severity: string;
  errorCode?: string;
  formattedMessage: string;
  message: string;
  sourceLocation?: { start: number };
}

interface SolcJs {
  compile(input: string, callbacks: { smtSolver: (query: string) => { contents: string } }): string;
  version(): string;
}

const solc = createRequire(import.meta.url)("solc") as SolcJs;

/** Solver steps a query: a limit that does not depend on how busy the machine is. */
const STEP_LIMIT = 20_000_000;
const TIME_LIMIT_MS = 120_000;
const OPTIONS = [
  "rewriter.pull_cheap_ite=true",
  "fp.spacer.q3.use_qgen=true",
  "fp.spacer.mbqi=false",
  "fp.spacer.ground_pobs=false",
];

/**
 * Name and version of the solver.
 * @throws NumeraireError when none is installed.
 */
export function solverVersion(): string {
  const { error, stdout } = spawnSync("z3", ["--version"], { encoding: "utf8" });
  if (error !== undefined) {
    throw new NumeraireError("no SMT solver: z3 is not on the PATH", {
      hint: "install it, for example with `apt-get install z3` or `brew install z3`, and run this again",
      cause: error,
    });
  }
  return `${stdout.trim()}, solc ${solc.version()}`;
}

function solve(query: string): { contents: string } {
  const { stdout } = spawnSync("z3", ["-smt2", "-in", `rlimit=${STEP_LIMIT}`, ...OPTIONS], {
    input: query,
    encoding: "utf8",
    maxBuffer: 1 << 30,
    timeout: TIME_LIMIT_MS,
  });
  return { contents: /^(sat|unsat)\b/.test(stdout) ? stdout : "unknown\n" };
}

/** Function around a place in a source; the checker counts bytes. */
function functionAt(source: Buffer, start: number): string {
  const names = [
    ...source
      .subarray(0, start)
      .toString("utf8")
      .matchAll(/\bfunction (\w+)/g),
  ];
  return names.at(-1)?.[1] ?? "constructor";
}

const VERDICTS = new Map<string, (message: string) => Verdict>([
  ["9576", () => "proved"],
  ["6328", (message) => (message.includes("violation happens") ? "refuted" : "unknown")],
]);

/**
 * Checks the assertions of one contract by constrained Horn clauses.
 * @param file Name of the source, for messages.
 * @param text Solidity without imports; one assertion a function.
 * @param contract Contract to check.
 * @returns Verdict by name of the function that asserts.
 * @throws NumeraireError when it does not compile.
 */
export function checkModel(file: string, text: string, contract: string): Map<string, Verdict> {
  const input = {
    language: "Solidity",
    sources: { [file]: { content: text } },
    settings: {
      modelChecker: {
        engine: "chc",
        contracts: { [file]: [contract] },
        solvers: ["smtlib2"],
        targets: ["assert"],
        showProvedSafe: true,
        showUnproved: true,
      },
      outputSelection: { "*": { "": ["ast"] } },
    },
  };
  const output = JSON.parse(solc.compile(JSON.stringify(input), { smtSolver: solve })) as {
    errors?: CompilerMessage[];
  };
  const messages = output.errors ?? [];
  const failure = messages.find(({ severity }) => severity === "error");
  if (failure !== undefined) {
    throw new NumeraireError(`${file} does not compile: ${failure.formattedMessage}`, { hint: "correct the model" });
  }
  const source = Buffer.from(text);
  const verdicts = new Map<string, Verdict>();
  for (const { errorCode, message, sourceLocation } of messages) {
    const verdict = VERDICTS.get(errorCode ?? "")?.(message);
    if (verdict !== undefined && sourceLocation !== undefined) {
      verdicts.set(functionAt(source, sourceLocation.start), verdict);
    }
  }
  return verdicts;
}
