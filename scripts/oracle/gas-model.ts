import { CHUNK } from "../../sdk/score-sheet.js";

const BEGIN_GAS = 150_000n;
const BEGIN_GAS_PER_URI_BYTE = 30n;
const POST_GAS = 200_000n;
const POST_GAS_PER_STAKE = 3_900n;
const APPROVE_GAS = 80_000n;

/** Gas of the transactions that resolve a round; upper estimates. */
export interface PlannedGas {
  begin: bigint;
  /** One a chunk. */
  post: bigint[];
  approve: bigint;
  total: bigint;
}

/**
 * Gas that resolving a round takes. A model, not the node's estimate: nodes differ, and a plan has the same bytes
 * wherever it is made; apply asks the node before it sends.
 * @param stakeCount Stakes in the round.
 * @param evidenceURI Where the evidence can be found: it is stored in an event.
 */
export function planGas(stakeCount: number, evidenceURI: string): PlannedGas {
  const begin = BEGIN_GAS + BEGIN_GAS_PER_URI_BYTE * BigInt(Buffer.byteLength(evidenceURI));
  const post: bigint[] = [];
  for (let first = 0; first < stakeCount; first += CHUNK) {
    post.push(POST_GAS + POST_GAS_PER_STAKE * BigInt(Math.min(CHUNK, stakeCount - first)));
  }
  const total = begin + post.reduce((sum, gas) => sum + gas, 0n) + APPROVE_GAS;
  return { begin, post, approve: APPROVE_GAS, total };
}
