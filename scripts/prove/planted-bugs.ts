import { spawn } from "node:child_process";
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { Command } from "commander";
import Table from "cli-table3";

import { NumeraireError } from "../../sdk/numeraire-error.js";
import { plantedBugs, type PlantedBug } from "../../test/invariant/planted-bugs.js";
import { reportFailure } from "../terminal/command-line.js";
import { keepEvidence } from "./keep-evidence.js";

interface Options {
  only?: string;
  json?: boolean;
  write?: boolean;
}

/** What became of a planted bug. Survived: its invariant's formula held all the same. */
type Verdict = "caught" | "survived";

interface Result {
  id: string;
  invariant: string;
  file: string;
  harm: string;
  verdict: Verdict;
  /** The formula that failed, with its numbers; for a survivor, what failed instead, if anything did. */
  failure: string;
  seconds: number;
}

/** Left behind: history, what can be made again, and what is linked instead. */
const NOT_COPIED = new Set([".git", ".venv-slither", "node_modules", "coverage", "rounds"]);
/** Contracts that the invariants deploy and bugs are planted in, directly or in what they inherit. */
const DEPLOYED = [
  "contracts/Numeraire.sol",
  "contracts/OracleCommittee.sol",
  "contracts/StakingTournament.sol",
  "contracts/WeeklyRewards.sol",
  "contracts/BountyGrants.sol",
  "contracts/ComputeEscrow.sol",
];

/** Copies the tree to a place where it can be broken; gives the copy's folder. */
async function copyTree(): Promise<string> {
  const copy = await mkdtemp(path.join(tmpdir(), "numeraire-bugs-"));
  await cp(".", copy, { recursive: true, filter: (source) => !NOT_COPIED.has(source) });
  await symlink(path.resolve("node_modules"), path.join(copy, "node_modules"));
  return copy;
}

/** Runs hardhat in a folder; gives its exit code and all it printed. */
async function hardhat(folder: string, ...args: string[]): Promise<{ code: number; output: string }> {
  const child = spawn(path.resolve("node_modules/.bin/hardhat"), args, { cwd: folder });
  let output = "";
  const collect = (data: Buffer): void => {
    output += data.toString();
  };
  child.stdout.on("data", collect);
  child.stderr.on("data", collect);
  const code = await new Promise<number>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status) => {
      resolve(status ?? 1);
    });
  });
  return { code, output };
}

/** The message with which an invariant failed: the formula begins with the invariant's number. */
function failureOf({ id, invariant }: PlantedBug, output: string): string {
  const report = output.slice(output.indexOf(`#${invariant}()`));
  return new RegExp(`${id}: .*`).exec(report)?.[0].trim() ?? "";
}

/** What a run said that failed, but not by the invariant's formula; empty if it passed. */
function otherFailure({ code, output }: { code: number; output: string }): string {
  return code === 0 ? "" : `failed otherwise: ${/Error: .*/.exec(output)?.[0] ?? output.slice(-200)}`;
}

/**
 * Plants a bug in a copy of the tree, runs its invariant, and takes the bug out again.
 * @throws {NumeraireError} when the text is not there exactly once, or the contracts do not compile with the bug.
 */
async function plant(copy: string, bug: PlantedBug): Promise<Result> {
  const started = Date.now();
  const file = path.join(copy, bug.file);
  const source = await readFile(file, "utf8");
  const found = source.split(bug.text).length - 1;
  if (found !== 1) {
    throw new NumeraireError(`planted bug ${bug.id}: ${bug.file} has its text ${found} times, expected once`, {
      hint: "The contract changed: bring the text in test/invariant/planted-bugs.ts up to date.",
    });
  }
  // A function, because `$` has a meaning in a replacement string.
  await writeFile(
    file,
    source.replace(bug.text, () => bug.replacement),
  );
  try {
    const build = await hardhat(copy, "build", "--no-tests", ...DEPLOYED);
    if (build.code !== 0) {
      throw new NumeraireError(`planted bug ${bug.id}: ${bug.file} does not compile\n${build.output}`, {
        hint: "Change the replacement in test/invariant/planted-bugs.ts, so that only its behaviour is wrong.",
      });
    }
    const test = await hardhat(copy, "test", "solidity", "--no-compile", "--grep", bug.invariant);
    const failure = failureOf(bug, test.output);
    return {
      id: bug.id,
      invariant: bug.invariant,
      file: bug.file,
      harm: bug.harm,
      verdict: test.code !== 0 && failure !== "" ? "caught" : "survived",
      failure: failure === "" ? otherFailure(test) : failure,
      seconds: Math.round((Date.now() - started) / 1000),
    };
  } finally {
    await writeFile(file, source);
  }
}

