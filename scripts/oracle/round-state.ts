import type { StakingTournament } from "../../typechain-types/index.js";
import type { AuctionStake, AuctionTerms } from "../../sdk/auction.js";
import { NumeraireError } from "../../sdk/numeraire-error.js";
import { roundStatusName, type RoundStatus } from "../../sdk/round-status.js";
import type { Context } from "../chain/context.js";

/** Terms of a round; times in Unix seconds. */
export interface RoundTerms extends AuctionTerms {
  closesAt: number;
  resolveBy: number;
  /** Seconds. */
  challengePeriod: number;
  /** NMR, in wei. */
  minStake: bigint;
}

/** A round as the chain has it at one block. */
export interface RoundState {
  roundId: bigint;
  terms: RoundTerms;
  status: RoundStatus;
  stakeCount: number;
  /** NMR, in wei. */
  totalStaked: bigint;
  /** Ether, in wei. */
  prizePool: bigint;
  /** NMR, in wei. */
  bonusPool: bigint;
  settledCount: number;
  attemptCount: number;
  /** 0 for none. */
  resolvedAttempt: number;
  /** Unix seconds. */
  deadline: number;
  /** 0 until resolved. */
  ordinal: number;
}

/** A stake as the chain has it; the amount is zero once settled. */
export interface StakeState extends AuctionStake {
  modelId: bigint;
}

/** Stakes a call: about 5 million gas, within what nodes grant a call. */
const STAKES_PER_CALL = 2048;

/**
 * Reads a round.
 * @param blockTag Block to read at; the newest when left out.
 * @throws {NumeraireError} when no such round was opened.
 */
export async function readRound(
  tournament: StakingTournament,
  roundId: bigint,
  blockTag: number | "latest" = "latest",
): Promise<RoundState> {
  const view = await tournament.getRound(roundId, { blockTag });
  const status = roundStatusName(view.status);
  if (status === "None") {
    const count = await tournament.roundCount({ blockTag });
    throw new NumeraireError(`round ${roundId.toString()}: found none, expected one from 1 to ${count.toString()}`, {
      hint: "List the rounds with status.",
    });
  }
  const { terms } = view;
  return {
    roundId,
    terms: {
      closesAt: Number(terms.closesAt),
      resolveBy: Number(terms.resolveBy),
      challengePeriod: Number(terms.challengePeriod),
      benchmark: Number(terms.benchmark),
      minConsistency: Number(terms.minConsistency),
      minStake: terms.minStake,
      minConfidence: terms.minConfidence,
    },
    status,
    stakeCount: Number(view.stakeCount),
    totalStaked: view.totalStaked,
    prizePool: view.prizePool,
    bonusPool: view.bonusPool,
    settledCount: Number(view.settledCount),
    attemptCount: Number(view.attemptCount),
    resolvedAttempt: Number(view.resolvedAttempt),
    deadline: Number(view.deadline),
    ordinal: Number(view.ordinal),
  };
}

/** Reads every stake of a round in index order, page by page. */
export async function readStakes(
  { provider, suite: { tournament } }: Context,
  round: RoundState,
  blockTag: number | "latest" = "latest",
): Promise<StakeState[]> {
  const to = await tournament.getAddress();
  const stakes: StakeState[] = [];
  for (let from = 0; from < round.stakeCount; from += STAKES_PER_CALL) {
    const end = Math.min(from + STAKES_PER_CALL, round.stakeCount);
    const data = tournament.interface.encodeFunctionData("getStakes", [round.roundId, from, end]);
    for (const stake of decodeStakes(await provider.call({ to, data, blockTag }))) stakes.push(stake);
  }
  return stakes;
}

/**
 * Decodes what `getStakes` returns: an offset, a length, then three words a stake. By hand, because a generic decoder
 * takes many times as long, and tens of thousands of stakes are read at once.
 */
function decodeStakes(data: string): StakeState[] {
  const word = (position: number) => BigInt(`0x${data.slice(2 + position * 64, 66 + position * 64)}`);
  return Array.from({ length: Number(word(1)) }, (_, i) => {
    const at = 2 + i * 3;
    return { modelId: word(at), amount: word(at + 1), confidence: word(at + 2) };
  });
}
