import { planGas } from "../gas-model.js";
import type { RoundView } from "./round-view.js";

const SETTLE_GAS_PER_STAKE = 30_000n;
/** Finalizing, voiding and sweeping. */
const OTHER_GAS = 500_000n;

/** Gas that this account may still have to pay for a round; an upper estimate. */
export function gasNeeded({ round, turn, sweepable }: RoundView): bigint {
  const unsettled = BigInt(round.stakeCount - round.settledCount) * SETTLE_GAS_PER_STAKE;
  const posting = round.status === "Open" || round.status === "Closed" ? planGas(round.stakeCount, "").total : 0n;
  const ended = unsettled === 0n && posting === 0n && !sweepable;
  return ended ? 0n : unsettled + OTHER_GAS + (turn.isMember ? posting : 0n);
}
