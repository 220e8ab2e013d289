import { parseEther } from "ethers";

import type { AuctionStake, Score } from "../../sdk/index.js";
import type { LocalNode } from "./local-node.js";

/** What every staker of a benchmark holds: more than any stake, so that it is an existing holder throughout. */
export const NMR_EACH = parseEther("11");
/** Ether in the prize pool for each stake: about four fifths of what performing stakes ask for. */
export const PRIZE_EACH = parseEther("0.04");

/** Terms of the benchmark's rounds; times are set when a round is opened. */
export const BENCH_TERMS = { benchmark: 693_147, minConsistency: 50, minStake: 1n, minConfidence: 1n } as const;

const DAY = 86_400;
/** Seconds a benchmark's round stays open: long enough for blocks of all stakers. */
export const OPEN_SECONDS = 30 * DAY;

/** The stake of the `index`-th staker: amounts of 1–10 NMR, 97 confidences with ties, in no order. */
export function benchStake(index: number): AuctionStake {
  return {
    amount: parseEther(String(1 + ((index * 7) % 10))),
    confidence: parseEther(String(20 + ((index * 31) % 97))),
  };
}

/** The score of the `index`-th staker: of ten, five perform, three fail, one is ineligible, one unscored. */
export function benchScore(index: number): Score {
  const kind = (index * 3 + Math.floor(index / 10)) % 10;
  const measured = { scored: true, concordant: true, original: true, consistency: 75 };
  if (kind < 5) return { ...measured, logloss: 680_000 + (index % 10_000) };
  if (kind < 8) return { ...measured, logloss: 700_000 + (index % 10_000) };
  if (kind === 8) return { ...measured, original: false, logloss: 690_000 };
  return { scored: false, concordant: false, original: false, consistency: 0, logloss: 0 };
}

/**
 * Opens a round with a prize and a bonus pool.
 * @param prize Ether, in wei.
 * @param bonus NMR, in wei; 0 for none.
 */
export async function openBenchRound(
  node: LocalNode,
  prize: bigint,
  bonus: bigint,
): Promise<{ roundId: bigint; closesAt: number; challengePeriod: number }> {
  const { provider, accounts, suite } = node;
  const { nmr, tournament } = suite;
  const manager = await provider.getSigner(accounts.roundManager);
  const closesAt = (await node.now()) + OPEN_SECONDS;
  const challengePeriod = DAY;
  const terms = { ...BENCH_TERMS, closesAt, resolveBy: closesAt + 30 * DAY, challengePeriod };
  await (await tournament.connect(manager).openRound(terms, manager.address, { value: prize })).wait();
  const roundId = await tournament.roundCount();
  if (bonus > 0n) {
    const minter = await provider.getSigner(accounts.minter);
    await (await nmr.connect(minter).mint(manager.address, bonus)).wait();
    await (await nmr.connect(manager).approve(tournament, bonus)).wait();
    await (await tournament.connect(manager).fundBonus(roundId, bonus)).wait();
  }
  return { roundId, closesAt, challengePeriod };
}
