import type { Context } from "./context.js";
import { RpcFailure } from "./rpc-failure.js";

/**
 * Finds the last block before a time by halving: blocks may be minutes apart, or several a second.
 * @param time Unix seconds, after the suite's deployment.
 * @param newest Number of the last block to look at; it is the answer where it is before the time itself.
 * @throws {RpcFailure} when the node does not have a block in between.
 */
export async function lastBlockBefore(
  context: Pick<Context, "fromBlock" | "provider">,
  time: number,
  newest: number,
): Promise<{ number: number; hash: string }> {
  let [before, after] = [context.fromBlock, newest + 1];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if ((await readBlock(context, middle)).timestamp < time) before = middle;
    else after = middle;
  }
  return { number: before, hash: (await readBlock(context, before)).hash };
}

async function readBlock(
  { provider }: Pick<Context, "provider">,
  number: number,
): Promise<{ timestamp: number; hash: string }> {
  const { timestamp, hash } = (await provider.getBlock(number)) ?? {};
  if (timestamp !== undefined && typeof hash === "string") return { timestamp, hash };
  throw new RpcFailure(`chain: found no block ${number}, expected it`, {
    hint: "Check that the node is in sync, then run the command again.",
  });
}
