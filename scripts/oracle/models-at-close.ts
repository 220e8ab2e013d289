import type { Context } from "../chain/context.js";
import { lastBlockBefore } from "../chain/last-block-before.js";
import { readModels, type RegisteredModel } from "./models.js";
import type { RoundState } from "./round-state.js";

/**
 * Reads every model registered up to a block, with the owner that it had in the last block before a round's close: who
 * hands a model on once the outcome can be known moves no score, and every member reads the same owners whenever it looks.
 * @throws {RpcFailure} when the node does not have the blocks.
 */
export async function readModelsAtClose(
  context: Context,
  { terms }: RoundState,
  toBlock: number,
): Promise<Map<bigint, RegisteredModel>> {
  const { number } = await lastBlockBefore(context, terms.closesAt, toBlock);
  return readModels(context, toBlock, number);
}
