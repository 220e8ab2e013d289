import { DEVELOPMENT_CHAIN_ID, type Context } from "./context.js";
import { NumeraireError } from "../../sdk/numeraire-error.js";
import { finalizedBlock } from "./finalized-block.js";

/** The block that a command reads the chain at. */
export interface PinnedBlock {
  number: number;
  hash: string;
  /** Unix seconds. */
  timestamp: number;
  /** Wei; 0 on chains without a base fee. */
  baseFee: bigint;
}

/**
 * The newest block that will stay: the finalized one, or where the node knows none, the one `confirmations` behind the
 * newest. On development chains the newest.
 * @throws {NumeraireError} when the node has no such block, or fails.
 */
export async function pinBlock(context: Context): Promise<PinnedBlock> {
  const { provider, chainId, confirmations } = context;
  const finalized = chainId === DEVELOPMENT_CHAIN_ID ? undefined : await finalizedBlock(provider);
  const block = finalized ?? (await provider.getBlock(Math.max(0, (await provider.getBlockNumber()) - confirmations)));
  const hash = block?.hash;
  if (block === null || typeof hash !== "string") {
    throw new NumeraireError("chain: found no block to read at, expected a finalized one", {
      hint: "Check that the node is in sync, then run the command again.",
    });
  }
  return { number: block.number, hash, timestamp: block.timestamp, baseFee: block.baseFeePerGas ?? 0n };
}
