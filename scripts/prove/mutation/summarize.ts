import { readFileSync } from "node:fs";

import type { Outcome, Verdict } from "./mutant.js";

/** Least share of mutants that tests must kill, in per cent. */
export const TARGET = 95;

export interface Survivor extends Verdict {
  /** Why no test can notice it, from the reviewed list. */
  reason: string | undefined;
}

export interface Summary {
  /** Mutants there are, and those that have a verdict. */
  total: number;
  ran: number;
  /** Those tested in this run, and those whose verdict an earlier run of the same contracts found. */
  testedNow: number;
  keptFromEarlier: number;
  /** Commits of those, as far as they are known: that tested, or else that of the run that kept them as evidence. */
  earlierCommits: string[];
  counts: Record<Outcome, number>;
  /** Killed, in per cent of what compiled and is not on the reviewed list. */
  killedPercent: number;
  survivors: Survivor[];
  /** Whether enough were killed, and every survivor is explained. */
  kept: boolean;
}

/** Reasons of mutants that no test needs to kill, by id: they change nothing, or another place guarantees the same. */
export function readReviewed(path: string): Record<string, string> {
  return JSON.parse(readFileSync(path, "utf8")) as Record<string, string>;
}

/**
 * What a set of verdicts amounts to.
 * @param total Mutants there are, run or not.
 * @param testedNow Ids of the mutants that this run tested; the other verdicts are of earlier ones.
 */
export function summarize(
  verdicts: readonly Verdict[],
  total: number,
  reviewed: Readonly<Record<string, string>>,
  testedNow: ReadonlySet<string>,
): Summary {
  const counts: Record<Outcome, number> = { killed: 0, survived: 0, "timed out": 0, "did not compile": 0 };
  for (const { outcome } of verdicts) ++counts[outcome];
  const survivors = verdicts
    .filter(({ outcome }) => outcome === "survived" || outcome === "timed out")
    .map((verdict) => ({ ...verdict, reason: reviewed[verdict.id] }));
  const unexplained = survivors.filter(({ reason }) => reason === undefined).length;
  const judged = counts.killed + unexplained;
  const killedPercent = judged === 0 ? 100 : Math.floor((10_000 * counts.killed) / judged) / 100;
  const earlier = verdicts.filter(({ id }) => !testedNow.has(id));
  return {
    total,
    ran: verdicts.length,
    testedNow: verdicts.length - earlier.length,
    keptFromEarlier: earlier.length,
    earlierCommits: [...new Set(earlier.flatMap(({ commit }) => commit ?? []))].sort(),
    counts,
    killedPercent,
    survivors,
    kept: unexplained === 0 && killedPercent >= TARGET,
  };
}
