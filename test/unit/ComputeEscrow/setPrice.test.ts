import { expect } from "chai";
import { encodeBytes32String, ZeroAddress } from "ethers";

import { computeChannel } from "../../fixtures/compute-channel.js";
import { networkHelpers } from "../../fixtures/deployed.js";

const CPU = encodeBytes32String("cpu-second");
const MEMORY = encodeBytes32String("gib-second");

describe("ComputeEscrow.setPrice", () => {
  it("puts a unit on the list, changes its price and takes it off", async () => {
    const d = await networkHelpers.loadFixture(computeChannel);
    for (const price of [5n, 2n ** 96n - 1n, 0n]) {
      await expect(d.compute.connect(d.provider).setPrice(1n, CPU, price))
        .to.emit(d.compute, "PriceChanged")
        .withArgs(1n, CPU, price);
      expect(await d.compute.priceOf(1n, CPU)).to.equal(price);
    }
  });

  it("leaves other units and providers alone", async () => {
    const d = await networkHelpers.loadFixture(computeChannel);
    await d.compute.connect(d.stranger).registerProvider("", d.stranger, 3_600n);
    await d.compute.connect(d.provider).setPrice(1n, CPU, 5n);
    expect(await d.compute.priceOf(1n, MEMORY)).to.equal(0n);
    expect(await d.compute.priceOf(2n, CPU)).to.equal(0n);
  });

  it("refuses everybody but the provider's owner", async () => {
    const d = await networkHelpers.loadFixture(computeChannel);
    for (const caller of [d.payout, d.user, d.deployer]) {
      await expect(d.compute.connect(caller).setPrice(1n, CPU, 5n))
        .to.be.revertedWithCustomError(d.compute, "NotProviderOwner")
        .withArgs(1n, d.provider, caller);
    }
  });

  it("refuses a provider that is not there", async () => {
    const d = await networkHelpers.loadFixture(computeChannel);
    expect((await d.compute.getProvider(2n)).owner).to.equal(ZeroAddress);
    await expect(d.compute.connect(d.provider).setPrice(2n, CPU, 5n))
      .to.be.revertedWithCustomError(d.compute, "ProviderNotFound")
      .withArgs(2n);
  });
});
