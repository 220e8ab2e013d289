import { spawnSync } from "node:child_process";
import { globSync, readFileSync } from "node:fs";

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

run("test", "mocha", "--coverage", ...globSync(TESTS).filter((file) => !PROCESSES.test(file)));
const files = readReport(readFileSync(REPORT, "utf8"));
// Coverage overwrites the build with instrumented code.
run("build", "--force", "--quiet", "--no-tests");

const incomplete = files.filter(({ found, hit }) => found !== hit);
for (const { file, missed } of incomplete) console.error(`${file}: lines ${missed.join(", ")} never ran`);
const lines = files.reduce((sum, { found }) => sum + found, 0);
console.log(`coverage: ${files.length} files, ${lines} lines, ${incomplete.length} files incomplete`);
process.exit(files.length > 0 && incomplete.length === 0 ? 0 : 1);
