import { SigningKey, Transaction, computeAddress, id, toQuantity } from "ethers";

import { NumeraireError } from "../../sdk/index.js";
import type { LocalNode } from "./local-node.js";

/** A staker with a key of its own. */
export interface Member {
  key: SigningKey;
  address: string;
  nonce: number;
}

/** What many members sent, measured from the blocks that hold it. */
export interface Sent {
  transactions: number;
  gas: bigint;
  /** Gas of the dearest transaction. */
  largest: number;
}

/** What is used of a receipt as the node gives it. */
interface RawReceipt {
  status: string;
  gasUsed: string;
}

export interface SendingOptions {
  /** Gas limit of each transaction; enough for anything about one stake when left out. */
  gasLimit?: number;
  /** Told how many were mined. */
  progress?: (mined: number) => void;
}

/** Gas that the transactions of one block may ask for: a little less than the node's limit of 60 million. */
const BLOCK_GAS = 56_000_000;
const GAS_LIMIT = 280_000;
const GAS_PRICE = 10n ** 10n;
/** Accounts that are set up at once. */
const BATCH = 200;

/** Members with keys that anybody can know, the same in every run, and ether for their gas. */
export async function gatherCrowd(node: LocalNode, count: number): Promise<Member[]> {
  const crowd: Member[] = [];
  for (let i = 0; i < count; i += 1) crowd.push(memberNamed(`staker ${i}`));
  for (const part of parts(crowd, BATCH)) {
    await Promise.all(part.map((member) => giveEther(node, member, 10n ** 19n)));
  }
  return crowd;
}

/** An account with a key that anybody can know. */
export function memberNamed(name: string): Member {
  const key = new SigningKey(id(`numeraire benchmark: ${name}`));
  return { key, address: computeAddress(key), nonce: 0 };
}

/** Sets what a member holds, in wei. */
export async function giveEther({ provider }: LocalNode, { address }: Member, amount: bigint): Promise<void> {
  await provider.send("hardhat_setBalance", [address, toQuantity(amount)]);
}

/** Mints NMR to every member, many a transaction. */
export async function giveNmr(node: LocalNode, crowd: readonly Member[], amount: bigint): Promise<void> {
  const { authority, nmr } = node.suite;
  const minter = authority.connect(await node.provider.getSigner(node.accounts.minter));
  const token = await nmr.getAddress();
  for (const part of parts(crowd, BATCH)) {
    const calls = part.map(({ address }) =>
      authority.interface.encodeFunctionData("execute", [
        token,
        nmr.interface.encodeFunctionData("mint", [address, amount]),
      ]),
    );
    await (await minter.multicall(calls, { gasLimit: 16_000_000n })).wait();
  }
}

/**
 * Lets each member send one signed transaction, and mines them in blocks; who is named more often sends more often.
 * @param to Contract that is called.
 * @param dataOf Call data of a member.
 * @throws {NumeraireError} when one of them is not mined, or reverts.
 */
export async function everybodySends(
  { provider, context }: LocalNode,
  crowd: readonly Member[],
  to: string,
  dataOf: (member: Member, index: number) => string,
  { gasLimit = GAS_LIMIT, progress }: SendingOptions = {},
): Promise<Sent> {
  const sent: Sent = { transactions: 0, gas: 0n, largest: 0 };
  await provider.send("evm_setAutomine", [false]);
  try {
    for (const part of parts(crowd, Math.floor(BLOCK_GAS / gasLimit))) {
      const raw = part.map((member, i) => {
        const transaction = Transaction.from({
          type: 0,
          chainId: context.chainId,
          nonce: member.nonce++,
          to,
          data: dataOf(member, sent.transactions + i),
          gasLimit,
          gasPrice: GAS_PRICE,
        });
        transaction.signature = member.key.sign(transaction.unsignedHash);
        return transaction.serialized;
      });
      const hashes = await Promise.all(
        raw.map(async (one) => String(await provider.send("eth_sendRawTransaction", [one]))),
      );
      await provider.send("evm_mine", []);
      await addBlock(provider, sent, hashes);
      progress?.(sent.transactions);
    }
  } finally {
    await provider.send("evm_setAutomine", [true]);
  }
  return sent;
}

/** Adds the receipts of a block's transactions. */
async function addBlock(provider: LocalNode["provider"], sent: Sent, hashes: readonly string[]): Promise<void> {
  const receipts = await Promise.all(
    hashes.map(async (hash) => (await provider.send("eth_getTransactionReceipt", [hash])) as RawReceipt | null),
  );
  for (const [i, receipt] of receipts.entries()) {
    if (receipt?.status !== "0x1") {
      throw new NumeraireError(
        `transaction ${String(hashes[i])}: found it ${receipt === null ? "not mined" : "reverted"}, expected it to succeed`,
        { hint: "The benchmark's round is deterministic: look at the call with debug_traceTransaction." },
      );
    }
    sent.transactions += 1;
    sent.gas += BigInt(receipt.gasUsed);
    sent.largest = Math.max(sent.largest, Number(receipt.gasUsed));
  }
}

/** A list in parts of at most `size` each. */
function parts<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size));
}
