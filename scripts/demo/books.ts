import type { Context } from "../chain/context.js";
import type { Entrant } from "./stage-round.js";

/** What is where, read from the chain; NMR and ether in wei. */
export interface Balances {
  nmrSupply: bigint;
  nmrOfScientists: bigint;
  nmrInTournament: bigint;
  etherInTournament: bigint;
  etherOfTreasury: bigint;
}

/** A sentence about the books that is true or not. */
export interface Check {
  what: string;
  expected: bigint;
  found: bigint;
  holds: boolean;
}

/** Reads the balances of everybody in the round. */
export async function readBalances({ provider, suite }: Context, entrants: readonly Entrant[]): Promise<Balances> {
  const { nmr, tournament } = suite;
  const held = await Promise.all(entrants.map(async ({ account }) => nmr.balanceOf(account.address)));
  return {
    nmrSupply: await nmr.totalSupply(),
    nmrOfScientists: held.reduce((sum, amount) => sum + amount, 0n),
    nmrInTournament: await nmr.balanceOf(tournament),
    etherInTournament: await provider.getBalance(tournament),
    etherOfTreasury: await provider.getBalance(await tournament.treasury()),
  };
}

/** A sentence about two amounts that must be equal. */
export function makeCheck(what: string, expected: bigint, found: bigint): Check {
  return { what, expected, found, holds: expected === found };
}

/** The sum of an amount over events. */
export function sumArgs<T>(events: readonly { args: T }[], amount: (args: T) => bigint): bigint {
  return events.reduce((total, { args }) => total + amount(args), 0n);
}

/** What the events of a round say was staked, returned, destroyed and paid; NMR and ether in wei. */
export interface Flows {
  prizePool: bigint;
  staked: bigint;
  returned: bigint;
  destroyed: bigint;
  etherPaid: bigint;
  /** Ether that nobody won. */
  etherSwept: bigint;
}

/** Sums the round's events up. */
export async function readFlows({ suite }: Context, roundId: bigint): Promise<Flows> {
  const { tournament } = suite;
  const { filters } = tournament;
  const [funded, placed, settled, swept] = await Promise.all([
    tournament.queryFilter(filters.PrizeFunded(roundId)),
    tournament.queryFilter(filters.StakePlaced(roundId)),
    tournament.queryFilter(filters.StakeSettled(roundId)),
    tournament.queryFilter(filters.RemainderSwept(roundId)),
  ]);
  return {
    prizePool: sumArgs(funded, ({ amount }) => amount),
    staked: sumArgs(placed, ({ amount }) => amount),
    returned: sumArgs(settled, ({ returned }) => returned),
    destroyed: sumArgs(settled, ({ burned }) => burned),
    etherPaid: sumArgs(settled, ({ etherPaid }) => etherPaid),
    etherSwept: sumArgs(swept, ({ etherAmount }) => etherAmount),
  };
}

/**
 * Whether the books balance: what the events say against what the balances say.
 * @param before Balances when the round had its prize and no stake.
 * @param after Balances when every stake is settled and the remainder swept.
 */
export function checkBooks(before: Balances, after: Balances, flows: Flows): Check[] {
  return [
    makeCheck("NMR staked = returned + destroyed", flows.staked, flows.returned + flows.destroyed),
    makeCheck("NMR supply fell by what was destroyed", flows.destroyed, before.nmrSupply - after.nmrSupply),
    makeCheck(
      "data scientists lost what was destroyed",
      flows.destroyed,
      before.nmrOfScientists - after.nmrOfScientists,
    ),
    makeCheck("the tournament keeps no NMR of the round", before.nmrInTournament, after.nmrInTournament),
    makeCheck("prize pool = ether paid + swept", flows.prizePool, flows.etherPaid + flows.etherSwept),
    makeCheck(
      "the prize pool left the tournament",
      flows.prizePool,
      before.etherInTournament - after.etherInTournament,
    ),
    makeCheck("the treasury got what was swept", flows.etherSwept, after.etherOfTreasury - before.etherOfTreasury),
  ];
}
