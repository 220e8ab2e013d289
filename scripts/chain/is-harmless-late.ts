import type { Transaction } from "ethers";

import {
  BountyGrants__factory,
  ComputeEscrow__factory,
  StakingTournament__factory,
  WeeklyRewards__factory,
} from "../../typechain-types/index.js";

const tournament = StakingTournament__factory.createInterface();
const rewards = WeeklyRewards__factory.createInterface();
const bounties = BountyGrants__factory.createInterface();
const compute = ComputeEscrow__factory.createInterface();

/** Calls that give somebody what is theirs already, or say what the chain says anyway: once or twice, soon or late. */
const HARMLESS: ReadonlySet<string> = new Set([
  tournament.getFunction("settle").selector,
  tournament.getFunction("sweepRemainder").selector,
  tournament.getFunction("voidRound").selector,
  tournament.getFunction("reclaimPrize").selector,
  tournament.getFunction("reclaimBonus").selector,
  tournament.getFunction("withdrawOwed").selector,
  rewards.getFunction("activateWeek").selector,
  rewards.getFunction("claim").selector,
  rewards.getFunction("claimMany").selector,
  bounties.getFunction("release").selector,
  bounties.getFunction("expire").selector,
  bounties.getFunction("reclaim").selector,
  compute.getFunction("redeem").selector,
  compute.getFunction("redeemMany").selector,
]);

/**
 * Whether what was signed before may be sent by a later run that was asked for something else. The function says so,
 * whatever the contract: the journal may hold calls of another deployment. A contract that is created is found again
 * by the deploy, and nothing sent to oneself is what takes the nonce of something else.
 */
export function isHarmlessLate({ to, from, data, value }: Transaction): boolean {
  if (value !== 0n) return false;
  if (to === null || (to === from && data === "0x")) return true;
  return HARMLESS.has(data.slice(0, 10));
}
