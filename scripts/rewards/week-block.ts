import { NumeraireError } from "../../sdk/numeraire-error.js";
import type { Context } from "../chain/context.js";
import { differences, type Difference } from "../oracle/verify/check.js";
import { showTime } from "./rewards-state.js";

/** The block of a week: the last one before its end. Nobody has a choice of it. */
export interface WeekBlock {
  number: number;
  hash: string;
}

/**
 * Finds the block of a week by halving.
 * @param end When the week ends, in Unix seconds; after the suite's deployment.
 * @param newest Number of a block at the end or after it.
 * @throws {NumeraireError} when the node does not have a block in between.
 */
export async function findWeekBlock(context: Context, end: bigint, newest: number): Promise<WeekBlock> {
  let [before, after] = [context.fromBlock, newest];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if ((await readBlock(context, middle)).timestamp < end) before = middle;
    else after = middle;
  }
  return { number: before, hash: (await readBlock(context, before)).hash };
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

async function readBlock({ provider }: Context, number: number): Promise<{ timestamp: number; hash: string }> {
  const { timestamp, hash } = (await provider.getBlock(number)) ?? {};
  if (timestamp !== undefined && typeof hash === "string") return { timestamp, hash };
  throw new NumeraireError(`chain: found no block ${number}, expected it`, {
    hint: "Check that the node is in sync, then run the command again.",
  });
}
