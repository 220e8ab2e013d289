import { isError, type Provider } from "ethers";

import type { SignedEntry } from "./journal.js";

/** In what words nodes say that they have a transaction already. */
const KNOWN = /already ?known|known transaction|already.?exists|already imported|already in .*pool/i;
/** And that it offers too little, for a replacement or for the next block. */
const UNDERPRICED =
  /underpriced|less than block base fee|fee cap .*less than|max ?fee ?per ?gas.{0,40}too low|gas ?price.{0,40}too low/i;
const UNFUNDED = /insufficient (funds|balance)|enough funds/i;

/**
 * Hands a signed transaction to the network; a node that has it already is as good as one that takes it.
 * @returns `expired` where the nonce is used, by this transaction or another; `underpriced` where it must offer more; `unfunded`
 * where the account cannot pay for it.
 * @throws What the provider says of any other failure.
 */
export async function broadcast(
  provider: Provider,
  { raw, hash }: SignedEntry,
): Promise<"taken" | "expired" | "underpriced" | "unfunded"> {
  try {
    await provider.broadcastTransaction(raw);
    return "taken";
  } catch (error) {
    const message = error instanceof Error ? error.message : "";
    if (KNOWN.test(message)) return "taken";
    if (isError(error, "NONCE_EXPIRED") || /nonce.{0,40}too low/i.test(message)) return "expired";
    if (isError(error, "REPLACEMENT_UNDERPRICED") || UNDERPRICED.test(message)) return "underpriced";
    if (isError(error, "INSUFFICIENT_FUNDS") || UNFUNDED.test(message)) return "unfunded";
    const known = (await provider.getTransaction(hash)) ?? (await provider.getTransactionReceipt(hash));
    if (known === null) throw error;
    return "taken";
  }
}
