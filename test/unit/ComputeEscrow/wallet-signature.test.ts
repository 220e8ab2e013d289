import { expect } from "chai";
import { id, parseEther, toQuantity, ZeroAddress, type Interface } from "ethers";

import { SigningWallet__factory, type SigningWallet } from "../../../typechain-types/index.js";
import { addressOf } from "../../fixtures/address-of.js";
import {
  channelOf,
  computeChannel,
  DAY,
  now,
  redeem,
  signed,
  type ComputeChannel,
} from "../../fixtures/compute-channel.js";
import { ethers, networkHelpers } from "../../fixtures/deployed.js";

/** What a wallet answers; numbers of the mock's `Answer`. */
const ANSWER = {
  Owner: 0n,
  BurnGas: 1n,
  ReturnMuch: 2n,
  RevertMuch: 3n,
  ReturnShort: 4n,
  ReturnOther: 5n,
  NeedGas: 6n,
} as const;
const CHECK_GAS = 250_000n;
const GAS_BEFORE_CHECK = 258_000n;
/** Begins the data of the error. */
const INSUFFICIENT_GAS = id("InsufficientGas(uint256,uint256)").slice(0, 10);

interface WalletChannel extends ComputeChannel {
  wallet: SigningWallet;
}

/** The user is the owner of a wallet that has 100 wei with the provider. */
async function walletChannel(): Promise<WalletChannel> {
  const d = await computeChannel();
  const wallet = await new SigningWallet__factory(d.deployer).deploy(d.user);
  await d.nmr.connect(d.user).transfer(wallet, 100n);
  const call = (contract: { interface: Interface; getAddress(): Promise<string> }, name: string, args: unknown[]) =>
    contract.getAddress().then((to) => wallet.execute(to, contract.interface.encodeFunctionData(name, args)));
  await call(d.nmr, "approve", [await addressOf(d.compute), 100n]);
  await call(d.compute, "deposit", [1n, 100n]);
  return { ...d, wallet };
}

const ofWallet = async (d: WalletChannel, cumulative = 40n) => ({ user: await addressOf(d.wallet), cumulative });

