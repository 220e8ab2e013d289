import { spawn } from "node:child_process";

import { Command } from "commander";

import { NumeraireError } from "../../sdk/numeraire-error.js";
import { reportFailure } from "../terminal/command-line.js";
import { table } from "../terminal/table.js";
import { keepEvidence, readEvidence, testedCommit } from "./keep-evidence.js";

/** A part of the deep run: a command of its own. */
interface Part {
  name: string;
  what: string;
  command: readonly string[];
  /** Whether its tests are to be longer and further; if not, it keeps evidence of its own. */
  longer: boolean;
  /** What its output amounts to, for people. */
  found: (output: string) => string;
}

interface PartResult {
  name: string;
  command: string;
  /** Commit that was tested. */
  commit: string;
  passed: boolean;
  found: string;
  seconds: number;
}

const PARTS: readonly Part[] = [
  {
    name: "mocha",
    what: "every test, with 10,000 random rounds against the reference and the long fault tests",
    command: ["npx", "hardhat", "test", "mocha", "--no-compile"],
    longer: true,
    found: counted,
  },
  {
    name: "invariants",
    what: "every invariant, 1,000 sequences of 200 calls each, of B1 and E1 to E4 64",
    command: ["npx", "hardhat", "test", "solidity"],
    longer: true,
    found: counted,
  },
  {
    name: "bugs",
    what: "a planted bug for every invariant",
    command: ["npm", "run", "--silent", "prove:bugs", "--"],
    longer: false,
    found: lastLine,
  },
  {
    name: "mutants",
    what: "every mutant of the contracts; goes on where an earlier run on the same contracts stopped",
    command: ["npm", "run", "--silent", "mutate", "--"],
    longer: false,
    found: (output) => mutantCounts(output) || lastLine(output),
  },
];

/** The numbers of a test run's summary. */
function counted(output: string): string {
  const counts = [...output.matchAll(/^\s*(\d+ (?:passing|failing|pending))/gm)].map(([, count = ""]) => count);
  return counts.length === 0 ? "no tests" : counts.join(", ");
}

/** What a run of mutants says of their verdicts, and of how many of these are its own. */
function mutantCounts(output: string): string {
  const lines = [...output.matchAll(/^(mutants: .*|tested now: [^(\n]*)/gm)];
  return lines.map(([, line = ""]) => line.trim()).join("; ");
}

function lastLine(output: string): string {
  return output.trim().split("\n").at(-1) ?? "";
}

/** Runs a part; what it prints goes to stderr as it comes. */
async function runPart({ name, command, longer, found }: Part, keep: boolean): Promise<PartResult> {
  const started = Date.now();
  const commit = testedCommit();
  const [program = "", ...args] = [...command, ...(keep && !longer ? ["--write"] : [])];
  const child = spawn(program, args, {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, ...(longer ? { NUMERAIRE_DEEP: "1" } : {}), FORCE_COLOR: "0" },
  });
  let output = "";
  child.stdout.on("data", (data: Buffer) => {
    output += data.toString();
    process.stderr.write(data);
  });
  const code = await new Promise<number | null>((done, fail) => child.on("close", done).on("error", fail));
  const seconds = Math.round((Date.now() - started) / 1000);
  // A run without tests ends with exit code 0 as well.
  const passed = code === 0 && found(output) !== "no tests";
  const told = `${longer ? "NUMERAIRE_DEEP=1 " : ""}${[program, ...args].join(" ")}`;
  return { name, command: told, commit, passed, found: found(output), seconds };
}

/** The new results among those kept before: a night may be too short for all parts, and each names its commit. */
function withKept(results: readonly PartResult[]): PartResult[] {
  const kept = (readEvidence("test:deep") as { parts?: PartResult[] } | undefined)?.parts ?? [];
  return PARTS.flatMap(({ name }) => {
    const isOf = (result: PartResult): boolean => result.name === name;
    return results.find(isOf) ?? kept.find(isOf) ?? [];
  });
}

/** What results amount to: those, and the parts that failed or have none. */
function summaryOf(parts: readonly PartResult[]): {
  parts: readonly PartResult[];
  failed: string[];
  missing: string[];
} {
  return {
    parts,
    failed: parts.filter(({ passed }) => !passed).map(({ name }) => name),
    missing: PARTS.map(({ name }) => name).filter((name) => !parts.some((part) => part.name === name)),
  };
}

function chosen(only: string | undefined): readonly Part[] {
  const names = only?.split(",");
  const unknown = names?.find((name) => !PARTS.some((part) => part.name === name));
  if (unknown !== undefined) {
    throw new NumeraireError(
      `--only: found "${unknown}", expected some of ${PARTS.map(({ name }) => name).join(",")}`,
      {
        hint: "Leave it out to run all of them.",
      },
    );
  }
  return PARTS.filter(({ name }) => names?.includes(name) ?? true);
}

async function runAll(options: { only?: string; json?: boolean; write?: boolean }): Promise<number> {
  const results: PartResult[] = [];
  for (const part of chosen(options.only)) {
    console.error(`test:deep: ${part.name}: ${part.what}`);
    results.push(await runPart(part, options.write === true));
  }
  const result = summaryOf(results);
  const { failed, missing } = result;
  if (options.write === true) keepEvidence("test:deep", summaryOf(withKept(results)));
  if (options.json === true) {
    console.log(JSON.stringify(result, null, 2));
  } else {
    const rows = results.map(({ name, passed, found, seconds }) => [
      name,
      passed ? "passed" : "failed",
      found,
      `${seconds} s`,
    ]);
    console.log(table(["part", "result", "found", "took"], rows));
    const verdict = failed.length === 0 ? "all passed" : `failed: ${failed.join(", ")}`;
    const rest = missing.length === 0 ? "" : `; not run: ${missing.join(", ")}`;
    console.log(`test:deep: ${results.length} of ${PARTS.length} parts run, ${verdict}${rest}`);
  }
  return failed.length === 0 ? 0 : 2;
}

const program = new Command("npm run test:deep --")
  .description("The nightly run: what `npm test` does, longer and further, then planted bugs and mutants.")
  .option("--only <parts>", `parts to run, separated by commas: ${PARTS.map(({ name }) => name).join(",")}`)
  .option("--json", "print the result as JSON on standard output; all else goes to standard error")
  .option("--write", "keep the results under docs/evidence/, beside the newest one of parts that did not run")
  .addHelpText(
    "after",
    `\nParts:\n${PARTS.map(({ name, what }) => `  ${name.padEnd(10)}  ${what}`).join("\n")}\n
Exit codes: 0 all passed, 1 error, 2 a part failed.\nExample:\n  npm run test:deep -- --only mocha,invariants`,
  )
  .action(async (options: { only?: string; json?: boolean; write?: boolean }) => {
    process.exitCode = await runAll(options).catch(reportFailure);
  });
await program.parseAsync();
