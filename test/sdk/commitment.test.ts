import { expect } from "chai";
import { AbiCoder, keccak256, sha256, toUtf8Bytes } from "ethers";

import { predictionsHash } from "../../sdk/commitment.js";

describe("commitment", () => {
  const commitment = {
    chainId: 31337n,
    tournament: "0x00000000000000000000000000000000000000AA",
    roundId: 1n,
    modelId: 2n,
    salt: keccak256("0x01"),
    fileSha256: sha256(toUtf8Bytes("id,probability\n")),
  };

  it("is the hash that the specification names", () => {
    const words = AbiCoder.defaultAbiCoder().encode(
      ["uint256", "address", "uint256", "uint256", "bytes32", "bytes32"],
      [31337, commitment.tournament, 1, 2, commitment.salt, commitment.fileSha256],
    );
    expect(words.length).to.equal(2 + 6 * 64);
    expect(predictionsHash(commitment)).to.equal(keccak256(words));
  });

  it("proves nothing for another model, round, chain, tournament, salt or file", () => {
    const others = [
      { ...commitment, chainId: 1n },
      { ...commitment, tournament: "0x00000000000000000000000000000000000000ab" },
      { ...commitment, roundId: 2n },
      { ...commitment, modelId: 3n },
      { ...commitment, salt: keccak256("0x02") },
      { ...commitment, fileSha256: keccak256("0x03") },
    ];
    expect(new Set([commitment, ...others].map(predictionsHash)).size).to.equal(others.length + 1);
  });
});
