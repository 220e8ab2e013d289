import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";

import { performancePage, type Evidence, type ScaleEvidence } from "./performance-page.js";
import type { PeerComparison } from "./peer-round.js";

/** Where results of full runs are kept. */
export const EVIDENCE = path.join("docs", "evidence");

/** Generates docs/performance.md from the results that are kept of both benchmarks. */
export async function writePerformance(): Promise<void> {
  const [scale, peers] = await Promise.all([
    readEvidence<ScaleEvidence>("scale"),
    readEvidence<{ comparisons: PeerComparison[] }>("peers"),
  ]);
  await writeFile(path.join("docs", "performance.md"), performancePage(scale, peers));
}

/** A kept result; undefined when that benchmark was not kept yet. */
async function readEvidence<T>(name: "scale" | "peers"): Promise<Evidence<T> | undefined> {
  const text = await readFile(path.join(EVIDENCE, `bench-${name}.json`), "utf8").catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as Evidence<T>);
}
