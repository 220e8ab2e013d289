import { expect } from "chai";

import { channelOf, computeChannel, DAY, DELAY, DEPOSIT } from "../../fixtures/compute-channel.js";
import { networkHelpers } from "../../fixtures/deployed.js";

describe("ComputeEscrow.cancelWithdrawal", () => {
  it("gives the withdrawal up, and tells of it", async () => {
    const d = await networkHelpers.loadFixture(computeChannel);
    await d.compute.connect(d.user).startWithdrawal(1n, 30n);
    await expect(d.compute.connect(d.user).cancelWithdrawal(1n))
      .to.emit(d.compute, "WithdrawalCancelled")
      .withArgs(1n, d.user, 30n);
    expect(await channelOf(d)).to.include({ balance: DEPOSIT, pending: 0n, maturesAt: 0n });
    expect(await d.compute.available(1n, d.user)).to.equal(DEPOSIT);
  });

  it("leaves nothing to withdraw", async () => {
    const d = await networkHelpers.loadFixture(computeChannel);
    await d.compute.connect(d.user).startWithdrawal(1n, 30n);
    await d.compute.connect(d.user).cancelWithdrawal(1n);
    await networkHelpers.time.increase(DELAY);
    await expect(d.compute.connect(d.user).withdraw(1n))
      .to.be.revertedWithCustomError(d.compute, "NoWithdrawal")
      .withArgs(1n, d.user);
  });

  it("refuses when nothing is on its way, or it lapsed", async () => {
    const d = await networkHelpers.loadFixture(computeChannel);
    const cancel = () => d.compute.connect(d.user).cancelWithdrawal(1n);
    await expect(cancel()).to.be.revertedWithCustomError(d.compute, "NoWithdrawal").withArgs(1n, d.user);
    await d.compute.connect(d.user).startWithdrawal(1n, 30n);
    await networkHelpers.time.increase(DELAY + 3n * DAY + 1n);
    await expect(cancel()).to.be.revertedWithCustomError(d.compute, "NoWithdrawal").withArgs(1n, d.user);
  });

  it("cancels nobody else's", async () => {
    const d = await networkHelpers.loadFixture(computeChannel);
    await d.compute.connect(d.user).startWithdrawal(1n, 30n);
    for (const caller of [d.provider, d.stranger]) {
      await expect(d.compute.connect(caller).cancelWithdrawal(1n))
        .to.be.revertedWithCustomError(d.compute, "NoWithdrawal")
        .withArgs(1n, caller);
    }
  });
});
