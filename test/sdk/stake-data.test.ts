import { expect } from "chai";
import { ZeroHash, dataLength, id, parseEther } from "ethers";

import { stakeData } from "../../sdk/stake-data.js";

describe("stakeData", () => {
  const stake = { roundId: 3n, modelId: 7n, confidence: parseEther("2"), predictionsHash: id("predictions") };

  it("is four words in the tournament's order", () => {
    const data = stakeData(stake);
    expect(dataLength(data)).to.equal(128);
    const words = Array.from({ length: 4 }, (_, i) => `0x${data.slice(2 + 64 * i, 2 + 64 * (i + 1))}`);
    expect(words.slice(0, 3).map(BigInt)).to.deep.equal([3n, 7n, parseEther("2")]);
    expect(words[3]).to.equal(stake.predictionsHash);
  });

  it("refuses a confidence above 96 bits and a hash that is not 32 bytes", () => {
    expect(() => stakeData({ ...stake, confidence: 2n ** 96n })).to.throw(TypeError);
    expect(() => stakeData({ ...stake, predictionsHash: ZeroHash.slice(0, -2) })).to.throw(TypeError);
  });
});
