import { toBeHex } from "ethers";

import type { Context } from "../chain/context.js";
import { pageLogs } from "../chain/page-logs.js";

/** An event whose every argument is one word. */
export interface EventWords {
  /** Indexed arguments, in their order. */
  indexed: bigint[];
  /** The others, in their order. */
  words: bigint[];
}

/** Events of the tournament that there are tens of thousands of. */
type FrequentEvent = "ModelRegistered" | "StakePlaced" | "StakeRaised" | "StakeSettled";

/**
 * Reads the tournament's events of one kind up to a block, in the order of the chain. By hand, because a generic
 * decoder takes many times as long.
 * @param roundId Round, for events that begin with it; of all rounds when left out.
 */
export async function readEventWords(
  { provider, fromBlock, suite: { tournament } }: Context,
  event: FrequentEvent,
  toBlock: number,
  roundId?: bigint,
): Promise<EventWords[]> {
  const filter = {
    address: await tournament.getAddress(),
    topics: [tournament.interface.getEvent(event).topicHash, ...(roundId === undefined ? [] : [toBeHex(roundId, 32)])],
  };
  // Decoded page by page: ethers' logs of a large round would fill the memory.
  const query = async (from: number, to: number): Promise<EventWords[]> => {
    const logs = await provider.getLogs({ ...filter, fromBlock: from, toBlock: to });
    return logs.map(({ topics, data }) => ({ indexed: topics.slice(1).map(BigInt), words: wordsOf(data) }));
  };
  return pageLogs(query, { from: fromBlock, to: toBlock });
}

/** The 32-byte words of an event's data. */
export function wordsOf(data: string): bigint[] {
  return Array.from({ length: (data.length - 2) / 64 }, (_, i) => BigInt(`0x${data.slice(2 + i * 64, 66 + i * 64)}`));
}
