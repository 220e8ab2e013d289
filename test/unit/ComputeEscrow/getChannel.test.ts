import { expect } from "chai";

import { channelOf, computeChannel, DAY, DELAY, DEPOSIT, now, redeem } from "../../fixtures/compute-channel.js";
import { networkHelpers } from "../../fixtures/deployed.js";

describe("ComputeEscrow.getChannel", () => {
  it("adds up: deposited = balance + claimed + refunded + withdrawn", async () => {
    const d = await networkHelpers.loadFixture(computeChannel);
    const user = d.compute.connect(d.user);
    await redeem(d, { cumulative: 10n });
    await d.compute.connect(d.provider).refund(d.user, 20n);
    await user.startWithdrawal(1n, 30n);
    await networkHelpers.time.increase(DELAY);
    await user.withdraw(1n);
    await user.deposit(1n, 5n);
    const until = (await now()) + DAY;
    await user.reserve(1n, 40n, until);
    await user.startWithdrawal(1n, 50n);
    expect(await channelOf(d)).to.deep.equal({
      balance: DEPOSIT - 55n,
      claimed: 10n,
      reserved: 40n,
      reservedUntil: until,
      pending: 50n,
      maturesAt: (await now()) + DELAY,
      deposited: DEPOSIT + 5n,
      refunded: 20n,
      withdrawn: 30n,
    });
  });

  it("is all zero where nothing was deposited", async () => {
    const d = await networkHelpers.loadFixture(computeChannel);
    expect(await d.compute.getChannel(1n, d.stranger)).to.deep.equal(Array.from({ length: 9 }, () => 0n));
  });
});
