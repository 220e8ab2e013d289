import { isError, type Block, type Provider } from "ethers";

import { RpcFailure } from "./rpc-failure.js";

/** JSON-RPC's code for parameters that a node does not take. */
const INVALID_PARAMS = -32602;
/** In what words nodes say that they have no finalized block, or know no such tag. */
const NONE = /(finalized|unknown) block|(block|header) not found|(unknown|unsupported|invalid) (block )?tag/i;

/**
 * The finalized block.
 * @returns Undefined where the node knows none: on a chain without finality, or before it has heard of one.
 * @throws {RpcFailure} when the node answers with any other error, which does not say that there is none.
 */
export async function finalizedBlock(provider: Provider): Promise<Block | undefined> {
  try {
    return (await provider.getBlock("finalized")) ?? undefined;
  } catch (error) {
    const refusal = refusalIn(error);
    if (refusal === undefined) throw error;
    if (refusal.code === INVALID_PARAMS || NONE.test(refusal.message)) return undefined;
    throw new RpcFailure(`RPC: found the error "${refusal.message}", expected the finalized block`, {
      hint: "Look into the node's log, or use another node, then run the command again.",
      cause: error,
    });
  }
}

/** What the node itself said; ethers wraps an error that it does not know. */
function refusalIn(error: unknown): { code: number; message: string } | undefined {
  if (!isError(error, "UNKNOWN_ERROR")) return undefined;
  const { code, message } = (error.error ?? {}) as { code?: unknown; message?: unknown };
  return typeof message === "string" ? { code: Number(code), message } : undefined;
}
