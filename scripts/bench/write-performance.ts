import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";

import { format, resolveConfig } from "prettier";

import { performancePage, type Evidence, type ScaleEvidence } from "./performance-page.js";
import type { PeerComparison } from "./peer-round.js";
import type { ScoreEvidence } from "./score-summary.js";

/** Benchmarks whose results are kept. */
export type BenchmarkName = "scale" | "score" | "peers";

/** Where results of full runs are kept. */
export const EVIDENCE = path.join("docs", "evidence");

/** Generates docs/performance.md from the results that are kept of all benchmarks. */
export async function writePerformance(): Promise<void> {
  const [scale, score, peers] = await Promise.all([
    readEvidence<ScaleEvidence>("scale"),
    readEvidence<ScoreEvidence>("score"),
    readEvidence<{ comparisons: PeerComparison[] }>("peers"),
  ]);
  const page = path.join("docs", "performance.md");
  const style = await resolveConfig(page);
  await writeFile(page, await format(performancePage(scale, score, peers), { ...style, parser: "markdown" }));
}

/** A kept result; undefined when that benchmark was not kept yet. */
async function readEvidence<T>(name: BenchmarkName): Promise<Evidence<T> | undefined> {
  const text = await readFile(path.join(EVIDENCE, `bench-${name}.json`), "utf8").catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as Evidence<T>);
}
