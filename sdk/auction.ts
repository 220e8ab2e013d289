import { NO_CUT, type Score } from "./score-sheet.js";

const ONE_ETHER = 10n ** 18n;
const REPUTATION_WINDOW = 20n;

/** What the auction needs of a stake; its place in the array is its index in the round. */
export interface AuctionStake {
  /** NMR staked, in wei. */
  amount: bigint;
  /** NMR risked to win one ether, in wei; above zero. */
  confidence: bigint;
}

/** What the auction needs of a round's terms. */
export interface AuctionTerms {
  /** Log-loss to stay below, in millionths. */
  benchmark: number;
  /** Consistency to reach, in per cent. */
  minConsistency: number;
  /** Confidence below which a stake is not judged, in wei of NMR an ether. */
  minConfidence: bigint;
}

export type Verdict = "paid" | "destroyed" | "returned";

/** What becomes of one stake, as the contract settles it, and why. */
export interface AuctionOutcome {
  /** NMR that goes back, in wei. */
  returned: bigint;
  /** NMR destroyed, in wei. */
  burned: bigint;
  /** Ether paid, in wei; can be zero for a paid stake too small to earn a wei. */
  etherPaid: bigint;
  /** Whether the round counts for the model's reputation. */
  qualified: boolean;
  verdict: Verdict;
  reason: string;
}

export interface AuctionResult {
  /** Index of the stake whose payout empties the prize pool; NO_CUT when none does. */
  cut: number;
  /** Ether due to performing stakes before the cut, in wei. */
  above: bigint;
  /** NMR destroyed, in wei. */
  burned: bigint;
  /** Ether due to the cut, in wei; zero without one. */
  cutPayout: bigint;
  /** One a stake, in index order. */
  outcomes: AuctionOutcome[];
}

/**
 * The sorted reference of the auction: stakes by falling confidence, older first among equals, paid out of the prize
 * pool until it is empty; O(n log n), exact.
 * @param round Stakes and scores in index order (as many of one as of the other), the terms, the prize pool in wei.
 * @throws {RangeError} when stakes and scores differ in number or a confidence is not above zero.
 */
export function resolveAuction(round: {
  stakes: readonly AuctionStake[];
  scores: readonly Score[];
  terms: AuctionTerms;
  prizePool: bigint;
}): AuctionResult {
  const { stakes, scores, terms, prizePool } = round;
  if (stakes.length !== scores.length) {
    throw new RangeError(`auction: ${scores.length} scores for ${stakes.length} stakes`);
  }
  const entries = stakes.map((stake, index) => {
    const score = scores[index];
    if (score === undefined || stake.confidence <= 0n) {
      throw new RangeError(`auction: stake ${index} has no score or no confidence`);
    }
    return { index, stake, score };
  });
  entries.sort((a, b) => {
    if (a.stake.confidence !== b.stake.confidence) return a.stake.confidence > b.stake.confidence ? -1 : 1;
    return a.index - b.index;
  });

  const outcomes = new Array<AuctionOutcome>(stakes.length);
  const result: AuctionResult = { cut: NO_CUT, above: 0n, burned: 0n, cutPayout: 0n, outcomes };
  let left = prizePool;
  for (const { index, stake, score } of entries) {
    const obstacle = left === 0n ? poolObstacle(prizePool, result.cut) : ineligibility(stake, score, terms);
    if (obstacle !== undefined) {
      outcomes[index] = { ...safe(stake), reason: obstacle };
    } else if (score.logloss >= terms.benchmark) {
      result.burned += stake.amount;
      outcomes[index] = {
        returned: 0n,
        burned: stake.amount,
        etherPaid: 0n,
        qualified: false,
        verdict: "destroyed",
        reason: "log-loss not below the benchmark",
      };
    } else {
      const due = payout(stake);
      const paid = due < left ? due : left;
      left -= paid;
      if (left === 0n) {
        result.cut = index;
        result.cutPayout = paid;
      } else {
        result.above += paid;
      }
      outcomes[index] = {
        ...safe(stake),
        etherPaid: paid,
        qualified: true,
        verdict: "paid",
        reason: left === 0n && paid < due ? "performed; what was left of the pool" : "performed",
      };
    }
  }
  return result;
}

/** Ether a performing stake asks for, in wei, rounded down. */
export function payout(stake: AuctionStake): bigint {
  return (stake.amount * ONE_ETHER) / stake.confidence;
}

/**
 * NMR a paid stake earns out of the bonus pool, in wei, rounded down.
 * @param bonusPool NMR in the pool, in wei.
 * @param paid Ether the stake was paid, in wei.
 * @param reputation Reputation before the round, 0–20.
 * @param prizePool The round's prize pool, in wei.
 */
export function bonus(bonusPool: bigint, paid: bigint, reputation: number, prizePool: bigint): bigint {
  if (paid === 0n || prizePool === 0n) return 0n;
  return (bonusPool * paid * BigInt(reputation)) / (prizePool * REPUTATION_WINDOW);
}

function safe(stake: AuctionStake): Omit<AuctionOutcome, "reason"> {
  return { returned: stake.amount, burned: 0n, etherPaid: 0n, qualified: false, verdict: "returned" };
}

function poolObstacle(prizePool: bigint, cut: number): string {
  return prizePool === 0n ? "no prize pool" : `below the cut (stake ${cut})`;
}

/** Why a stake is not judged; undefined when it is. */
function ineligibility(stake: AuctionStake, score: Score, terms: AuctionTerms): string | undefined {
  if (!score.scored) return "unscored";
  if (!score.concordant) return "ineligible: not concordant";
  if (!score.original) return "ineligible: not original";
  if (score.consistency < terms.minConsistency) {
    return `ineligible: consistency ${score.consistency} % below ${terms.minConsistency} %`;
  }
  if (stake.confidence < terms.minConfidence) return "ineligible: confidence below the round's minimum";
  return undefined;
}
