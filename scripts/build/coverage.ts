import { spawnSync } from "node:child_process";
import { globSync, readFileSync } from "node:fs";

import { reportFailure } from "../terminal/command-line.js";
import { readOptions } from "../terminal/read-options.js";

const HELP = `Runs the tests that call the contracts, and requires every line of the contracts, mocks aside, to have run.

Usage: npm run coverage

Takes ten minutes or more on two cores: it compiles the contracts with counters in them, runs the tests, and compiles the
contracts again without. A run that is stopped, or whose tests fail, leaves contracts with counters in artifacts/ and
typechain-types/: \`npm run build -- --force\` mends that. Lines that never ran are named on standard error; the whole
report is coverage/lcov.info.

Exit code: 0 when every line ran, 1 when one did not, a test failed, or on an error.`;

/** Lines of one source file: those that can run, and those that ran. */
interface FileCoverage {
  file: string;
  found: number;
  hit: number;
  missed: number[];
}

const REPORT = "coverage/lcov.info";

/** Tests that call the contracts themselves. What programs do with them on top of that runs no further line. */
const TESTS = ["test/unit/**/*.test.ts", "test/integration/*.test.ts"];
/** Stories that processes of their own play: nothing would be counted. */
const PROCESSES = /\/(demo|demo-scenarios|two-members)\.test\.ts$/;

/** Reads the records of an lcov report. */
function readReport(text: string): FileCoverage[] {
  return text
    .split("end_of_record")
    .filter((record) => record.includes("SF:"))
    .map((record) => {
      const value = (key: string): string => new RegExp(`^${key}:(.*)$`, "m").exec(record)?.[1] ?? "";
      const missed = [...record.matchAll(/^DA:(\d+),0$/gm)].map(([, line]) => Number(line));
      return { file: value("SF"), found: Number(value("LF")), hit: Number(value("LH")), missed };
    });
}

function run(...args: string[]): void {
  const { status } = spawnSync("hardhat", args, { stdio: ["ignore", "inherit", "inherit"] });
  if (status !== 0) process.exit(1);
}

function main(): number {
  const { help } = readOptions("coverage", { help: { type: "boolean", short: "h" } });
  if (help === true) {
    console.log(HELP);
    return 0;
  }
  run("test", "mocha", "--coverage", ...globSync(TESTS).filter((file) => !PROCESSES.test(file)));
  const files = readReport(readFileSync(REPORT, "utf8"));
  // Coverage overwrites the build with instrumented code.
  run("build", "--force", "--quiet", "--no-tests");

  const incomplete = files.filter(({ found, hit }) => found !== hit);
  for (const { file, missed } of incomplete) console.error(`${file}: lines ${missed.join(", ")} never ran`);
  const lines = files.reduce((sum, { found }) => sum + found, 0);
  console.log(`coverage: ${files.length} files, ${lines} lines, ${incomplete.length} files incomplete`);
  return files.length > 0 && incomplete.length === 0 ? 0 : 1;
}

try {
  process.exitCode = main();
} catch (error) {
  process.exitCode = reportFailure(error);
}
