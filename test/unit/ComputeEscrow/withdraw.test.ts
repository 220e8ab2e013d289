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
import { ethers, networkHelpers } from "../../fixtures/deployed.js";

interface Withdrawing extends ComputeChannel {
  maturesAt: bigint;
}

/** The user began to withdraw all it has. */
async function withdrawing(): Promise<Withdrawing> {
  const d = await computeChannel();
  await d.compute.connect(d.user).startWithdrawal(1n, DEPOSIT);
  return { ...d, maturesAt: (await now()) + DELAY };
}

const withdraw = (d: ComputeChannel) => d.compute.connect(d.user).withdraw(1n);

describe("ComputeEscrow.withdraw", () => {
  it("pays what was announced, and tells of it", async () => {
    const d = await networkHelpers.loadFixture(withdrawing);
    await at(d.maturesAt);
    const withdrawal = withdraw(d);
    await expect(withdrawal).to.emit(d.compute, "Withdrawn").withArgs(1n, d.user, DEPOSIT);
    await expect(withdrawal).to.changeTokenBalances(ethers, d.nmr, [d.compute, d.user], [-DEPOSIT, DEPOSIT]);
    expect(await channelOf(d)).to.include({ balance: 0n, pending: 0n, withdrawn: DEPOSIT, deposited: DEPOSIT });
  });

  it("pays once", async () => {
    const d = await networkHelpers.loadFixture(withdrawing);
    await at(d.maturesAt);
    await withdraw(d);
    await expect(withdraw(d)).to.be.revertedWithCustomError(d.compute, "NoWithdrawal").withArgs(1n, d.user);
  });

  it("pays not a second before the delay is over", async () => {
    const d = await networkHelpers.loadFixture(withdrawing);
    await at(d.maturesAt - 1n);
    await expect(withdraw(d))
      .to.be.revertedWithCustomError(d.compute, "WithdrawalNotMature")
      .withArgs(d.maturesAt, d.maturesAt - 1n);
  });

  it("lapses 3 days after it matured, so that it is no standing exit", async () => {
    const d = await networkHelpers.loadFixture(withdrawing);
    await at(d.maturesAt + 3n * DAY);
    await withdraw(d);
    const late = await networkHelpers.loadFixture(withdrawing);
    await at(late.maturesAt + 3n * DAY + 1n);
    await expect(withdraw(late)).to.be.revertedWithCustomError(d.compute, "NoWithdrawal").withArgs(1n, d.user);
    await networkHelpers.mine();
    expect(await d.compute.available(1n, d.user)).to.equal(DEPOSIT);
  });

  it("pays nobody else's", async () => {
    const d = await networkHelpers.loadFixture(withdrawing);
    await at(d.maturesAt);
    await expect(d.compute.connect(d.stranger).withdraw(1n))
      .to.be.revertedWithCustomError(d.compute, "NoWithdrawal")
      .withArgs(1n, d.stranger);
  });

  describe("given a user who withdraws during a job", () => {
    it("lets the provider redeem out of it until it is paid", async () => {
      const d = await networkHelpers.loadFixture(withdrawing);
      await at(d.maturesAt);
      await redeem(d, { cumulative: DEPOSIT - 1n });
      expect(await channelOf(d)).to.include({ balance: 1n, pending: 1n, maturesAt: d.maturesAt });
      await expect(withdraw(d)).to.changeTokenBalance(ethers, d.nmr, d.user, 1n);
    });

    it("has nothing to withdraw once vouchers took everything", async () => {
      const d = await networkHelpers.loadFixture(withdrawing);
      await redeem(d, { cumulative: DEPOSIT });
      expect(await channelOf(d)).to.include({ balance: 0n, pending: 0n, maturesAt: 0n });
      await at(d.maturesAt);
      await expect(withdraw(d)).to.be.revertedWithCustomError(d.compute, "NoWithdrawal").withArgs(1n, d.user);
    });

    it("cannot take out what it deposits later by an older withdrawal", async () => {
      const d = await networkHelpers.loadFixture(withdrawing);
      await redeem(d, { cumulative: DEPOSIT - 1n });
      await d.compute.connect(d.user).deposit(1n, 50n);
      expect(await d.compute.available(1n, d.user)).to.equal(50n);
      await at(d.maturesAt);
      await expect(withdraw(d)).to.changeTokenBalance(ethers, d.nmr, d.user, 1n);
      expect((await channelOf(d)).balance).to.equal(50n);
    });
  });
});
