import type { Context } from "../chain/context.js";
import { differences, type Difference } from "../oracle/verify/check.js";
import { showTime } from "./rewards-state.js";

/** The block of a week: the last one before its end. Nobody has a choice of it. */
export interface WeekBlock {
  number: number;
  hash: string;
}

/** Whether a block is the one of a week that ends then: its own time is earlier, that of the next one is not. */
export async function checkWeekBlock(
  { provider }: Context,
  { number, hash }: WeekBlock,
  end: bigint,
): Promise<Difference[]> {
  const [block, next] = await Promise.all([provider.getBlock(number), provider.getBlock(number + 1)]);
  const isLast = block !== null && block.timestamp < end && next !== null && next.timestamp >= end;
  const time = (one: { timestamp: number } | null): string => (one ? showTime(BigInt(one.timestamp)) : "none");
  const expected = `the last before the week's end at ${showTime(end)}`;
  return differences([
    [`block ${number}`, isLast ? expected : `one of ${time(block)}, the next of ${time(next)}`, expected],
    [`hash of block ${number}`, block?.hash ?? "none", hash],
  ]);
}
