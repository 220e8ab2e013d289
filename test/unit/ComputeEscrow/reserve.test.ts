import { expect } from "chai";

import { at } from "../../fixtures/at.js";
import {
  channelOf,
  computeChannel,
  DAY,
  DELAY,
  DEPOSIT,
  now,
  redeem,
  type ComputeChannel,
} from "../../fixtures/compute-channel.js";
import { networkHelpers } from "../../fixtures/deployed.js";

const AMOUNT = 60n;

interface Reserved extends ComputeChannel {
  until: bigint;
}

/** 60 wei are reserved for a day. */
async function reserved(): Promise<Reserved> {
  const d = await computeChannel();
  const until = (await now()) + DAY;
  await d.compute.connect(d.user).reserve(1n, AMOUNT, until);
  return { ...d, until };
}

const reserve = (d: ComputeChannel, amount: bigint, until: bigint) =>
  d.compute.connect(d.user).reserve(1n, amount, until);

describe("ComputeEscrow.reserve", () => {
  it("locks a part of the balance, and tells of it", async () => {
    const d = await networkHelpers.loadFixture(computeChannel);
    const until = (await now()) + DAY;
    await expect(reserve(d, AMOUNT, until))
      .to.emit(d.compute, "Reserved")
      .withArgs(1n, d.user, AMOUNT, until);
    const channel = await channelOf(d);
    expect([channel.reserved, channel.reservedUntil, channel.balance]).to.deep.equal([AMOUNT, until, DEPOSIT]);
    expect(await d.compute.available(1n, d.user)).to.equal(DEPOSIT);
  });

  it("keeps it from being withdrawn to its last second, and not longer", async () => {
    const d = await networkHelpers.loadFixture(reserved);
    const start = (amount: bigint) => d.compute.connect(d.user).startWithdrawal(1n, amount);
    await at(d.until);
    await expect(start(DEPOSIT - AMOUNT + 1n))
      .to.be.revertedWithCustomError(d.compute, "InsufficientBalance")
      .withArgs(DEPOSIT - AMOUNT, DEPOSIT - AMOUNT + 1n);
    await at(d.until + 1n);
    await start(DEPOSIT);
    expect(await channelOf(d)).to.include({ reserved: 0n, reservedUntil: 0n, pending: DEPOSIT });
  });

  it("reads as zero once it ran out", async () => {
    const d = await networkHelpers.loadFixture(reserved);
    await networkHelpers.time.increaseTo(d.until + 1n);
    const channel = await channelOf(d);
    expect([channel.reserved, channel.reservedUntil]).to.deep.equal([0n, 0n]);
  });

  it("rises in amount, time, or both, and falls in neither", async () => {
    const d = await networkHelpers.loadFixture(reserved);
    for (const [amount, until] of [
      [AMOUNT - 1n, d.until + 1n],
      [AMOUNT + 1n, d.until - 1n],
      [AMOUNT, d.until],
    ] as const) {
      await expect(reserve(d, amount, until))
        .to.be.revertedWithCustomError(d.compute, "MayOnlyRise")
        .withArgs(AMOUNT, d.until, amount, until);
    }
    await reserve(d, AMOUNT + 1n, d.until);
    await reserve(d, AMOUNT + 1n, d.until + 1n);
    const channel = await channelOf(d);
    expect([channel.reserved, channel.reservedUntil]).to.deep.equal([AMOUNT + 1n, d.until + 1n]);
  });

  it("begins anew, smaller and shorter, once it ran out or was used up", async () => {
    const d = await networkHelpers.loadFixture(reserved);
    await redeem(d, { cumulative: AMOUNT });
    await reserve(d, 1n, d.until - 1n);
    expect((await channelOf(d)).reserved).to.equal(1n);
    await at(d.until);
    await reserve(d, 1n, d.until + 1n);
    expect((await channelOf(d)).reservedUntil).to.equal(d.until + 1n);
  });

  it("reserves the whole balance but for what is being withdrawn, and not a wei more", async () => {
    const d = await networkHelpers.loadFixture(computeChannel);
    await d.compute.connect(d.user).startWithdrawal(1n, 30n);
    const until = (await now()) + DAY;
    await expect(reserve(d, DEPOSIT - 29n, until))
      .to.be.revertedWithCustomError(d.compute, "InsufficientBalance")
      .withArgs(DEPOSIT - 30n, DEPOSIT - 29n);
    await reserve(d, DEPOSIT - 30n, until);
    expect((await channelOf(d)).reserved).to.equal(DEPOSIT - 30n);
  });

  it("lasts 30 days at most, and refuses a time that does not lie ahead", async () => {
    const d = await networkHelpers.loadFixture(computeChannel);
    const second = (await now()) + 10n;
    for (const [i, until] of [second + 30n * DAY + 1n, second + 1n].entries()) {
      await at(second + BigInt(i));
      await expect(reserve(d, 1n, until))
        .to.be.revertedWithCustomError(d.compute, "InvalidTime")
        .withArgs(second + BigInt(i) + 1n, second + BigInt(i) + 30n * DAY, until);
    }
    await at(second + 2n);
    await reserve(d, 1n, second + 2n + 30n * DAY);
  });

  it("refuses nothing at all, and an empty channel", async () => {
    const d = await networkHelpers.loadFixture(computeChannel);
    const until = (await now()) + DAY;
    await expect(reserve(d, 0n, until)).to.be.revertedWithCustomError(d.compute, "ZeroAmount");
    await expect(d.compute.connect(d.stranger).reserve(1n, 1n, until))
      .to.be.revertedWithCustomError(d.compute, "InsufficientBalance")
      .withArgs(0n, 1n);
  });

  it("does not stand in the way of a withdrawal that was on its way", async () => {
    const d = await networkHelpers.loadFixture(computeChannel);
    await d.compute.connect(d.user).startWithdrawal(1n, 30n);
    await reserve(d, DEPOSIT - 30n, (await now()) + DAY);
    await networkHelpers.time.increase(DELAY);
    await d.compute.connect(d.user).withdraw(1n);
    expect(await channelOf(d)).to.include({ balance: DEPOSIT - 30n, reserved: DEPOSIT - 30n });
  });
});
