import { execFileSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";

import { type BenchmarkName, EVIDENCE, writePerformance } from "./write-performance.js";

/**
 * Keeps the result of a full run with the command and the commit that made it, and generates docs/performance.md from
 * the newest results of all benchmarks.
 */
export async function writeResult(name: BenchmarkName, result: object, command: string): Promise<void> {
  await mkdir(EVIDENCE, { recursive: true });
  const evidence = { command, commit: commit(), node: process.version, ...result };
  await writeFile(path.join(EVIDENCE, `bench-${name}.json`), `${JSON.stringify(evidence, null, 2)}\n`);
  await writePerformance();
}

/** The commit that is measured; says so when files differ from it. */
function commit(): string {
  const git = (...args: string[]) => execFileSync("git", args, { encoding: "utf8" }).trim();
  const changed = git("status", "--porcelain", "--untracked-files=no", "--", "contracts", "scripts", "sdk", "deploy");
  return `${git("rev-parse", "HEAD")}${changed === "" ? "" : " with local changes"}`;
}
