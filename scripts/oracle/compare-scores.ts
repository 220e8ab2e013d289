import { resolveAuction, type AuctionOutcome, type AuctionTerms } from "../../sdk/auction.js";
import type { Score } from "../../sdk/score-sheet.js";
import { formatEther, formatLogloss, formatNmr } from "../../sdk/units.js";
import type { RegisteredModel } from "./models.js";
import type { StakeState } from "./round-state.js";
import type { Difference } from "./verify/check.js";
import { metricDifferences, stakeLabel } from "./verify/check-scores.js";

/** What a member's own scores say of those on chain. */
export interface ScoreComparison {
  /** Empty where every score agrees, or differs by rounding alone and changes nothing. */
  differences: Difference[];
  /** Stakes whose log-loss differs by one millionth and nothing else. */
  rounded: number;
}

/** What the scores are for, and how models are named. */
export interface ComparedRound {
  stakes: readonly StakeState[];
  terms: AuctionTerms;
  /** Ether, in wei. */
  prizePool: bigint;
  models: ReadonlyMap<bigint, RegisteredModel>;
}

/**
 * Compares scores on chain with those that somebody else measured. Measuring again can end on the other side of a
 * rounding: a log-loss that differs by one millionth agrees, as long as the auction gives every stake the same.
 * @param onChain Scores on chain, in index order.
 * @param inFile Scores that they should be, as many.
 */
export function compareScores(
  onChain: readonly Score[],
  inFile: readonly Score[],
  round: ComparedRound,
): ScoreComparison {
  const { stakes, models } = round;
  const differences: Difference[] = [];
  const rounded = new Set<number>();
  inFile.forEach((expected, index) => {
    const found = onChain[index];
    if (found === undefined) return;
    if (differsByRounding(found, expected)) rounded.add(index);
    else differences.push(...metricDifferences(stakeLabel(index, stakes[index], models), found, expected));
  });
  if (rounded.size > 0 && differences.length === 0) {
    differences.push(...outcomeDifferences(onChain, inFile, round, rounded));
  }
  return { differences: differences.map((one) => ({ ...one, by: "score file" })), rounded: rounded.size };
}

function differsByRounding(found: Score, expected: Score): boolean {
  return (
    Math.abs(found.logloss - expected.logloss) === 1 &&
    metricDifferences("", { ...found, logloss: expected.logloss }, expected).length === 0
  );
}

/** Where the auction decides otherwise by the one scores than by the other; those whose own score differs come first. */
function outcomeDifferences(
  onChain: readonly Score[],
  inFile: readonly Score[],
  { stakes, terms, prizePool, models }: ComparedRound,
  rounded: ReadonlySet<number>,
): Difference[] {
  const round = { stakes, terms, prizePool };
  const found = resolveAuction({ ...round, scores: onChain }).outcomes;
  const expected = resolveAuction({ ...round, scores: inFile }).outcomes;
  const differing = expected.flatMap((outcome, index) => {
    const other = found[index];
    return other === undefined || isSame(other, outcome) ? [] : [{ index, other, outcome }];
  });
  differing.sort((a, b) => Number(rounded.has(b.index)) - Number(rounded.has(a.index)));
  return differing.map(({ index, other, outcome }) => ({
    what: `${stakeLabel(index, stakes[index], models)}: outcome`,
    found: describe(other, onChain[index]),
    expected: describe(outcome, inFile[index]),
  }));
}

function isSame(a: AuctionOutcome, b: AuctionOutcome): boolean {
  return (
    a.returned === b.returned && a.burned === b.burned && a.etherPaid === b.etherPaid && a.qualified === b.qualified
  );
}

function describe({ verdict, etherPaid, burned }: AuctionOutcome, score: Score | undefined): string {
  const amount = { paid: ` ${formatEther(etherPaid)} ether`, destroyed: ` ${formatNmr(burned)} NMR`, returned: "" };
  return `${verdict}${amount[verdict]} at a log-loss of ${formatLogloss(score?.logloss ?? 0)}`;
}
