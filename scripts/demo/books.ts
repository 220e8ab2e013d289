import type { Context } from "../chain/context.js";
import type { Entrant } from "./play-round.js";

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
  const sum = <T>(events: readonly { args: T }[], amount: (args: T) => bigint): bigint =>
    events.reduce((total, { args }) => total + amount(args), 0n);
  return {
    prizePool: sum(funded, ({ amount }) => amount),
    staked: sum(placed, ({ amount }) => amount),
    returned: sum(settled, ({ returned }) => returned),
    destroyed: sum(settled, ({ burned }) => burned),
    etherPaid: sum(settled, ({ etherPaid }) => etherPaid),
    etherSwept: sum(swept, ({ etherAmount }) => etherAmount),
  };
}

/**
 * Whether the books balance: what the events say against what the balances say.
 * @param before Balances when the round had its prize and no stake.
 * @param after Balances when every stake is settled and the remainder swept.
 */
export function checkBooks(before: Balances, after: Balances, flows: Flows): Check[] {
  const check = (what: string, expected: bigint, found: bigint): Check => ({
    what,
    expected,
    found,
    holds: expected === found,
  });
  return [
    check("NMR staked = returned + destroyed", flows.staked, flows.returned + flows.destroyed),
    check("NMR supply fell by what was destroyed", flows.destroyed, before.nmrSupply - after.nmrSupply),
    check("data scientists lost what was destroyed", flows.destroyed, before.nmrOfScientists - after.nmrOfScientists),
    check("the tournament keeps no NMR of the round", before.nmrInTournament, after.nmrInTournament),
    check("prize pool = ether paid + swept", flows.prizePool, flows.etherPaid + flows.etherSwept),
    check("the prize pool left the tournament", flows.prizePool, before.etherInTournament - after.etherInTournament),
    check("the treasury got what was swept", flows.etherSwept, after.etherOfTreasury - before.etherOfTreasury),
  ];
}
