import { expect } from "chai";

import { channelOf, computeChannel, DEPOSIT } from "../../fixtures/compute-channel.js";
import { ethers, networkHelpers } from "../../fixtures/deployed.js";

describe("ComputeEscrow.deposit", () => {
  it("moves NMR into the caller's channel, and tells of it", async () => {
    const d = await networkHelpers.loadFixture(computeChannel);
    const deposit = d.compute.connect(d.user).deposit(1n, 7n);
    await expect(deposit).to.emit(d.compute, "Deposited").withArgs(1n, d.user, 7n);
    await expect(deposit).to.changeTokenBalances(ethers, d.nmr, [d.user, d.compute], [-7n, 7n]);
    const { balance, deposited } = await channelOf(d);
    expect([balance, deposited]).to.deep.equal([DEPOSIT + 7n, DEPOSIT + 7n]);
    expect(await d.compute.available(1n, d.user)).to.equal(DEPOSIT + 7n);
  });

  it("keeps providers and users apart", async () => {
    const d = await networkHelpers.loadFixture(computeChannel);
    await d.compute.connect(d.stranger).registerProvider("", d.stranger, 3_600n);
    await d.compute.connect(d.user).deposit(2n, 7n);
    expect((await channelOf(d)).balance).to.equal(DEPOSIT);
    expect((await d.compute.getChannel(2n, d.user)).balance).to.equal(7n);
    expect((await d.compute.getChannel(1n, d.stranger)).balance).to.equal(0n);
  });

  it("refuses nothing at all", async () => {
    const d = await networkHelpers.loadFixture(computeChannel);
    await expect(d.compute.connect(d.user).deposit(1n, 0n)).to.be.revertedWithCustomError(d.compute, "ZeroAmount");
  });

  it("refuses a provider that is not there", async () => {
    const d = await networkHelpers.loadFixture(computeChannel);
    for (const providerId of [0n, 2n]) {
      await expect(d.compute.connect(d.user).deposit(providerId, 1n))
        .to.be.revertedWithCustomError(d.compute, "ProviderNotFound")
        .withArgs(providerId);
    }
  });

  it("refuses without an allowance, and without NMR", async () => {
    const d = await networkHelpers.loadFixture(computeChannel);
    await expect(d.compute.connect(d.stranger).deposit(1n, 1n))
      .to.be.revertedWithCustomError(d.nmr, "ERC20InsufficientAllowance")
      .withArgs(d.compute, 0n, 1n);
    await d.nmr.connect(d.stranger).approve(d.compute, 1n);
    await expect(d.compute.connect(d.stranger).deposit(1n, 1n))
      .to.be.revertedWithCustomError(d.nmr, "ERC20InsufficientBalance")
      .withArgs(d.stranger, 0n, 1n);
  });
});