describe("ComputeEscrow.redeem for a contract wallet", () => {
  it("pays what the wallet says it signed (ERC-1271)", async () => {
    const d = await networkHelpers.loadFixture(walletChannel);
    await expect(redeem(d, await ofWallet(d))).to.changeTokenBalance(ethers, d.nmr, d.payout, 40n);
  });

  it("refuses what the wallet says it did not sign", async () => {
    const d = await networkHelpers.loadFixture(walletChannel);
    await expect(redeem(d, { ...(await ofWallet(d)), signer: d.stranger }))
      .to.be.revertedWithCustomError(d.compute, "InvalidSignature")
      .withArgs(d.wallet, d.stranger);
  });

  it("asks the wallet about signatures of any length", async () => {
    const d = await networkHelpers.loadFixture(walletChannel);
    const { voucher } = await signed(d, await ofWallet(d));
    await expect(d.compute.redeem(voucher, "0x1234"))
      .to.be.revertedWithCustomError(d.compute, "InvalidSignature")
      .withArgs(d.wallet, ZeroAddress);
  });

  it("does not ask the owner's own account for the wallet's vouchers, nor the other way round", async () => {
    const d = await networkHelpers.loadFixture(walletChannel);
    const { voucher, signature } = await signed(d, await ofWallet(d));
    await expect(d.compute.redeem({ ...voucher, user: d.user.address }, signature)).to.be.revertedWithCustomError(
      d.compute,
      "InvalidSignature",
    );
    expect((await channelOf(d)).claimed).to.equal(0n);
  });

  it("says that a session key has run out when the wallet does not know it either", async () => {
    const d = await networkHelpers.loadFixture(walletChannel);
    const until = (await now()) + DAY;
    const data = d.compute.interface.encodeFunctionData("authorizeSigner", [1n, d.key.address, 40n, until]);
    await d.wallet.execute(await addressOf(d.compute), data);
    await redeem(d, { ...(await ofWallet(d, 30n)), signer: d.key });
    await networkHelpers.time.increaseTo(until + 1n);
    await expect(redeem(d, { ...(await ofWallet(d)), signer: d.key }))
      .to.be.revertedWithCustomError(d.compute, "SignerNotAuthorized")
      .withArgs(1n, d.wallet, d.key, until);
  });

  for (const answer of ["BurnGas", "ReturnShort", "ReturnOther", "RevertMuch"] as const) {
    it(`refuses a wallet that answers with ${answer}`, async () => {
      const d = await networkHelpers.loadFixture(walletChannel);
      await d.wallet.answerWith(ANSWER[answer], 0n);
      await expect(redeem(d, await ofWallet(d)))
        .to.be.revertedWithCustomError(d.compute, "InvalidSignature")
        .withArgs(d.wallet, d.user);
    });
  }

  it("copies no long answer at the caller's expense", async () => {
    const d = await networkHelpers.loadFixture(walletChannel);
    const sent = await (await redeem(d, await ofWallet(d, 10n))).wait();
    await d.wallet.answerWith(ANSWER.ReturnMuch, 0n);
    const receipt = await (await redeem(d, await ofWallet(d, 40n))).wait();
    if (sent === null || receipt === null) throw new Error("no receipt");
    // The wallet's own 200,000 gas for having that much in memory, and no second time for a copy.
    expect(receipt.gasUsed - sent.gasUsed).to.be.within(150_000n, 260_000n);
  });

  describe("given a wallet that needs gas to answer", () => {
    const GAS = { enough: CHECK_GAS - 1_000n, tooMuch: CHECK_GAS + 1n };

    it("gives it 250,000, and not more", async () => {
      const d = await networkHelpers.loadFixture(walletChannel);
      await d.wallet.answerWith(ANSWER.NeedGas, GAS.tooMuch);
      await expect(redeem(d, await ofWallet(d))).to.be.revertedWithCustomError(d.compute, "InvalidSignature");
      await d.wallet.answerWith(ANSWER.NeedGas, GAS.enough);
      await redeem(d, await ofWallet(d));
    });

    it("gives it that to the unit", async () => {
      const d = await networkHelpers.loadFixture(walletChannel);
      const { voucher, signature } = await signed(d, await ofWallet(d));
      // The first instruction ends the wallet's call: the one takes all the gas there is, the other none.
      const used = async (instruction: "invalid" | "stop"): Promise<bigint> => {
        const snapshot = await networkHelpers.takeSnapshot();
        await networkHelpers.setCode(await addressOf(d.wallet), instruction === "invalid" ? "0xfe" : "0x00");
        const receipt = await (await d.compute.redeemMany([voucher], [signature])).wait();
        await snapshot.restore();
        return receipt?.gasUsed ?? 0n;
      };
      expect((await used("invalid")) - (await used("stop"))).to.equal(CHECK_GAS);
    });

    it("never lets a caller with too little gas make a good signature look bad", async () => {
      const d = await networkHelpers.loadFixture(walletChannel);
      await d.wallet.answerWith(ANSWER.NeedGas, GAS.enough);
      const { voucher, signature } = await signed(d, await ofWallet(d));
      // Hardhat names the errors of code that it has compiled itself, and shows the data of others.
      const expected = new RegExp(`InsufficientGas|${INSUFFICIENT_GAS}|out of gas`);
      const seen = new Set<string>();
      for (let gasLimit = 270_000; gasLimit <= 345_000; gasLimit += 2_500) {
        const snapshot = await networkHelpers.takeSnapshot();
        const { logs } = await d.compute
          .redeemMany([voucher], [signature], { gasLimit })
          .then(async (sent) => (await sent.wait()) ?? { logs: [] })
          .catch((error: unknown) => {
            expect(String(error)).to.match(expected);
            return { logs: [] };
          });
        const names = logs.map((log) => d.compute.interface.parseLog(log)?.name ?? "Transfer");
        seen.add(names.join());
        await snapshot.restore();
      }
      // Reverted, or paid: never skipped.
      expect([...seen]).to.have.members(["", "VoucherRedeemed,Transfer"]);
    });

    it("says how much must be left", async () => {
      const d = await networkHelpers.loadFixture(walletChannel);
      const { voucher, signature } = await signed(d, await ofWallet(d));
      await expect(d.compute.redeem(voucher, signature, { gasLimit: 200_000 }))
        .to.be.revertedWithCustomError(d.compute, "InsufficientGas")
        .withArgs(GAS_BEFORE_CHECK, (left: bigint) => left < 200_000n);
    });

    it("goes on with exactly as much", async () => {
      const d = await networkHelpers.loadFixture(walletChannel);
      const { voucher, signature } = await signed(d, await ofWallet(d));
      // What is left at the check, above a gas limit; every unit more of the one is a unit more of the other.
      const shortOf = async (gasLimit: bigint): Promise<bigint | undefined> => {
        const { to, data } = await d.compute.redeem.populateTransaction(voucher, signature);
        const from = d.user.address;
        const call = { from, to, data, gas: toQuantity(gasLimit) };
        const error: unknown = await ethers.provider.send("eth_call", [call, "latest"]).then(
          () => undefined,
          (reason: unknown) => reason,
        );
        const refusal = new RegExp(`${INSUFFICIENT_GAS}[0-9a-f]{64}([0-9a-f]{64})`).exec(
          JSON.stringify(error) + String(error),
        );
        return refusal === null ? undefined : GAS_BEFORE_CHECK - BigInt(`0x${refusal[1] ?? ""}`);
      };
      const missing = (await shortOf(200_000n)) ?? 0n;
      expect(missing).to.be.greaterThan(0n);
      expect(await shortOf(200_000n + missing - 1n), "a unit less").to.equal(1n);
      expect(await shortOf(200_000n + missing), "exactly").to.equal(undefined);
    });
  });

  it("cannot make a batch too dear: 50 wallets that waste gas fit a transaction", async () => {
    const d = await networkHelpers.loadFixture(walletChannel);
    await d.wallet.answerWith(ANSWER.BurnGas, 0n);
    const { voucher, signature } = await signed(d, await ofWallet(d));
    const good = await signed(d, { cumulative: parseEther("1") });
    const vouchers = [...Array.from({ length: 49 }, () => voucher), good.voucher];
    const signatures = [...Array.from({ length: 49 }, () => signature), good.signature];
    await expect(d.compute.redeemMany(vouchers, signatures, { gasLimit: 16_777_216 })).to.changeTokenBalance(
      ethers,
      d.nmr,
      d.payout,
      parseEther("1"),
    );
  });
});
