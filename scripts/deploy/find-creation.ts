import { Transaction, getCreateAddress, type Provider } from "ethers";

import { NumeraireError } from "../../sdk/numeraire-error.js";
import type { JournalEntry } from "../chain/journal.js";
import { maskedCode } from "../chain/masked-code.js";
import { contractCreatedBy } from "./built-contracts.js";

/** Codes asked for at once. */
const PAGE = 50;

/**
 * The transaction in which an account created a contract with exactly this data before: what a run that was killed
 * sent and did not record is found again, so nothing is deployed twice. The journal knows what this machine signed; the
 * chain knows everything, by the addresses that an account's contracts get.
 * @param data Code and constructor arguments.
 * @param entries The account's journal.
 * @returns Hash of the newest such transaction that succeeded; undefined where there is none.
 * @throws {NumeraireError} with exit code 2 where a contract of this build is on the chain and the node cannot say by
 * which transaction it came there.
 */
export async function findCreation(
  provider: Provider,
  from: string,
  data: string,
  entries: readonly JournalEntry[] = [],
): Promise<string | undefined> {
  const signed = entries.flatMap((entry) => (entry.event === "signed" && entry.from === from ? [entry] : []));
  for (const { raw, hash } of signed.toReversed()) {
    const transaction = Transaction.from(raw);
    if (transaction.to !== null || transaction.data !== data) continue;
    if ((await provider.getTransactionReceipt(hash))?.status === 1) return hash;
  }
  for (const nonce of await noncesThatMade(provider, from, data)) {
    const transaction = await transactionAt(provider, from, nonce);
    if (transaction.data === data) return transaction.hash;
  }
  return undefined;
}

/** Nonces that created a contract of the same code, newest first; immutables left aside. */
async function noncesThatMade(provider: Provider, from: string, data: string): Promise<number[]> {
  const built = contractCreatedBy(data);
  if (built === undefined) return [];
  const expected = maskedCode(built.deployedBytecode, built);
  const count = await provider.getTransactionCount(from, "latest");
  const found: number[] = [];
  for (let first = 0; first < count; first += PAGE) {
    const nonces = Array.from({ length: Math.min(PAGE, count - first) }, (_, i) => first + i);
    const codes = await Promise.all(nonces.map((nonce) => provider.getCode(getCreateAddress({ from, nonce }))));
    found.push(...nonces.filter((_, i) => maskedCode(codes[i] ?? "0x", built) === expected));
  }
  return found.reverse();
}

/** The transaction that used a nonce: in the first block after which the account has sent more. */
async function transactionAt(provider: Provider, from: string, nonce: number): Promise<{ hash: string; data: string }> {
  try {
    let before = -1;
    let after = await provider.getBlockNumber();
    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2);
      if ((await provider.getTransactionCount(from, middle)) > nonce) after = middle;
      else before = middle;
    }
    const block = await provider.getBlock(after, true);
    const found = block?.prefetchedTransactions.find((one) => one.from === from && one.nonce === nonce);
    if (found !== undefined) return found;
  } catch (cause) {
    throw untraceable(from, nonce, cause);
  }
  throw untraceable(from, nonce);
}

function untraceable(from: string, nonce: number, cause?: unknown): NumeraireError {
  const address = getCreateAddress({ from, nonce });
  return new NumeraireError(
    `${address}: found a contract of this build, made by ${from}, and not the transaction that made it`,
    {
      hint: "Deploy through a node that keeps history (an archive node), or restore the record from where the deploy ran before; else it could be deployed twice.",
      exitCode: 2,
      cause,
    },
  );
}
