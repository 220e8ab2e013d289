import { keccak256, concat } from "ethers";

/** A Merkle tree over keccak-256 with commutative nodes, as OpenZeppelin's MerkleProof verifies it. */
export interface MerkleTree {
  root: string;
  /** Siblings on the way from a leaf to the root. */
  proof(leaf: string): string[];
  /** One proof for many leaves, which `leaves` names in the order that the contract must get them. */
  multiProof(leaves: readonly string[]): { leaves: string[]; proof: string[]; flags: boolean[] };
}

/**
 * Builds a complete binary tree in one array: the root first, the children of node i at 2i + 1 and 2i + 2.
 * @param leaves Hashes of 32 bytes, all different; at least one.
 */
export function merkleTree(leaves: readonly string[]): MerkleTree {
  if (leaves.length === 0) throw new RangeError("merkle tree: found no leaf, expected at least one");
  const sorted = [...leaves].sort();
  const first = sorted.length - 1;
  const nodes = new Array<string>(first).concat(sorted);
  for (let i = first - 1; i >= 0; i -= 1) nodes[i] = parentOf(at(nodes, 2 * i + 1), at(nodes, 2 * i + 2));
  const places = new Map(sorted.map((leaf, i) => [leaf, first + i]));
  const placeOf = (leaf: string): number => {
    const place = places.get(leaf);
    if (place === undefined) throw new RangeError(`merkle tree: found leaf ${leaf}, expected one of the tree's`);
    return place;
  };
  return {
    root: at(nodes, 0),
    proof: (leaf) => {
      const proof: string[] = [];
      for (let i = placeOf(leaf); i > 0; i = Math.floor((i - 1) / 2)) proof.push(at(nodes, siblingOf(i)));
      return proof;
    },
    multiProof: (wanted) => multiProof(nodes, [...new Set(wanted.map(placeOf))]),
  };
}

/** Walks up from the deepest places: each node's sibling is among what is known, or goes into the proof. */
function multiProof(nodes: readonly string[], places: readonly number[]): ReturnType<MerkleTree["multiProof"]> {
  const known = [...places].sort((a, b) => b - a);
  const leaves = known.map((place) => at(nodes, place));
  const proof: string[] = [];
  const flags: boolean[] = [];
  for (let next = 0; next < known.length; next += 1) {
    const place = known[next] ?? 0;
    if (place === 0) break;
    const isKnown = known[next + 1] === siblingOf(place);
    flags.push(isKnown);
    if (isKnown) next += 1;
    else proof.push(at(nodes, siblingOf(place)));
    known.push(Math.floor((place - 1) / 2));
  }
  return { leaves, proof, flags };
}

function siblingOf(place: number): number {
  return place % 2 === 1 ? place + 1 : place - 1;
}

function parentOf(a: string, b: string): string {
  return keccak256(a < b ? concat([a, b]) : concat([b, a]));
}

function at(nodes: readonly string[], place: number): string {
  const node = nodes[place];
  if (node === undefined) throw new RangeError(`merkle tree: found no node at ${place}`);
  return node;
}
