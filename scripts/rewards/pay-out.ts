import type { PayoutRule } from "./payout-rule.js";

/** An account on the leaderboard; log-loss in units of 1e-18, one of both is there. */
export interface Competitor {
  account: string;
  /** From 1; those that tie have the same. */
  rank?: number;
  logloss?: bigint;
}

/** A model with a reputation, and who is paid for it. */
export interface ReputedModel {
  modelId: bigint;
  account: string;
  /** 1–20. */
  reputation: bigint;
}

/**
 * What each account gets, in wei, those that get nothing left out. Those that tie share their places; every division
 * rounds down, and what it leaves is not minted.
 * @param rule By which the week pays.
 * @param leaderboard Every account once, all with a rank or all with a log-loss.
 * @param models Those with a reputation, where the rule pays for it.
 */
export function payOut(
  rule: PayoutRule,
  leaderboard: readonly Competitor[],
  models: readonly ReputedModel[] = [],
): Map<string, bigint> {
  const payouts = new Map<string, bigint>();
  const pay = (account: string, amount: bigint): void => {
    if (amount > 0n) payouts.set(account, (payouts.get(account) ?? 0n) + amount);
  };
  const { benchmark, equal, schedule = [], reputation = 0n } = rule;
  const eligible = leaderboard.filter(
    ({ logloss }) => benchmark === undefined || (logloss !== undefined && logloss < benchmark),
  );
  if (equal !== undefined && eligible.length > 0) {
    for (const { account } of eligible) pay(account, equal / BigInt(eligible.length));
  }
  if (schedule.length > 0) {
    const amountOf = (place: number): bigint =>
      schedule.find(({ from, to }) => from <= place && place <= to)?.amount ?? 0n;
    const last = schedule.at(-1)?.to ?? 0;
    for (const { place, accounts } of placed(eligible)) {
      if (place > last) break;
      let sum = 0n;
      for (let i = place; i < place + accounts.length && i <= last; i += 1) sum += amountOf(i);
      for (const account of accounts) pay(account, sum / BigInt(accounts.length));
    }
  }
  const points = models.reduce((sum, model) => sum + model.reputation, 0n);
  for (const model of models) pay(model.account, (reputation * model.reputation) / points);
  return payouts;
}

/**
 * Accounts by place, those that tie together; by rank as given, or by log-loss. No place is taken twice: where a rank
 * does not leave room for those before it that tie, the place is the next one that is free.
 */
function placed(leaderboard: readonly Competitor[]): { place: number; accounts: string[] }[] {
  const groups = new Map<bigint, string[]>();
  for (const { account, rank, logloss } of leaderboard) {
    const key = rank === undefined ? (logloss ?? 0n) : BigInt(rank);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [account]);
    else group.push(account);
  }
  const isRank = leaderboard.some(({ rank }) => rank !== undefined);
  let free = 1;
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, accounts]) => {
      const place = isRank ? Math.max(Number(key), free) : free;
      free = place + accounts.length;
      return { place, accounts };
    });
}
