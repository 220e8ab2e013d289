import type { Log } from "ethers";

import type { SigningContext } from "../../chain/context.js";
import { pageLogs } from "../../chain/page-logs.js";
import type { Head } from "./head.js";
import { NodeOutOfStep } from "./node-out-of-step.js";

/**
 * Finds the newest of some events up to the head of the chain.
 * @param query Events of the blocks `from` to `to`, both included, in any order.
 * @param since Unix seconds before which there can be none.
 * @returns The event with the time of its block in Unix seconds; undefined where there is none.
 * @throws {NodeOutOfStep} when the event's block is none of the chain.
 */
export async function newestEvent<T extends Log>(
  { fromBlock, provider }: SigningContext,
  query: (from: number, to: number) => Promise<T[]>,
  since: number,
  head: Head,
): Promise<{ event: T; time: number } | undefined> {
  // Every block is at least a second after the one before: there are no more blocks since then than seconds.
  const from = Math.max(fromBlock, head.block - Math.max(0, head.now - since));
  const [first, ...others] = await pageLogs(query, { from, to: head.block });
  if (first === undefined) return undefined;
  const event = others.reduce((a, b) => (isAfter(b, a) ? b : a), first);
  const block = await provider.getBlock(event.blockNumber);
  if (block?.hash !== event.blockHash) {
    const found = block?.hash ?? "none";
    throw new NodeOutOfStep(`found block ${event.blockNumber} to be ${found}, expected ${event.blockHash}`);
  }
  return { event, time: block.timestamp };
}

function isAfter(a: Log, b: Log): boolean {
  return a.blockNumber === b.blockNumber ? a.index > b.index : a.blockNumber > b.blockNumber;
}
