import { keccak256 } from "ethers";

import type { StakeState } from "./round-state.js";

/** Fingerprint of a round's stakes in index order, each packed as in storage: a plan holds for these and no others. */
export function stakesHash(stakes: readonly StakeState[]): string {
  const hex = (value: bigint, bytes: number) => value.toString(16).padStart(bytes * 2, "0");
  const packed = stakes.map(
    ({ modelId, amount, confidence }) => hex(modelId, 5) + hex(amount, 12) + hex(confidence, 12),
  );
  return keccak256(`0x${packed.join("")}`);
}
