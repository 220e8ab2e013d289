import { decodeFailure } from "../../sdk/decode-error.js";
import type { Context } from "../chain/context.js";
import { readAttempt } from "./attempt-state.js";
import { readEventWords } from "./event-words.js";
import type { RoundState } from "./round-state.js";

/** What is left of a resolved round's pools for the treasury. */
export interface Remainder {
  /** Ether, in wei. */
  etherAmount: bigint;
  /** NMR, in wei. */
  bonusAmount: bigint;
}

/** Nothing is left, or it is gone already. */
const NOTHING: Remainder = { etherAmount: 0n, bonusAmount: 0n };

/**
 * What sweeping a round would send to the treasury now; nothing once it is swept.
 * @param round A resolved round of which every stake is settled.
 */
export async function readRemainder(context: Context, round: RoundState): Promise<Remainder> {
  if (await isSwept(context, round)) return NOTHING;
  const { above, cutPayout } = await readAttempt(context.suite.tournament, round.roundId, round.resolvedAttempt);
  return {
    etherAmount: round.prizePool - above - cutPayout,
    bonusAmount: round.bonusPool - (await readBonusPaid(context, round)),
  };
}

/** Whether sweeping is done: asking the contract to do it tells, without a search through events. */
async function isSwept({ suite: { tournament } }: Context, { roundId }: RoundState): Promise<boolean> {
  try {
    await tournament.sweepRemainder.staticCall(roundId);
    return false;
  } catch (error) {
    if (decodeFailure(error)?.name === "RemainderAlreadySwept") return true;
    throw error;
  }
}

async function readBonusPaid(context: Context, { roundId, bonusPool }: RoundState): Promise<bigint> {
  if (bonusPool === 0n) return 0n;
  const settled = await readEventWords(context, "StakeSettled", await context.provider.getBlockNumber(), roundId);
  // index, returned, burned, etherPaid, bonus, qualified
  return settled.reduce((sum, { words }) => sum + (words[4] ?? 0n), 0n);
}
