import type { Note } from "./announce.js";
import type { Comparisons } from "./comparisons.js";
import type { Decision } from "./decide.js";
import type { FailureKind } from "./failure-kind.js";
import type { NewestBlock } from "./newest-block.js";

/** How often something failed in a row, and when it may be tried again. */
export interface Failures {
  count: number;
  /** Kind and text of the last. */
  kind: FailureKind;
  message: string;
  /** Milliseconds since 1970. */
  retryAt: number;
}

/** What the loop keeps between two looks; nothing of it is needed after a restart. */
export interface Memory extends Comparisons {
  /** Rounds of which nothing is left to do, for good. */
  finished: Set<bigint>;
  failures: Map<bigint, Failures>;
  /** Since when, in Unix seconds of the chain, a round's step has been due. */
  due: Map<bigint, { step: Decision["do"]; since: number }>;
  /** Absent before the first look. */
  newest?: NewestBlock;
  /** What was said after the last look, so that it is not said again. */
  notes: ReadonlyMap<string, Note>;
  /** Whether the account has been a member of the committee since the start. */
  wasMember: boolean;
}

export function newMemory(): Memory {
  return {
    finished: new Set(),
    failures: new Map(),
    due: new Map(),
    verdicts: new Map(),
    digests: new Map(),
    closeBlocks: new Map(),
    notes: new Map(),
    wasMember: false,
  };
}