/**
 * Runs the invariants of some bugs without any: a test that always fails would catch any.
 * @throws {NumeraireError} when one fails.
 */
async function requireSound(copy: string, bugs: readonly PlantedBug[]): Promise<void> {
  const build = await hardhat(copy, "build", "--no-tests");
  const invariants = bugs.map(({ invariant }) => invariant).join("|");
  const test = build.code === 0 ? await hardhat(copy, "test", "solidity", "--no-compile", "--grep", invariants) : build;
  if (test.code === 0) return;
  throw new NumeraireError(`planted bugs: the contracts fail without any\n${test.output}`, {
    hint: "Make `hardhat test solidity` pass first.",
  });
}

async function plantAll({ only, json, write }: Options): Promise<number> {
  const wanted = only?.split(",");
  const unknown = wanted?.filter((id) => !plantedBugs.some((bug) => bug.id === id)) ?? [];
  if (unknown.length > 0) {
    throw new NumeraireError(`--only: no planted bug is called ${[...new Set(unknown)].join(", ")}`, {
      hint: `Known: ${[...new Set(plantedBugs.map(({ id }) => id))].join(", ")}.`,
    });
  }
  const bugs = plantedBugs.filter(({ id }) => wanted?.includes(id) ?? true);
  const copy = await copyTree();
  const results: Result[] = [];
  try {
    console.error("control: the invariants without a bug; building the copy takes minutes");
    await requireSound(copy, bugs);
    for (const [i, bug] of bugs.entries()) {
      console.error(`${i + 1}/${bugs.length} ${bug.id}: ${bug.harm}`);
      const result = await plant(copy, bug);
      results.push(result);
      console.error(`  ${result.verdict} in ${result.seconds} s ${result.failure}`);
    }
  } finally {
    await rm(copy, { recursive: true });
  }
  const survivors = results.filter(({ verdict }) => verdict === "survived").length;
  const outcome = { planted: results.length, survived: survivors, results };
  if (write === true) keepEvidence("prove:bugs", outcome);
  if (json === true) {
    console.log(JSON.stringify(outcome, null, 2));
  } else {
    const table = new Table({ head: ["invariant", "planted bug", "verdict", "failed with"], style: { head: [] } });
    for (const { id, harm, verdict, failure } of results) table.push([id, harm, verdict, failure]);
    console.log(table.toString());
    console.log(`planted bugs: ${results.length} planted, ${results.length - survivors} caught, ${survivors} survived`);
  }
  return survivors === 0 ? 0 : 2;
}

const program = new Command("npm run prove:bugs --")
  .description("Plants a bug for every invariant in a copy of the contracts and requires the invariant's test to fail.")
  .option("--only <ids>", "invariants to break, separated by commas, e.g. N1,T4 (default: all)")
  .option("--json", "print the result as JSON on standard output")
  .option("--write", "keep the result under docs/evidence/")
  .addHelpText(
    "after",
    "\nExit codes: 0 all caught, 1 error, 2 a bug survived.\nExample:\n  npm run prove:bugs -- --only T4",
  )
  .action(async (options: Options) => {
    process.exitCode = await plantAll(options).catch(reportFailure);
  });
await program.parseAsync();
