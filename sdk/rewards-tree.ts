import { SimpleMerkleTree } from "@openzeppelin/merkle-tree";
import { keccak256 } from "ethers";

import { NumeraireError } from "./numeraire-error.js";

/** What each account has ever earned, in wei of NMR; accounts with their checksum. */
export type Earned = ReadonlyMap<string, bigint>;

/** What `WeeklyRewards.claimMany` takes, leaves in the order that the proof needs. */
export interface RewardsBatch {
  accounts: string[];
  /** Wei of NMR. */
  cumulatives: bigint[];
  proof: string[];
  proofFlags: boolean[];
}

/** The tree of a week of rewards. */
export interface RewardsTree {
  root: string;
  /** @throws {NumeraireError} when the account is not in the tree. */
  proofOf(account: string): string[];
  /** @throws {NumeraireError} when an account is not in the tree. */
  batchOf(accounts: readonly string[]): RewardsBatch;
}

/**
 * The tree of what accounts have ever earned: the same as OpenZeppelin's `StandardMerkleTree` of
 * `["address","uint256"]`, in half the time.
 * @param earned At least one account.
 * @throws {NumeraireError} for no account.
 */
export function rewardsTree(earned: Earned): RewardsTree {
  if (earned.size === 0) {
    throw new NumeraireError("rewards tree: found no account, expected at least one", {
      hint: "A week needs an account that has earned something.",
    });
  }
  const leafOf = new Map([...earned].map(([account, cumulative]) => [account, rewardsLeaf(account, cumulative)]));
  const tree = SimpleMerkleTree.of([...leafOf.values()].sort(), { sortLeaves: false, nodeHash });
  const accountOf = new Map([...leafOf].map(([account, leaf]) => [leaf, account]));
  const find = (account: string): string => {
    const leaf = leafOf.get(account);
    if (leaf !== undefined) return leaf;
    throw new NumeraireError(`rewards tree: found no leaf of ${account}`, {
      hint: "The account has earned nothing so far; is the address right?",
    });
  };
  return {
    root: tree.root,
    proofOf: (account) => tree.getProof(find(account)),
    batchOf: (wanted) => {
      const { leaves, proof, proofFlags } = tree.getMultiProof([...new Set(wanted)].map(find));
      const accounts = leaves.flatMap((leaf) => accountOf.get(hexOf(leaf)) ?? []);
      return { accounts, cumulatives: accounts.flatMap((account) => earned.get(account) ?? []), proof, proofFlags };
    },
  };
}

/**
 * The leaf of an account: keccak256(keccak256(abi.encode(account, cumulative))).
 * @param cumulative All that the account ever earned, in wei.
 */
export function rewardsLeaf(account: string, cumulative: bigint): string {
  const words = account.slice(2).padStart(64, "0") + cumulative.toString(16).padStart(64, "0");
  return keccak256(keccak256(Buffer.from(words, "hex")));
}

type Node = string | ArrayLike<number>;

/** Children in the order of their values, so that a proof need not say which is left. */
function nodeHash(a: Node, b: Node): string {
  const [left, right] = [hexOf(a), hexOf(b)];
  const pair = left < right ? left.slice(2) + right.slice(2) : right.slice(2) + left.slice(2);
  return keccak256(Buffer.from(pair, "hex"));
}

function hexOf(node: Node): string {
  return typeof node === "string" ? node : `0x${Buffer.from(Uint8Array.from(node)).toString("hex")}`;
}
