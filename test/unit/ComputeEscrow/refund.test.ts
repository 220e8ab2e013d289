import { expect } from "chai";

import { channelOf, computeChannel, DAY, DELAY, DEPOSIT, now } from "../../fixtures/compute-channel.js";
import { ethers, networkHelpers } from "../../fixtures/deployed.js";

describe("ComputeEscrow.refund", () => {
  it("gives NMR back at once, and tells of it", async () => {
    const d = await networkHelpers.loadFixture(computeChannel);
    const refund = d.compute.connect(d.provider).refund(d.user, 30n);
    await expect(refund).to.emit(d.compute, "Refunded").withArgs(1n, d.user, 30n);
    await expect(refund).to.changeTokenBalances(ethers, d.nmr, [d.compute, d.user], [-30n, 30n]);
    expect(await channelOf(d)).to.include({ balance: DEPOSIT - 30n, refunded: 30n, deposited: DEPOSIT, claimed: 0n });
  });

  it("takes what is free, then what is being withdrawn, then what is reserved", async () => {
    const d = await networkHelpers.loadFixture(computeChannel);
    await d.compute.connect(d.user).startWithdrawal(1n, 30n);
    await d.compute.connect(d.user).reserve(1n, 20n, (await now()) + DAY);
    const left = async (amount: bigint) => {
      await d.compute.connect(d.provider).refund(d.user, amount);
      const { balance, pending, maturesAt, reserved, reservedUntil } = await channelOf(d);
      return { balance, pending, reserved, times: [maturesAt > 0n, reservedUntil > 0n] };
    };
    expect(await left(DEPOSIT - 50n)).to.deep.equal({ balance: 50n, pending: 30n, reserved: 20n, times: [true, true] });
    expect(await left(10n)).to.deep.equal({ balance: 40n, pending: 20n, reserved: 20n, times: [true, true] });
    expect(await left(25n)).to.deep.equal({ balance: 15n, pending: 0n, reserved: 15n, times: [false, true] });
    expect(await left(15n)).to.deep.equal({ balance: 0n, pending: 0n, reserved: 0n, times: [false, false] });
  });

  it("refuses more than the balance, and nothing", async () => {
    const d = await networkHelpers.loadFixture(computeChannel);
    await expect(d.compute.connect(d.provider).refund(d.user, DEPOSIT + 1n))
      .to.be.revertedWithCustomError(d.compute, "InsufficientBalance")
      .withArgs(DEPOSIT, DEPOSIT + 1n);
    await expect(d.compute.connect(d.provider).refund(d.user, 0n)).to.be.revertedWithCustomError(
      d.compute,
      "ZeroAmount",
    );
  });

  it("refuses who is no provider", async () => {
    const d = await networkHelpers.loadFixture(computeChannel);
    for (const caller of [d.user, d.payout, d.deployer]) {
      await expect(d.compute.connect(caller).refund(d.user, 1n))
        .to.be.revertedWithCustomError(d.compute, "NotProvider")
        .withArgs(caller);
    }
  });

  it("touches no channel with another provider", async () => {
    const d = await networkHelpers.loadFixture(computeChannel);
    await d.compute.connect(d.stranger).registerProvider("", d.stranger, DELAY);
    await expect(d.compute.connect(d.stranger).refund(d.user, 1n))
      .to.be.revertedWithCustomError(d.compute, "InsufficientBalance")
      .withArgs(0n, 1n);
  });
});
