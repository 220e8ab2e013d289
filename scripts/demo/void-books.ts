import type { Context } from "../chain/context.js";
import { makeCheck, sumArgs, type Balances, type Check } from "./books.js";

/** What the events of a void round say was put in and went back; NMR and ether in wei. */
export interface VoidFlows {
  prizePool: bigint;
  bonusPool: bigint;
  staked: bigint;
  returned: bigint;
  etherReclaimed: bigint;
  bonusReclaimed: bigint;
}

/** Sums the events of a void round up. */
export async function readVoidFlows({ suite }: Context, roundId: bigint): Promise<VoidFlows> {
  const { tournament } = suite;
  const { filters } = tournament;
  const [prize, bonus, placed, settled, prizeBack, bonusBack] = await Promise.all([
    tournament.queryFilter(filters.PrizeFunded(roundId)),
    tournament.queryFilter(filters.BonusFunded(roundId)),
    tournament.queryFilter(filters.StakePlaced(roundId)),
    tournament.queryFilter(filters.StakeSettled(roundId)),
    tournament.queryFilter(filters.PrizeReclaimed(roundId)),
    tournament.queryFilter(filters.BonusReclaimed(roundId)),
  ]);
  return {
    prizePool: sumArgs(prize, ({ amount }) => amount),
    bonusPool: sumArgs(bonus, ({ amount }) => amount),
    staked: sumArgs(placed, ({ amount }) => amount),
    returned: sumArgs(settled, ({ returned }) => returned),
    etherReclaimed: sumArgs(prizeBack, ({ amount }) => amount),
    bonusReclaimed: sumArgs(bonusBack, ({ amount }) => amount),
  };
}

/**
 * Whether the books of a void round balance: everybody has what they had.
 * @param before Balances when the round had its pools and no stake.
 * @param after Balances when every stake is settled and every contribution reclaimed.
 */
export function checkVoidBooks(before: Balances, after: Balances, flows: VoidFlows): Check[] {
  return [
    makeCheck("NMR staked = returned", flows.staked, flows.returned),
    makeCheck("no NMR was destroyed", before.nmrSupply, after.nmrSupply),
    makeCheck("data scientists have what they had", before.nmrOfScientists, after.nmrOfScientists),
    makeCheck("prize pool = ether reclaimed", flows.prizePool, flows.etherReclaimed),
    makeCheck("bonus pool = NMR reclaimed", flows.bonusPool, flows.bonusReclaimed),
    makeCheck("the pool left the tournament", flows.prizePool, before.etherInTournament - after.etherInTournament),
    makeCheck("the bonus left the tournament", flows.bonusPool, before.nmrInTournament - after.nmrInTournament),
    makeCheck("the treasury got nothing", 0n, after.etherOfTreasury - before.etherOfTreasury),
  ];
}
