import { expect } from "chai";

import { at } from "../../fixtures/at.js";
import {
  channelOf,
  computeChannel,
  DAY,
  DELAY,
  DEPOSIT,
  now,
  SECOND_DELAY,
  secondProvider,
} from "../../fixtures/compute-channel.js";
import { networkHelpers } from "../../fixtures/deployed.js";

describe("ComputeEscrow.startWithdrawal", () => {
  it("announces a withdrawal, and tells when it matures", async () => {
    const d = await networkHelpers.loadFixture(computeChannel);
    const second = (await now()) + 10n;
    await at(second);
    await expect(d.compute.connect(d.user).startWithdrawal(1n, 30n))
      .to.emit(d.compute, "WithdrawalStarted")
      .withArgs(1n, d.user, 30n, second + DELAY);
    expect(await channelOf(d)).to.include({ balance: DEPOSIT, pending: 30n, maturesAt: second + DELAY });
  });

  it("matures by the delay of the provider it is from", async () => {
    const d = await networkHelpers.loadFixture(secondProvider);
    await d.compute.connect(d.user).startWithdrawal(2n, 30n);
    const { maturesAt, pending } = await d.compute.getChannel(2n, d.user);
    expect([maturesAt, pending]).to.deep.equal([(await now()) + SECOND_DELAY, 30n]);
    expect((await channelOf(d)).pending).to.equal(0n);
  });

  it("takes it off what providers extend credit on, at once", async () => {
    const d = await networkHelpers.loadFixture(computeChannel);
    await d.compute.connect(d.user).startWithdrawal(1n, DEPOSIT);
    expect(await d.compute.available(1n, d.user)).to.equal(0n);
  });

  it("refuses another one until it is paid, cancelled or lapsed", async () => {
    const d = await networkHelpers.loadFixture(computeChannel);
    const start = () => d.compute.connect(d.user).startWithdrawal(1n, 30n);
    await start();
    const maturesAt = (await now()) + DELAY;
    await at(maturesAt + 3n * DAY);
    await expect(start()).to.be.revertedWithCustomError(d.compute, "WithdrawalPending").withArgs(30n, maturesAt);
    await at(maturesAt + 3n * DAY + 1n);
    await start();
    await d.compute.connect(d.user).cancelWithdrawal(1n);
    await start();
    await networkHelpers.time.increase(DELAY);
    await d.compute.connect(d.user).withdraw(1n);
    await start();
    expect((await channelOf(d)).pending).to.equal(30n);
  });

  it("refuses nothing, and more than the balance", async () => {
    const d = await networkHelpers.loadFixture(computeChannel);
    await expect(d.compute.connect(d.user).startWithdrawal(1n, 0n)).to.be.revertedWithCustomError(
      d.compute,
      "ZeroAmount",
    );
    await expect(d.compute.connect(d.user).startWithdrawal(1n, DEPOSIT + 1n))
      .to.be.revertedWithCustomError(d.compute, "InsufficientBalance")
      .withArgs(DEPOSIT, DEPOSIT + 1n);
    await expect(d.compute.connect(d.stranger).startWithdrawal(1n, 1n))
      .to.be.revertedWithCustomError(d.compute, "InsufficientBalance")
      .withArgs(0n, 1n);
  });
});
