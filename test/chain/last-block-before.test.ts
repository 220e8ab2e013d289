import { expect } from "chai";
import { network } from "hardhat";

import { lastBlockBefore } from "../../scripts/chain/last-block-before.js";
import { RpcFailure } from "../../scripts/chain/rpc-failure.js";
import { failure } from "../fixtures/failure.js";

describe("the last block before a time", () => {
  /** Blocks 1 to 12 in four seconds, three in each; the first second of them. */
  const threeASecond = async () => {
    const { ethers, networkHelpers } = await network.create({ override: { allowBlocksWithSameTimestamp: true } });
    const start = (await networkHelpers.time.latest()) + 100;
    for (let i = 0; i < 12; i += 1) {
      await networkHelpers.time.setNextBlockTimestamp(start + Math.floor(i / 3));
      await networkHelpers.mine(1);
    }
    return { provider: ethers.provider, start };
  };

  it("is found however many blocks share a second", async () => {
    const { provider, start } = await threeASecond();
    const found = async (time: number, newest = 12) => lastBlockBefore({ provider, fromBlock: 0 }, time, newest);
    const numbers = await Promise.all([0, 1, 2, 3].map(async (second) => (await found(start + second)).number));
    expect(numbers).to.deep.equal([0, 3, 6, 9]);
    expect((await found(start + 1)).hash).to.equal((await provider.getBlock(3))?.hash);
    expect((await found(start + 4)).number, "no block is after it").to.equal(12);
    expect((await found(start + 3, 5)).number, "the newest is before it").to.equal(5);
  });

  it("is not guessed where the node lacks a block", async () => {
    const { provider, start } = await threeASecond();
    const error = await failure(lastBlockBefore({ provider, fromBlock: 0 }, start + 9, 40));
    expect(error).to.be.instanceOf(RpcFailure);
    expect(error.message).to.match(/^chain: found no block \d+, expected it$/);
  });
});
