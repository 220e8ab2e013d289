import { expect } from "chai";

import { channelOf, computeChannel, DAY, DELAY, DEPOSIT, now, redeem } from "../../fixtures/compute-channel.js";
import { networkHelpers } from "../../fixtures/deployed.js";

describe("ComputeEscrow.available", () => {
  it("is the balance without what is being withdrawn, matured or not", async () => {
    const d = await networkHelpers.loadFixture(computeChannel);
    const available = () => d.compute.available(1n, d.user);
    expect(await available()).to.equal(DEPOSIT);
    await d.compute.connect(d.user).startWithdrawal(1n, 30n);
    expect(await available()).to.equal(DEPOSIT - 30n);
    const lapsesAt = (await now()) + DELAY + 3n * DAY;
    await networkHelpers.time.increaseTo(lapsesAt);
    expect(await available()).to.equal(DEPOSIT - 30n);
    await networkHelpers.time.increaseTo(lapsesAt + 1n);
    expect(await available()).to.equal(DEPOSIT);
    expect(await channelOf(d)).to.include({ pending: 0n, maturesAt: 0n });
  });

  it("falls with what is redeemed", async () => {
    const d = await networkHelpers.loadFixture(computeChannel);
    await redeem(d, { cumulative: 40n });
    expect(await d.compute.available(1n, d.user)).to.equal(DEPOSIT - 40n);
  });

  it("is zero where nothing was deposited", async () => {
    const d = await networkHelpers.loadFixture(computeChannel);
    expect(await d.compute.available(1n, d.stranger)).to.equal(0n);
    expect(await d.compute.available(2n, d.user)).to.equal(0n);
  });
});
