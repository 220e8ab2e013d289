import { dataSlice } from "ethers";

import type { AuctionResult } from "../../../sdk/auction.js";
import { NumeraireError } from "../../../sdk/numeraire-error.js";
import { reportHash, scoresDigest, unpackScores, type Report, type Score } from "../../../sdk/score-sheet.js";
import { plural } from "../../terminal/plural.js";
import { quoted } from "../../terminal/problem-list.js";
import type { RegisteredModel } from "../models.js";
import { differences, type Check, type Comparison, type Difference } from "./check.js";
import type { AttemptEvidence, RoundEvidence } from "./round-evidence.js";
import type { StakeState } from "../round-state.js";
import type { Unit } from "./show-value.js";

/** What a score says, as people name it, and what it counts. */
const METRICS = [
  ["scored", "scored"],
  ["concordant", "concordance"],
  ["original", "originality"],
  ["consistency", "consistency", "per cent"],
  ["logloss", "log-loss", "log-loss"],
] as const satisfies [keyof Score, string, Unit?][];

/** Scores on chain, and whether everything that is said of them agrees. */
export interface ScoresOnChain {
  check: Check;
  /** Out of the code that the contract settles by, in index order. */
  scores: Score[];
}

/** The scores in the code are those that were announced and that the digest stands for. */
export function checkScoresOnChain({ round, stored }: RoundEvidence, scoring: AttemptEvidence): ScoresOnChain {
  const { attempt, chunks } = scoring;
  const codes = chunks.map(({ code }) => (code.length > 2 ? `0x${code.slice(4)}` : "0x"));
  const announced = readable(chunks.map(({ packed }) => packed));
  const inCode = readable(codes);
  const comparisons: Comparison[] = [
    ["scores announced", announced.length, round.stakeCount],
    ["scores in code", inCode.length, round.stakeCount],
    ["scores counted", attempt.scoredCount, round.stakeCount],
    ["digest of the code", scoresDigest(codes), attempt.scoresDigest],
    ["digest of the events", scoresDigest(chunks.map(({ packed }) => packed)), attempt.scoresDigest],
  ];
  chunks.forEach(({ pointer, contractPointer, code }, i) => {
    comparisons.push(
      [`chunk ${i}: pointer`, contractPointer, pointer],
      [`chunk ${i}: first byte of the code`, code.length > 2 ? dataSlice(code, 0, 1) : "0x", "0x00"],
    );
  });
  return {
    check: {
      name: "scores",
      detail: `${plural(attempt.scoredCount, "score")} in the code of ${plural(chunks.length, "chunk")} against events and digest`,
      differences: [...differences(comparisons), ...scoreDifferences(inCode, announced, stored)],
    },
    scores: inCode,
  };
}

/**
 * Where scores differ, by stake, model and metric.
 * @param found Scores on chain.
 * @param expected Scores they should be.
 * @param models Registered models, to name them; by their ids alone when left out.
 */
export function scoreDifferences(
  found: readonly Score[],
  expected: readonly Score[],
  stakes: readonly StakeState[],
  models?: ReadonlyMap<bigint, RegisteredModel>,
): Difference[] {
  return expected.flatMap((score, index) => {
    const other = found[index];
    return other === undefined ? [] : metricDifferences(stakeLabel(index, stakes[index], models), other, score);
  });
}

/**
 * The metrics in which two scores of a stake differ.
 * @param label What the stake is called.
 */
export function metricDifferences(label: string, found: Score, expected: Score): Difference[] {
  return differences(
    METRICS.map(([field, metric, unit]) => [`${label}: ${metric}`, found[field], expected[field], unit]),
  );
}

/** A stake as messages name it: `stake 3 (model 4 "coin-flip")`. */
export function stakeLabel(
  index: number,
  stake: Pick<StakeState, "modelId"> | undefined,
  models?: ReadonlyMap<bigint, RegisteredModel>,
): string {
  if (stake === undefined) return `stake ${index}`;
  const name = models?.get(stake.modelId)?.name ?? "";
  return `stake ${index} (model ${stake.modelId.toString()}${name === "" ? "" : ` ${quoted(name)}`})`;
}

/** What the contract added up is what the auction gives. */
export function checkAuction({ attempt }: AttemptEvidence, auction: AuctionResult): Check {
  return {
    name: "auction",
    detail: "cut, ether above it, NMR destroyed and the cut's payout against the sorted auction",
    differences: differences([
      ["cut", attempt.cut, auction.cut, "stake"],
      ["ether above the cut", attempt.above, auction.above, "ether"],
      ["NMR destroyed", attempt.burned, auction.burned, "NMR"],
      ["ether of the cut", attempt.cutPayout, auction.cutPayout, "ether"],
    ]),
  };
}

/** The report hash stands for exactly these scores. */
export function checkReportHash(
  scoring: AttemptEvidence,
  base: Omit<Report, "cut" | "scoresDigest" | "evidenceHash">,
): Check {
  const { cut, scoresDigest: digest, evidenceHash } = scoring.attempt;
  const expected = reportHash({ ...base, cut, scoresDigest: digest, evidenceHash });
  return {
    name: "report hash",
    detail: expected,
    differences: differences([
      ["contract's report hash", scoring.reportHash, expected],
      ["announced report hash", scoring.announcedHash, expected],
    ]),
  };
}

/** Scores of chunks; of those before the first that cannot be read. */
function readable(chunks: readonly string[]): Score[] {
  const scores: Score[] = [];
  for (const chunk of chunks) {
    try {
      scores.push(...unpackScores([chunk]));
    } catch (error) {
      if (!(error instanceof NumeraireError)) throw error;
      break; // the missing scores show in the count
    }
  }
  return scores;
}
