import type { Log } from "ethers";

import type { SigningContext } from "../../chain/context.js";
import { NodeOutOfStep } from "./node-out-of-step.js";

/**
 * Finds the newest of some events, in whatever order the node named them.
 * @returns The event with the time of its block in Unix seconds; undefined where there is none.
 * @throws {NodeOutOfStep} when the event's block is none of the chain.
 */
export async function newestEvent<T extends Log>(
  { provider }: SigningContext,
  events: readonly T[],
): Promise<{ event: T; time: number } | undefined> {
  const [first, ...others] = events;
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
