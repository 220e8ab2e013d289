import type { SigningContext } from "../../chain/context.js";
import { lastBlockBefore } from "../../chain/last-block-before.js";
import type { RoundState } from "../round-state.js";
import type { Comparisons } from "./comparisons.js";
import type { Head } from "./head.js";

/**
 * A block that will stay, and after which everything that concerns a round's scores comes: the last one before the
 * close, or an earlier one while the close is not final. It is looked for once.
 * @throws {RpcFailure} when the node does not have the blocks.
 */
export async function closeBlock(
  context: SigningContext,
  { settledBlock, settledNow }: Head,
  { roundId, terms }: RoundState,
  { closeBlocks }: Comparisons,
): Promise<number> {
  const known = closeBlocks.get(roundId);
  if (known !== undefined) return known;
  const { number } = await lastBlockBefore(context, terms.closesAt, settledBlock);
  if (settledNow >= terms.closesAt) closeBlocks.set(roundId, number);
  return number;
}
