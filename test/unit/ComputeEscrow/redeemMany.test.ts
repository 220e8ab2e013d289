import { expect } from "chai";
import { parseEther, type ContractTransactionResponse } from "ethers";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";

import {
  channelOf,
  computeChannel,
  DELAY,
  DEPOSIT,
  fundForCompute,
  now,
  ROOT,
  secondProvider,
  signed,
  type ComputeChannel,
  type SignedVoucher,
} from "../../fixtures/compute-channel.js";
import { ethers, networkHelpers } from "../../fixtures/deployed.js";

interface TwoUsers extends ComputeChannel {
  /** Has as much in a channel as the user. */
  second: HardhatEthersSigner;
}

async function twoUsers(): Promise<TwoUsers> {
  const d = await computeChannel();
  const second = d.others[5];
  if (second === undefined) throw new Error("too few accounts");
  await fundForCompute(d, second);
  await d.compute.connect(second).deposit(1n, DEPOSIT);
  return { ...d, second };
}

const ofUser = (d: TwoUsers, cumulative: bigint) => signed(d, { cumulative });
const ofSecond = (d: TwoUsers, cumulative: bigint) =>
  signed(d, { cumulative, user: d.second.address, signer: d.second });

const redeemMany = (d: TwoUsers, batch: SignedVoucher[]): Promise<ContractTransactionResponse> =>
  d.compute.connect(d.provider).redeemMany(
    batch.map(({ voucher }) => voucher),
    batch.map(({ signature }) => signature),
  );

