import { AbiCoder, keccak256 } from "ethers";

/** What a commitment to predictions binds together, so that a copied hash proves nothing for another model. */
export interface Commitment {
  chainId: bigint;
  /** Address of the tournament. */
  tournament: string;
  roundId: bigint;
  modelId: bigint;
  /** 32 random bytes as hex, kept with the file: they keep others from testing guesses. */
  salt: string;
  /** SHA-256 of the prediction file, 32 bytes as hex. */
  fileSha256: string;
}

/** The `predictionsHash` to stake with: keccak256(abi.encode(chainid, tournament, roundId, modelId, salt, sha256)). */
export function predictionsHash(commitment: Commitment): string {
  return keccak256(
    AbiCoder.defaultAbiCoder().encode(
      ["uint256", "address", "uint256", "uint256", "bytes32", "bytes32"],
      [
        commitment.chainId,
        commitment.tournament,
        commitment.roundId,
        commitment.modelId,
        commitment.salt,
        commitment.fileSha256,
      ],
    ),
  );
}
