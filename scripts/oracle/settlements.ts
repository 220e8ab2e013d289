import type { Context } from "../chain/context.js";
import { readEventWords } from "./event-words.js";
import { pageLogs } from "../chain/page-logs.js";
import type { Settlement } from "./track-records.js";

/** A settlement with everything its event tells. */
export interface SettledStake extends Settlement {
  index: number;
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
  const events = await readEventWords(context, "StakeSettled", toBlock);
  return events.map(({ indexed: [roundId = 0n, modelId = 0n], words }) => {
    const [index = 0n, returned = 0n, burned = 0n, etherPaid = 0n, bonus = 0n, qualified = 0n] = words;
    return { roundId, modelId, index: Number(index), returned, burned, etherPaid, bonus, qualified: qualified === 1n };
  });
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
