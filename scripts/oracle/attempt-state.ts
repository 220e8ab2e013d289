import type { StakingTournament } from "../../typechain-types/index.js";
import { askInBatches } from "../chain/ask-in-batches.js";
import type { RoundState } from "./round-state.js";

/** A scoring attempt as the chain has it at one block. */
export interface AttemptState {
  attemptId: number;
  proposer: string;
  /** Index of the cut, or NO_CUT. */
  cut: number;
  scoredCount: number;
  /** Ether, in wei. */
  above: bigint;
  /** NMR, in wei. */
  burned: bigint;
  /** Ether, in wei. */
  cutPayout: bigint;
  scoresDigest: string;
  evidenceHash: string;
  /** Unix seconds; 0 until complete. */
  completedAt: number;
  vetoed: boolean;
}

/** Reads one attempt. */
export async function readAttempt(
  tournament: StakingTournament,
  roundId: bigint,
  attemptId: number,
  blockTag: number | "latest" = "latest",
): Promise<AttemptState> {
  const attempt = await tournament.getAttempt(roundId, attemptId, { blockTag });
  return {
    attemptId,
    proposer: attempt.proposer,
    cut: Number(attempt.cut),
    scoredCount: Number(attempt.scoredCount),
    above: attempt.above,
    burned: attempt.burned,
    cutPayout: attempt.cutPayout,
    scoresDigest: attempt.scoresDigest,
    evidenceHash: attempt.evidenceHash,
    completedAt: Number(attempt.completedAt),
    vetoed: attempt.vetoed,
  };
}

/** Reads every attempt of a round, oldest first. */
export async function readAttempts(
  tournament: StakingTournament,
  round: RoundState,
  blockTag: number | "latest" = "latest",
): Promise<AttemptState[]> {
  const ids = Array.from({ length: round.attemptCount }, (_, i) => i + 1);
  return askInBatches(ids, (id) => readAttempt(tournament, round.roundId, id, blockTag));
}
