import { setTimeout as sleep } from "node:timers/promises";

import type { Provider, TransactionReceipt } from "ethers";

import { broadcast } from "./broadcast.js";
import { DEVELOPMENT_CHAIN_ID, type SendingContext } from "./context.js";
import { recordsOf, type Journal, type SignedEntry } from "./journal.js";

/** Looks at the chain between two broadcasts: a node may have taken a transaction and lost it. */
const LOOKS_A_BROADCAST = 8;
/** Times in a row that the nonce is seen used and no receipt found, before another transaction must have used it. */
const USED_WITHOUT_RECEIPT = 4;

/** What became of a transaction. */
export type Fate = TransactionReceipt | "superseded" | "stuck" | "unfunded";

/** What is followed: transactions of one nonce, of which one can be mined. */
export interface Followed {
  from: string;
  nonce: number;
  hashes: readonly string[];
  /** What to broadcast; absent for what a node signed itself. */
  newest?: SignedEntry;
}

/**
 * Broadcasts a transaction, and again from time to time, until it or one it replaced is mined, confirmed, and part of
 * the chain. One that a reorganisation drops is waited for anew, and so are those of lower nonces.
 * @param journal Where lower nonces are found.
 * @param stuckAfter Seconds without being mined after which it counts as stuck.
 * @returns The receipt; `superseded` where another transaction used the nonce; `stuck` where more must be offered;
 * `unfunded` where the account cannot pay.
 */
export async function follow(
  context: SendingContext,
  { from, nonce, hashes, newest }: Followed,
  journal: Journal | undefined,
  stuckAfter: number,
): Promise<Fate> {
  const { provider } = context;
  let until = Date.now() + stuckAfter * 1000;
  let used = 0;
  for (let look = 0; ; look += 1) {
    if (look % LOOKS_A_BROADCAST === 0) {
      const count = await rebroadcastLower(context, nonce, from, journal);
      // A look for the receipt comes after it: this very transaction may have used the nonce.
      used = count > nonce ? used + 1 : 0;
      const outcome = count <= nonce && newest !== undefined ? await broadcast(provider, newest) : undefined;
      if (outcome === "underpriced") return "stuck";
      if (outcome === "unfunded") return outcome;
    }
    const receipt = await findReceipt(provider, hashes);
    if (receipt !== undefined) {
      if (await isSettled(context, receipt)) return receipt;
      // Once it is mined it only has to be waited for: a replacement would come too late.
      until = Date.now() + stuckAfter * 1000;
      used = 0;
    } else if (used >= USED_WITHOUT_RECEIPT) {
      return "superseded";
    } else if (used === 0 && Date.now() > until) {
      return "stuck";
    }
    await sleep(pollInterval(context));
  }
}

/** Milliseconds between two looks at the chain. */
export function pollInterval({ chainId }: Pick<SendingContext, "chainId">): number {
  return chainId === DEVELOPMENT_CHAIN_ID ? 20 : 2000;
}

/** Broadcasts what was mined with lower nonces and is not any more; gives the account's next nonce on the chain. */
async function rebroadcastLower(
  { provider }: Pick<SendingContext, "provider">,
  nonce: number,
  from: string,
  journal: Journal | undefined,
): Promise<number> {
  const count = await provider.getTransactionCount(from, "latest");
  if (count >= nonce) return count;
  for (const lower of recordsOf(journal?.entries ?? [], from)) {
    const last = lower.signed.at(-1);
    if (last !== undefined && lower.nonce >= count && lower.nonce < nonce) await broadcast(provider, last);
  }
  return count;
}

async function findReceipt(provider: Provider, hashes: readonly string[]): Promise<TransactionReceipt | undefined> {
  for (const hash of hashes) {
    const receipt = await provider.getTransactionReceipt(hash);
    if (receipt !== null) return receipt;
  }
  return undefined;
}

/** Whether enough blocks follow that of a receipt, and it is part of the chain. */
async function isSettled(
  { provider, confirmations }: Pick<SendingContext, "provider" | "confirmations">,
  receipt: TransactionReceipt,
): Promise<boolean> {
  if (confirmations > 1) {
    const depth = (await provider.getBlockNumber()) - receipt.blockNumber + 1;
    if (depth < confirmations) return false;
  }
  return (await provider.getBlock(receipt.blockNumber))?.hash === receipt.blockHash;
}
