import { expect } from "chai";
import { hexlify, randomBytes, Signature, ZeroAddress, ZeroHash } from "ethers";

import { signVoucher } from "../../../sdk/usage-voucher.js";
import { ComputeEscrow__factory } from "../../../typechain-types/index.js";
import { addressOf } from "../../fixtures/address-of.js";
import { at } from "../../fixtures/at.js";
import {
  channelOf,
  computeChannel,
  DAY,
  DELAY,
  DEPOSIT,
  domainOf,
  now,
  redeem,
  ROOT,
  signed,
  voucherOf,
  type ComputeChannel,
} from "../../fixtures/compute-channel.js";
import { ethers, networkHelpers } from "../../fixtures/deployed.js";

/** The user's key may sign up to 50 wei for a day. */
async function withKey(): Promise<ComputeChannel> {
  const d = await computeChannel();
  await d.compute.connect(d.user).authorizeSigner(1n, d.key, 50n, (await now()) + DAY);
  return d;
}

describe("ComputeEscrow.redeem", () => {
  describe("given a voucher of the user", () => {
    it("pays the provider's payout account, and tells of it", async () => {
      const d = await networkHelpers.loadFixture(computeChannel);
      const redeeming = redeem(d, { cumulative: 40n });
      await expect(redeeming).to.emit(d.compute, "VoucherRedeemed").withArgs(1n, d.user, 40n, 40n, 40n, ROOT);
      await expect(redeeming).to.changeTokenBalances(
        ethers,
        d.nmr,
        [d.compute, d.payout, d.provider, d.user],
        [-40n, 40n, 0n, 0n],
      );
      expect(await channelOf(d)).to.include({ balance: DEPOSIT - 40n, claimed: 40n, deposited: DEPOSIT });
    });

    it("pays what a later voucher promises beyond what was paid", async () => {
      const d = await networkHelpers.loadFixture(computeChannel);
      await redeem(d, { cumulative: 40n });
      const redeeming = redeem(d, { cumulative: 100n });
      await expect(redeeming).to.emit(d.compute, "VoucherRedeemed").withArgs(1n, d.user, 60n, 100n, 100n, ROOT);
      await expect(redeeming).to.changeTokenBalance(ethers, d.nmr, d.payout, 60n);
    });

    it("says how much it pays", async () => {
      const d = await networkHelpers.loadFixture(computeChannel);
      const { voucher, signature } = await signed(d, { cumulative: 40n });
      expect(await d.compute.redeem.staticCall(voucher, signature)).to.equal(40n);
    });

    it("may be sent by anybody: the provider is paid", async () => {
      const d = await networkHelpers.loadFixture(computeChannel);
      await expect(redeem(d, { cumulative: 40n, by: d.stranger })).to.changeTokenBalances(
        ethers,
        d.nmr,
        [d.payout, d.stranger],
        [40n, 0n],
      );
    });
  });

  describe("given a balance that is short", () => {
    it("pays what is there, and the rest after another deposit", async () => {
      const d = await networkHelpers.loadFixture(computeChannel);
      const { voucher, signature } = await signed(d, { cumulative: DEPOSIT + 10n });
      const compute = d.compute.connect(d.provider);
      await expect(compute.redeem(voucher, signature))
        .to.emit(compute, "VoucherRedeemed")
        .withArgs(1n, d.user, DEPOSIT, DEPOSIT, DEPOSIT + 10n, ROOT);
      await expect(compute.redeem(voucher, signature))
        .to.be.revertedWithCustomError(compute, "ChannelEmpty")
        .withArgs(1n, d.user);
      await d.compute.connect(d.user).deposit(1n, 25n);
      await expect(compute.redeem(voucher, signature)).to.changeTokenBalance(ethers, d.nmr, d.payout, 10n);
      expect(await channelOf(d)).to.include({ balance: 15n, claimed: DEPOSIT + 10n });
    });

    it("takes dust without letting it stand in the way of the rest", async () => {
      const d = await networkHelpers.loadFixture(computeChannel);
      await d.compute.connect(d.provider).refund(d.user, DEPOSIT - 1n);
      await redeem(d, { cumulative: 40n });
      await d.compute.connect(d.user).deposit(1n, 1n);
      await redeem(d, { cumulative: 40n });
      await d.compute.connect(d.user).deposit(1n, 100n);
      await expect(redeem(d, { cumulative: 40n })).to.changeTokenBalance(ethers, d.nmr, d.payout, 38n);
    });
  });

  describe("given a reservation and a withdrawal", () => {
    it("uses the reservation first, and leaves the withdrawal what is left", async () => {
      const d = await networkHelpers.loadFixture(computeChannel);
      const user = d.compute.connect(d.user);
      await user.startWithdrawal(1n, DEPOSIT - 60n);
      const maturesAt = (await now()) + DELAY;
      const until = (await now()) + DAY;
      await user.reserve(1n, 50n, until);
      await redeem(d, { cumulative: 20n });
      expect(await channelOf(d)).to.include({
        reserved: 30n,
        reservedUntil: until,
        pending: DEPOSIT - 60n,
        maturesAt,
      });
      await redeem(d, { cumulative: 50n });
      expect(await channelOf(d)).to.include({ reserved: 0n, reservedUntil: 0n, pending: DEPOSIT - 60n });
      await redeem(d, { cumulative: 61n });
      expect(await channelOf(d)).to.include({ balance: DEPOSIT - 61n, pending: DEPOSIT - 61n, maturesAt });
    });

    it("uses free balance only once the reservation is used up", async () => {
      const d = await networkHelpers.loadFixture(computeChannel);
      await d.compute.connect(d.user).reserve(1n, 50n, (await now()) + DAY);
      await redeem(d, { cumulative: 51n });
      expect(await channelOf(d)).to.include({ balance: DEPOSIT - 51n, reserved: 0n });
    });
  });

  describe("given a voucher that was paid", () => {
    it("refuses it again", async () => {
      const d = await networkHelpers.loadFixture(computeChannel);
      const { voucher, signature } = await signed(d, { cumulative: 40n });
      await d.compute.redeem(voucher, signature);
      await expect(d.compute.redeem(voucher, signature))
        .to.be.revertedWithCustomError(d.compute, "NothingToClaim")
        .withArgs(40n, 40n);
    });

    it("refuses an earlier one after a later one", async () => {
      const d = await networkHelpers.loadFixture(computeChannel);
      const early = await signed(d, { cumulative: 40n });
      await redeem(d, { cumulative: 41n });
      await expect(d.compute.redeem(early.voucher, early.signature))
        .to.be.revertedWithCustomError(d.compute, "NothingToClaim")
        .withArgs(41n, 40n);
    });

    it("refuses a promise of nothing", async () => {
      const d = await networkHelpers.loadFixture(computeChannel);
      await expect(redeem(d, { cumulative: 0n }))
        .to.be.revertedWithCustomError(d.compute, "NothingToClaim")
        .withArgs(0n, 0n);
    });

    it("is not revived by money that came back", async () => {
      const d = await networkHelpers.loadFixture(computeChannel);
      const { voucher, signature } = await signed(d, { cumulative: 40n });
      await d.compute.redeem(voucher, signature);
      await d.compute.connect(d.provider).refund(d.user, DEPOSIT - 40n);
      await d.compute.connect(d.user).deposit(1n, DEPOSIT);
      await expect(d.compute.redeem(voucher, signature)).to.be.revertedWithCustomError(d.compute, "NothingToClaim");
    });
  });

  it("pays in the voucher's last second, and not in the next", async () => {
    const d = await networkHelpers.loadFixture(computeChannel);
    const validUntil = (await now()) + 100n;
    const { voucher, signature } = await signed(d, { cumulative: 40n, validUntil });
    await at(validUntil + 1n);
    await expect(d.compute.redeem(voucher, signature))
      .to.be.revertedWithCustomError(d.compute, "VoucherExpired")
      .withArgs(validUntil, validUntil + 1n);
    await networkHelpers.loadFixture(computeChannel);
    await at(validUntil);
    await d.compute.redeem(voucher, signature);
    expect((await channelOf(d)).claimed).to.equal(40n);
  });

  describe("given a signature of something else", () => {
    const refuses = async (d: ComputeChannel, changes: Partial<Awaited<ReturnType<typeof voucherOf>>>) => {
      const { voucher, signature } = await signed(d, { cumulative: 40n });
      await expect(d.compute.redeem({ ...voucher, ...changes }, signature))
        .to.be.revertedWithCustomError(d.compute, "InvalidSignature")
        .withArgs(changes.user ?? d.user, (signer: string) => signer !== d.user.address && signer !== ZeroAddress);
    };

    it("refuses another amount, root or time", async () => {
      const d = await networkHelpers.loadFixture(computeChannel);
      await refuses(d, { cumulative: 41n });
      await refuses(d, { usageRoot: ZeroHash });
      await refuses(d, { validUntil: (await now()) + 30n * DAY });
    });

    it("refuses another provider, with whom the user has a channel as well", async () => {
      const d = await networkHelpers.loadFixture(computeChannel);
      await d.compute.connect(d.stranger).registerProvider("", d.stranger, DELAY);
      await d.compute.connect(d.user).deposit(2n, 100n);
      await refuses(d, { providerId: 2n });
    });

    it("refuses another user, who has a channel as well", async () => {
      const d = await networkHelpers.loadFixture(computeChannel);
      await d.nmr.connect(d.user).transfer(d.stranger, 100n);
      await d.nmr.connect(d.stranger).approve(d.compute, 100n);
      await d.compute.connect(d.stranger).deposit(1n, 100n);
      await refuses(d, { user: d.stranger.address });
    });

    it("refuses another chain, and another escrow", async () => {
      const d = await networkHelpers.loadFixture(computeChannel);
      const domain = await domainOf(d);
      const other = await new ComputeEscrow__factory(d.deployer).deploy(d.nmr);
      const voucher = await voucherOf(d);
      for (const foreign of [
        { ...domain, chainId: 1n },
        { ...domain, escrow: await addressOf(other) },
      ]) {
        await expect(d.compute.redeem(voucher, await signVoucher(d.user, foreign, voucher)))
          .to.be.revertedWithCustomError(d.compute, "InvalidSignature")
          .withArgs(d.user, (signer: string) => signer !== d.user.address);
      }
    });
  });

  describe("given a signature that cannot be read", () => {
    it("refuses one that is too short, too long, random, or spelt otherwise", async () => {
      const d = await networkHelpers.loadFixture(computeChannel);
      const { voucher, signature } = await signed(d);
      const { r, s, v, yParityAndS } = Signature.from(signature);
      const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
      const highS = `0x${(order - BigInt(s)).toString(16).padStart(64, "0")}`;
      const flipped = v === 27 ? "1c" : "1b";
      for (const unreadable of [
        "0x",
        signature.slice(0, -2),
        `${signature}00`,
        `${r}${yParityAndS.slice(2)}`,
        `${r}${highS.slice(2)}${flipped}`,
        `${signature.slice(0, -2)}0${v - 27}`,
        hexlify(randomBytes(64)),
      ]) {
        await expect(d.compute.redeem(voucher, unreadable))
          .to.be.revertedWithCustomError(d.compute, "InvalidSignature")
          .withArgs(d.user, ZeroAddress);
      }
    });
  });

  it("refuses a voucher that the provider signs for itself, and one of a stranger", async () => {
    const d = await networkHelpers.loadFixture(computeChannel);
    for (const signer of [d.provider, d.payout, d.stranger]) {
      await expect(redeem(d, { signer }))
        .to.be.revertedWithCustomError(d.compute, "InvalidSignature")
        .withArgs(d.user, signer);
    }
  });

  it("refuses a user without a channel, and a provider that is not there", async () => {
    const d = await networkHelpers.loadFixture(computeChannel);
    await expect(redeem(d, { user: d.stranger.address, signer: d.stranger }))
      .to.be.revertedWithCustomError(d.compute, "ChannelEmpty")
      .withArgs(1n, d.stranger);
    await expect(redeem(d, { providerId: 2n }))
      .to.be.revertedWithCustomError(d.compute, "ChannelEmpty")
      .withArgs(2n, d.user);
    await expect(redeem(d, { user: ZeroAddress })).to.be.revertedWithCustomError(d.compute, "ChannelEmpty");
  });

  describe("given a session key", () => {
    it("pays up to its limit, and not a wei more", async () => {
      const d = await networkHelpers.loadFixture(withKey);
      await expect(redeem(d, { signer: d.key, cumulative: 51n }))
        .to.be.revertedWithCustomError(d.compute, "SignerLimitExceeded")
        .withArgs(d.key, 50n, 51n);
      await expect(redeem(d, { signer: d.key, cumulative: 50n })).to.changeTokenBalance(ethers, d.nmr, d.payout, 50n);
    });

    it("counts what the user signed itself against the limit: it is cumulative", async () => {
      const d = await networkHelpers.loadFixture(withKey);
      await redeem(d, { cumulative: 49n });
      await expect(redeem(d, { signer: d.key, cumulative: 51n })).to.be.revertedWithCustomError(
        d.compute,
        "SignerLimitExceeded",
      );
      await expect(redeem(d, { signer: d.key, cumulative: 50n })).to.changeTokenBalance(ethers, d.nmr, d.payout, 1n);
    });

    it("pays to its last second, and not in the next", async () => {
      const d = await networkHelpers.loadFixture(withKey);
      const { until } = await d.compute.getSigner(1n, d.user, d.key);
      await at(until);
      await redeem(d, { signer: d.key, cumulative: 40n });
      await at(until + 1n);
      await expect(redeem(d, { signer: d.key, cumulative: 50n }))
        .to.be.revertedWithCustomError(d.compute, "SignerNotAuthorized")
        .withArgs(1n, d.user, d.key, until);
    });

    it("binds the user itself to no limit", async () => {
      const d = await networkHelpers.loadFixture(withKey);
      await redeem(d, { cumulative: 51n });
      expect((await channelOf(d)).claimed).to.equal(51n);
    });
  });

  it("lets a payout account that is a contract have no say", async () => {
    const d = await networkHelpers.loadFixture(computeChannel);
    // The tournament takes no NMR by itself, and has no function for one that arrives: a transfer asks it nothing.
    await d.compute.connect(d.stranger).registerProvider("", d.tournament, DELAY);
    await d.compute.connect(d.user).deposit(2n, 100n);
    await expect(redeem(d, { providerId: 2n, cumulative: 40n })).to.changeTokenBalance(
      ethers,
      d.nmr,
      d.tournament,
      40n,
    );
  });
});
