import { execFileSync } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";

import { performancePage, type Evidence } from "./performance-page.js";
import type { PeerComparison } from "./peer-round.js";
import type { ScaleResult } from "./scale-round.js";

const FOLDER = path.join("docs", "evidence");
const PAGE = path.join("docs", "performance.md");

/**
 * Keeps the result of a full run with the command and the commit that made it, and generates docs/performance.md from
 * the newest results of both benchmarks.
 */
export async function writeResult(name: "scale" | "peers", result: object, command: string): Promise<void> {
  await mkdir(FOLDER, { recursive: true });
  const evidence = { command, commit: commit(), node: process.version, ...result };
  await writeFile(path.join(FOLDER, `bench-${name}.json`), `${JSON.stringify(evidence, null, 2)}\n`);
  const [scale, peers] = await Promise.all([
    readEvidence<{ rounds: ScaleResult[] }>("scale"),
    readEvidence<{ comparisons: PeerComparison[] }>("peers"),
  ]);
  await writeFile(PAGE, performancePage(scale, peers));
}

/** A kept result; undefined when that benchmark was not kept yet. */
async function readEvidence<T>(name: "scale" | "peers"): Promise<Evidence<T> | undefined> {
  const text = await readFile(path.join(FOLDER, `bench-${name}.json`), "utf8").catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as Evidence<T>);
}

/** The commit that is measured; says so when files differ from it. */
function commit(): string {
  const git = (...args: string[]) => execFileSync("git", args, { encoding: "utf8" }).trim();
  const changed = git("status", "--porcelain", "--untracked-files=no", "--", "contracts", "scripts", "sdk", "deploy");
  return `${git("rev-parse", "HEAD")}${changed === "" ? "" : " with local changes"}`;
}
