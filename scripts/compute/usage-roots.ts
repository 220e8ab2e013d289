import { setImmediate } from "node:timers/promises";

import { AbiCoder, concat, getBytes, hexlify, keccak256, ZeroHash } from "ethers";

import { LEAF, type UsageLine } from "./usage-log.js";

/** Hashes between two pauses for everything else that the process has to do. */
const SLICE = 100;

/** Gives {@link usageRoot} of growing logs without hashing lines again, and without keeping the process from its work. */
export interface UsageRoots {
  /**
   * @param user Whose log it is.
   * @param lines The user's log, of which only the end ever changes.
   * @param count Lines that the root is of: the first so many.
   */
  of(user: string, lines: readonly UsageLine[], count: number): Promise<string>;
}

export function usageRoots(): UsageRoots {
  const hashed = new Map<string, Uint8Array[]>();
  return {
    of: async (user, lines, count) => {
      const leaves = hashed.get(user) ?? [];
      hashed.set(user, leaves);
      while (leaves.length < Math.min(count, lines.length)) {
        // Two calls at once go on with each other's work: no line is hashed twice.
        const line = lines[leaves.length];
        if (line !== undefined) leaves.push(leafOf(line));
        if (leaves.length % SLICE === 0) await setImmediate();
      }
      return rootOf(leaves.slice(0, count));
    },
  };
}

function leafOf({ jobId, index, cpuMicros, byteMillis, cost }: UsageLine): Uint8Array {
  const encoded = AbiCoder.defaultAbiCoder().encode(LEAF, [jobId, index, cpuMicros, byteMillis, cost]);
  return getBytes(keccak256(keccak256(encoded)));
}

/** As OpenZeppelin's trees are: leaves in order from the end, each node the hash of its two children in order. */
async function rootOf(leaves: readonly Uint8Array[]): Promise<string> {
  if (leaves.length === 0) return ZeroHash;
  const nodes = [...leaves].sort((a, b) => Buffer.compare(b, a));
  // Nodes are made from the last pair on, and stand before the leaves: the list is filled from its end.
  const tree: Uint8Array[] = new Array<Uint8Array>(leaves.length - 1).concat(nodes);
  for (let i = leaves.length - 2; i >= 0; i -= 1) {
    const [left, right] = [tree[2 * i + 1], tree[2 * i + 2]] as [Uint8Array, Uint8Array];
    tree[i] = getBytes(keccak256(concat(Buffer.compare(left, right) < 0 ? [left, right] : [right, left])));
    if (i % SLICE === 0) await setImmediate();
  }
  return hexlify(tree[0] ?? ZeroHash);
}
