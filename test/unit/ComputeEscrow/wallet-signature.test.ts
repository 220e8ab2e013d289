import { expect } from "chai";
import { concat, id, parseEther, toBeHex, toQuantity, ZeroAddress, zeroPadBytes } from "ethers";

import { addressOf } from "../../fixtures/address-of.js";
import {
  channelOf,
  computeChannel,
  DAY,
  limitOwner,
  now,
  redeem,
  signed,
  withWallet,
  type SignedVoucher,
  type WalletChannel,
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
const GAS_BEFORE_CHECK = 261_000n;
/** Begins the data of the error. */
const INSUFFICIENT_GAS = id("InsufficientGas(uint256,uint256)").slice(0, 10);

const walletChannel = async (): Promise<WalletChannel> => withWallet(await computeChannel());

/** Code of a wallet that says yes to everything where so much gas is left after its first two instructions. */
const yesAbove = (gas: bigint) =>
  concat([
    // PUSH3 gas, GAS, LT: revert at 0x32 if less is left.
    concat(["0x62", toBeHex(gas, 3), "0x5a10603257"]),
    // Return the selector of isValidSignature.
    concat(["0x7f", zeroPadBytes(id("isValidSignature(bytes32,bytes)").slice(0, 10), 32), "0x60005260206000f3"]),
    "0x5b60006000fd",
  ]);

interface Call {
  from: string;
  to: string;
  data: string;
}

/** Redeeming by an account that has nothing to do with the voucher. */
const redeemCall = async (d: WalletChannel, { voucher, signature }: SignedVoucher): Promise<Call> => {
  const { to, data } = await d.compute.redeem.populateTransaction(voucher, signature);
  return { from: d.key.address, to, data };
};

/** What a call fails with at a gas limit, data included; nothing where it succeeds. */
const refusal = (call: Call, gasLimit: bigint): Promise<string | undefined> =>
  ethers.provider.send("eth_call", [{ ...call, gas: toQuantity(gasLimit) }, "latest"]).then(
    () => undefined,
    (reason: unknown) => JSON.stringify(reason) + String(reason),
  );

/** The least gas limit with which the check of a signature is begun. */
const leastGas = async (call: Call): Promise<bigint> => {
  // What is missing at the check; every unit more of the limit is a unit more there.
  const missing = async (gasLimit: bigint): Promise<bigint | undefined> => {
    const left = new RegExp(`${INSUFFICIENT_GAS}[0-9a-f]{64}([0-9a-f]{64})`).exec(
      (await refusal(call, gasLimit)) ?? "",
    );
    return left === null ? undefined : GAS_BEFORE_CHECK - BigInt(`0x${left[1] ?? ""}`);
  };
  const least = 200_000n + ((await missing(200_000n)) ?? 0n);
  expect(await missing(least - 1n), "a unit less").to.equal(1n);
  expect(await missing(least), "exactly").to.equal(undefined);
  return least;
};

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
      // No signature of anybody: nothing recovered lies where the answer goes.
      const { voucher } = await signed(d, await ofWallet(d));
      await expect(d.compute.redeem(voucher, "0x1234"))
        .to.be.revertedWithCustomError(d.compute, "InvalidSignature")
        .withArgs(d.wallet, ZeroAddress);
    });
  }

  describe("given that the wallet makes its owner a session key with a limit", () => {
    const limited = async (limit: bigint): Promise<WalletChannel> => {
      const d = await networkHelpers.loadFixture(walletChannel);
      await limitOwner(d, limit);
      return d;
    };

    it("pays what the wallet says it signed, beyond the limit too", async () => {
      const d = await limited(10n);
      await redeem(d, await ofWallet(d, 40n));
      expect((await d.compute.getChannel(1n, d.wallet)).claimed).to.equal(40n);
    });

    it("pays up to the limit and no more when the wallet says that it did not sign", async () => {
      const d = await limited(10n);
      await d.wallet.answerWith(ANSWER.ReturnOther, 0n);
      await redeem(d, await ofWallet(d, 10n));
      await expect(redeem(d, await ofWallet(d, 11n)))
        .to.be.revertedWithCustomError(d.compute, "SignerLimitExceeded")
        .withArgs(d.user, 10n, 11n);
    });
  });

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
      const gasLimit = await leastGas(await redeemCall(d, await signed(d, await ofWallet(d))));
      expect(gasLimit).to.be.greaterThan(200_000n);
    });

    it("gives 250,000 to an account that delegates its code (EIP-7702) too, at the least gas it goes on with", async () => {
      const d = await networkHelpers.loadFixture(walletChannel);
      // Signed by somebody else, so that only the account's code can say yes.
      const call = await redeemCall(d, await signed(d, { signer: d.stranger }));
      const code = await addressOf(d.wallet);
      await networkHelpers.setCode(code, yesAbove(CHECK_GAS - 10n));
      await networkHelpers.setCode(d.user.address, concat(["0xef0100", code]));
      await ethers.provider.send("eth_call", [{ ...call, gas: toQuantity(await leastGas(call)) }, "latest"]);
      // It was asked, and is not below what it says.
      await networkHelpers.setCode(code, yesAbove(CHECK_GAS));
      expect(await refusal(call, 400_000n)).to.contain(id("InvalidSignature(address,address)").slice(0, 10));
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
