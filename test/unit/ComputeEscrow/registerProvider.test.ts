import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { addressOf } from "../../fixtures/address-of.js";
import { computeChannel, DAY, DELAY, HOUR, URI } from "../../fixtures/compute-channel.js";
import { networkHelpers } from "../../fixtures/deployed.js";

describe("ComputeEscrow.registerProvider", () => {
  it("registers the caller under the next number, and tells of it", async () => {
    const d = await networkHelpers.loadFixture(computeChannel);
    await expect(d.compute.connect(d.stranger).registerProvider("ipfs://other", d.payout, DAY))
      .to.emit(d.compute, "ProviderRegistered")
      .withArgs(2n, d.stranger, d.payout, DAY, "ipfs://other");
    expect(await d.compute.providerCount()).to.equal(2n);
    expect(await d.compute.providerOf(d.stranger)).to.equal(2n);
    expect(await d.compute.getProvider(2n)).to.deep.equal([d.stranger.address, DAY, d.payout.address, "ipfs://other"]);
  });

  it("leaves other providers as they are", async () => {
    const d = await networkHelpers.loadFixture(computeChannel);
    await d.compute.connect(d.stranger).registerProvider("ipfs://other", d.stranger, DAY);
    expect(await d.compute.getProvider(1n)).to.deep.equal([d.provider.address, DELAY, d.payout.address, URI]);
    expect(await d.compute.providerOf(d.provider)).to.equal(1n);
  });

  it("refuses an account that is a provider", async () => {
    const d = await networkHelpers.loadFixture(computeChannel);
    await expect(d.compute.connect(d.provider).registerProvider(URI, d.payout, DELAY))
      .to.be.revertedWithCustomError(d.compute, "AlreadyProvider")
      .withArgs(d.provider, 1n);
  });

  it("refuses to pay nobody, or the escrow", async () => {
    const d = await networkHelpers.loadFixture(computeChannel);
    for (const payout of [ZeroAddress, await addressOf(d.compute)]) {
      await expect(d.compute.connect(d.stranger).registerProvider(URI, payout, DELAY))
        .to.be.revertedWithCustomError(d.compute, "InvalidPayout")
        .withArgs(payout);
    }
  });

  it("takes a delay of an hour to 30 days, not a second less or more", async () => {
    const d = await networkHelpers.loadFixture(computeChannel);
    expect([await d.compute.MIN_WITHDRAW_DELAY(), await d.compute.MAX_WITHDRAW_DELAY()]).to.deep.equal([
      HOUR,
      30n * DAY,
    ]);
    for (const delay of [HOUR - 1n, 30n * DAY + 1n]) {
      await expect(d.compute.connect(d.stranger).registerProvider(URI, d.payout, delay))
        .to.be.revertedWithCustomError(d.compute, "InvalidWithdrawDelay")
        .withArgs(HOUR, 30n * DAY, delay);
    }
    await d.compute.connect(d.stranger).registerProvider(URI, d.payout, HOUR);
    await d.compute.connect(d.key).registerProvider(URI, d.payout, 30n * DAY);
    expect((await d.compute.getProvider(2n)).withdrawDelay).to.equal(HOUR);
    expect((await d.compute.getProvider(3n)).withdrawDelay).to.equal(30n * DAY);
  });
});