describe("ComputeEscrow.redeemMany", () => {
  it("pays vouchers of several users together, and tells of each", async () => {
    const d = await networkHelpers.loadFixture(twoUsers);
    const redeeming = redeemMany(d, [await ofUser(d, 40n), await ofSecond(d, 7n)]);
    await expect(redeeming).to.changeTokenBalances(ethers, d.nmr, [d.compute, d.payout], [-47n, 47n]);
    await expect(redeeming).to.emit(d.compute, "VoucherRedeemed").withArgs(1n, d.user, 40n, 40n, 40n, ROOT);
    await expect(redeeming).to.emit(d.compute, "VoucherRedeemed").withArgs(1n, d.second, 7n, 7n, 7n, ROOT);
    expect((await channelOf(d)).claimed).to.equal(40n);
    expect((await d.compute.getChannel(1n, d.second)).claimed).to.equal(7n);
    const receipt = await (await redeeming).wait();
    expect(receipt?.logs.length, "two vouchers and one transfer").to.equal(3);
  });

  it("pays the provider that the vouchers name", async () => {
    const d = await networkHelpers.loadFixture(secondProvider);
    const { voucher, signature } = await signed(d, { providerId: 2n, cumulative: 40n });
    const redeeming = d.compute.redeemMany([voucher], [signature]);
    await expect(redeeming).to.changeTokenBalances(ethers, d.nmr, [d.payout, d.secondPayout], [0n, 40n]);
    await expect(redeeming).to.emit(d.compute, "VoucherRedeemed").withArgs(2n, d.user, 40n, 40n, 40n, ROOT);
  });

  it("says how much it pays", async () => {
    const d = await networkHelpers.loadFixture(twoUsers);
    const [a, b] = [await ofUser(d, 40n), await ofSecond(d, 7n)];
    expect(await d.compute.redeemMany.staticCall([a.voucher, b.voucher], [a.signature, b.signature])).to.equal(47n);
  });

  it("pays two vouchers of one user in order, and the later one alone when they are reversed", async () => {
    const d = await networkHelpers.loadFixture(twoUsers);
    const [early, late] = [await ofUser(d, 40n), await ofUser(d, 100n)];
    await expect(redeemMany(d, [early, late])).to.changeTokenBalance(ethers, d.nmr, d.payout, 100n);
    const other = await networkHelpers.loadFixture(twoUsers);
    const reversed = redeemMany(other, [late, early]);
    await expect(reversed).to.changeTokenBalance(ethers, d.nmr, d.payout, 100n);
    await expect(reversed)
      .to.emit(d.compute, "VoucherSkipped")
      .withArgs(1n, d.user, 40n, d.compute.interface.encodeErrorResult("NothingToClaim", [100n, 40n]));
  });

  it("is not held up by a user who redeems one of its vouchers first", async () => {
    const d = await networkHelpers.loadFixture(twoUsers);
    const batch = [await ofUser(d, 40n), await ofSecond(d, 7n)];
    const [{ voucher, signature } = await ofUser(d, 40n)] = batch;
    await d.compute.connect(d.user).redeem(voucher, signature);
    const redeeming = redeemMany(d, batch);
    await expect(redeeming).to.changeTokenBalance(ethers, d.nmr, d.payout, 7n);
    await expect(redeeming)
      .to.emit(d.compute, "VoucherSkipped")
      .withArgs(1n, d.user, 40n, d.compute.interface.encodeErrorResult("NothingToClaim", [40n, 40n]));
  });

  it("skips each voucher that cannot be paid, and says why", async () => {
    const d = await networkHelpers.loadFixture(twoUsers);
    await d.compute.connect(d.provider).refund(d.second, DEPOSIT);
    const validUntil = (await now()) - 1n;
    const until = (await now()) + 1_000n;
    await d.compute.connect(d.user).authorizeSigner(1n, d.key, 5n, until);
    const time = (await now()) + 10n;
    await networkHelpers.time.setNextBlockTimestamp(time);
    const redeeming = redeemMany(d, [
      await signed(d, { validUntil, cumulative: 1n }),
      await ofSecond(d, 2n),
      await signed(d, { cumulative: 3n, signer: d.stranger }),
      await signed(d, { cumulative: 6n, signer: d.key }),
      await ofUser(d, 40n),
    ]);
    await expect(redeeming).to.changeTokenBalance(ethers, d.nmr, d.payout, 40n);
    const { interface: abi } = d.compute;
    for (const [user, cumulative, reason] of [
      [d.user, 1n, abi.encodeErrorResult("VoucherExpired", [validUntil, time])],
      [d.second, 2n, abi.encodeErrorResult("ChannelEmpty", [1n, d.second.address])],
      [d.user, 3n, abi.encodeErrorResult("InvalidSignature", [d.user.address, d.stranger.address])],
      [d.user, 6n, abi.encodeErrorResult("SignerLimitExceeded", [d.key.address, 5n, 6n])],
    ] as const) {
      await expect(redeeming).to.emit(d.compute, "VoucherSkipped").withArgs(1n, user, cumulative, reason);
    }
  });

  it("sends a single wei", async () => {
    const d = await networkHelpers.loadFixture(twoUsers);
    await expect(redeemMany(d, [await ofUser(d, 1n)])).to.changeTokenBalance(ethers, d.nmr, d.payout, 1n);
  });

  it("sends nothing when nothing can be paid, for a provider that is not there as well", async () => {
    const d = await networkHelpers.loadFixture(twoUsers);
    const unknown = await signed(d, { providerId: 9n, cumulative: 1n });
    const redeeming = redeemMany(d, [unknown]);
    await expect(redeeming).to.emit(d.compute, "VoucherSkipped");
    const receipt = await (await redeeming).wait();
    expect(receipt?.logs.length, "no transfer").to.equal(1);
  });

  it("refuses vouchers for several providers", async () => {
    const d = await networkHelpers.loadFixture(twoUsers);
    await d.compute.connect(d.stranger).registerProvider("", d.stranger, DELAY);
    await d.compute.connect(d.user).deposit(2n, parseEther("1"));
    await expect(redeemMany(d, [await ofUser(d, 40n), await signed(d, { providerId: 2n, cumulative: 1n })]))
      .to.be.revertedWithCustomError(d.compute, "MixedProviders")
      .withArgs(1n, 2n);
  });

  it("refuses an empty batch, and one with too few or too many signatures", async () => {
    const d = await networkHelpers.loadFixture(twoUsers);
    const { voucher, signature } = await ofUser(d, 40n);
    for (const [vouchers, signatures] of [
      [[], []],
      [[], [signature]],
      [[voucher], []],
      [[voucher], [signature, signature]],
    ] as const) {
      await expect(d.compute.redeemMany([...vouchers], [...signatures]))
        .to.be.revertedWithCustomError(d.compute, "InvalidBatch")
        .withArgs(vouchers.length, signatures.length);
    }
  });
});
