import type { Context } from "./context.js";
import { pageLogs } from "./page-logs.js";
import type { Settlement } from "./track-records.js";

/** A settlement with everything its event tells. */
export interface SettledStake extends Settlement {
  index: number;
  payee: string;
  /** NMR, in wei. */
  returned: bigint;
  /** NMR, in wei. */
  burned: bigint;
  /** Ether, in wei. */
  etherPaid: bigint;
  /** NMR, in wei. */
  bonus: bigint;
}

/** Reads the settlements of all rounds up to a block, in the order of the chain. */
export async function readSettlements(context: Context, toBlock: number): Promise<SettledStake[]> {
  const { tournament } = context.suite;
  const logs = await pageLogs((from, to) => tournament.queryFilter(tournament.filters.StakeSettled(), from, to), {
    from: context.fromBlock,
    to: toBlock,
  });
  return logs.map(({ args }) => ({
    roundId: args.roundId,
    modelId: args.modelId,
    payee: args.payee,
    index: Number(args.index),
    returned: args.returned,
    burned: args.burned,
    etherPaid: args.etherPaid,
    bonus: args.bonus,
    qualified: args.qualified,
  }));
}

/** Reads the ordinals of all rounds resolved up to a block. */
export async function readOrdinals(context: Context, toBlock: number): Promise<Map<bigint, number>> {
  const { tournament } = context.suite;
  const logs = await pageLogs((from, to) => tournament.queryFilter(tournament.filters.RoundResolved(), from, to), {
    from: context.fromBlock,
    to: toBlock,
  });
  return new Map(logs.map(({ args }) => [args.roundId, Number(args.ordinal)]));
}
