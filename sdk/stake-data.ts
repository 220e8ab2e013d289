import { AbiCoder } from "ethers";

/** What a transfer of NMR to the tournament stakes with; the amount is that of the transfer. */
export interface StakeData {
  roundId: bigint;
  modelId: bigint;
  /** NMR risked to win one ether, in wei. */
  confidence: bigint;
  /** Commitment to the predictions, 32 bytes as hex. */
  predictionsHash: string;
}

/**
 * The data of `nmr.transferAndCall(tournament, amount, data)` that stakes in one transaction, without an approval:
 * abi.encode(roundId, modelId, confidence, predictionsHash), 128 bytes as hex.
 * @throws {TypeError} when the hash is not 32 bytes or a number does not fit.
 */
export function stakeData({ roundId, modelId, confidence, predictionsHash }: StakeData): string {
  return AbiCoder.defaultAbiCoder().encode(
    ["uint256", "uint256", "uint96", "bytes32"],
    [roundId, modelId, confidence, predictionsHash],
  );
}
