import { ZeroAddress } from "ethers";

import type { Context } from "../chain/context.js";
import { makeCheck, sumArgs, type Check } from "./books.js";

/**
 * Whether every contract of the suite holds, to the wei, what it owes by its own records and events, and whether all
 * NMR that was ever minted is somewhere. For a chain on which nobody sent a contract anything it did not ask for.
 * @param when Said before each sentence, where it is not of the end.
 */
export async function checkSuite(context: Context, when?: string): Promise<Check[]> {
  const { nmr, tournament, rewards, bounties, compute } = context.suite;
  const [allocated, claimed] = await Promise.all([rewards.allocated(), rewards.totalClaimed()]);
  const { nmrOwed, etherOwed } = await tournamentDebts(context);
  const holds = (what: string, owed: bigint, found: bigint): Check =>
    makeCheck(`${what} holds what it owes`, owed, found);
  const checks = [
    ...(await checkSupply(context)),
    holds("StakingTournament", nmrOwed, await nmr.balanceOf(tournament)),
    holds("StakingTournament, in ether,", etherOwed, await context.provider.getBalance(tournament)),
    holds("WeeklyRewards", allocated - claimed, await nmr.balanceOf(rewards)),
    holds("BountyGrants", await bountyDebts(context), await nmr.balanceOf(bounties)),
    holds("ComputeEscrow", await computeDebts(context), await nmr.balanceOf(compute)),
  ];
  return when === undefined ? checks : checks.map((check) => ({ ...check, what: `${when}: ${check.what}` }));
}

async function checkSupply({ suite: { nmr } }: Context): Promise<Check[]> {
  const transfers = await nmr.queryFilter(nmr.filters.Transfer());
  const minted = transfers.filter(({ args }) => args.from === ZeroAddress);
  const burned = transfers.filter(({ args }) => args.to === ZeroAddress);
  const holders = [...new Set(transfers.map(({ args }) => args.to))].filter((account) => account !== ZeroAddress);
  const held = await Promise.all(holders.map((account) => nmr.balanceOf(account)));
  const supply = await nmr.totalSupply();
  const value = (args: { value: bigint }): bigint => args.value;
  return [
    makeCheck("NMR minted − burned = NMR in existence", sumArgs(minted, value) - sumArgs(burned, value), supply),
    makeCheck("NMR in existence = NMR of all holders", supply, total(held)),
  ];
}

/** Stakes not settled, pools not spent and payments not taken, over all rounds. */
async function tournamentDebts({ suite: { tournament } }: Context): Promise<{ nmrOwed: bigint; etherOwed: bigint }> {
  const { filters } = tournament;
  const [resolved, settled, swept, prizeBack, bonusBack, owed, withdrawn] = await Promise.all([
    tournament.queryFilter(filters.RoundResolved()),
    tournament.queryFilter(filters.StakeSettled()),
    tournament.queryFilter(filters.RemainderSwept()),
    tournament.queryFilter(filters.PrizeReclaimed()),
    tournament.queryFilter(filters.BonusReclaimed()),
    tournament.queryFilter(filters.PaymentOwed()),
    tournament.queryFilter(filters.OwedWithdrawn()),
  ]);
  const rounds = await Promise.all(numbers(await tournament.roundCount()).map((round) => tournament.getRound(round)));
  const amount = (args: { amount: bigint }): bigint => args.amount;
  return {
    nmrOwed:
      total(rounds.map(({ totalStaked, bonusPool }) => totalStaked + bonusPool)) -
      sumArgs(resolved, ({ burned }) => burned) -
      sumArgs(settled, ({ returned, bonus }) => returned + bonus) -
      sumArgs(swept, ({ bonusAmount }) => bonusAmount) -
      sumArgs(bonusBack, amount),
    etherOwed:
      total(rounds.map(({ prizePool }) => prizePool)) -
      sumArgs(settled, ({ etherPaid }) => etherPaid) -
      sumArgs(swept, ({ etherAmount }) => etherAmount) -
      sumArgs(prizeBack, amount) +
      sumArgs(owed, amount) -
      sumArgs(withdrawn, amount),
  };
}

/** NMR neither awarded nor given back, and NMR of grants not released. */
async function bountyDebts({ suite: { bounties } }: Context): Promise<bigint> {
  const [posted, grants] = await Promise.all([
    Promise.all(numbers(await bounties.bountyCount()).map((bounty) => bounties.getBounty(bounty))),
    Promise.all(numbers(await bounties.grantCount()).map((grant) => bounties.getGrant(grant))),
  ]);
  return (
    total(posted.map(({ unawarded }) => unawarded)) + total(grants.map(({ amount, released }) => amount - released))
  );
}

/** NMR that users put in, and neither spent nor took back. */
async function computeDebts({ suite: { compute } }: Context): Promise<bigint> {
  const { filters } = compute;
  const [deposited, redeemed, withdrawn, refunded] = await Promise.all([
    compute.queryFilter(filters.Deposited()),
    compute.queryFilter(filters.VoucherRedeemed()),
    compute.queryFilter(filters.Withdrawn()),
    compute.queryFilter(filters.Refunded()),
  ]);
  const amount = (args: { amount: bigint }): bigint => args.amount;
  return (
    sumArgs(deposited, amount) - sumArgs(redeemed, amount) - sumArgs(withdrawn, amount) - sumArgs(refunded, amount)
  );
}

/** The numbers from 1. */
function numbers(count: bigint): number[] {
  return Array.from({ length: Number(count) }, (_, i) => i + 1);
}

function total(amounts: readonly bigint[]): bigint {
  return amounts.reduce((sum, amount) => sum + amount, 0n);
}
