import { solidityPackedKeccak256 } from "ethers";

import type { StakeState } from "./round-state.js";

/** Fingerprint of a round's stakes in index order: a plan holds for these and no others. */
export function stakesHash(stakes: readonly StakeState[]): string {
  const types = stakes.flatMap(() => ["uint40", "uint96", "uint96"]);
  const values = stakes.flatMap(({ modelId, amount, confidence }) => [modelId, amount, confidence]);
  return solidityPackedKeccak256(types, values);
}
