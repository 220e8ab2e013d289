import { expect } from "chai";
import { AbiCoder, concat, dataSlice, parseEther } from "ethers";

import { Numeraire__factory } from "../../../typechain-types/index.js";
import { addressOf } from "../../fixtures/address-of.js";
import { channelOf, computeChannel, DEPOSIT, type ComputeChannel } from "../../fixtures/compute-channel.js";
import { ethers, networkHelpers } from "../../fixtures/deployed.js";

const AMOUNT = 7n;
const encode = (providerId: bigint) => AbiCoder.defaultAbiCoder().encode(["uint256"], [providerId]);
const DATA = encode(1n);

const send = (d: ComputeChannel, data = DATA, amount = AMOUNT) =>
  d.nmr.connect(d.user)["transferAndCall(address,uint256,bytes)"](d.compute, amount, data);

describe("ComputeEscrow.onTransferReceived", () => {
  describe("given a transferAndCall of the holder", () => {
    it("deposits in one transaction with no allowance", async () => {
      const d = await networkHelpers.loadFixture(computeChannel);
      await d.nmr.connect(d.user).approve(d.compute, 0n);
      const sending = send(d);
      await expect(sending).to.emit(d.compute, "Deposited").withArgs(1n, d.user, AMOUNT);
      await expect(sending).to.changeTokenBalances(ethers, d.nmr, [d.user, d.compute], [-AMOUNT, AMOUNT]);
      expect((await channelOf(d)).balance).to.equal(DEPOSIT + AMOUNT);
    });

    it("keeps the guards of a deposit", async () => {
      const d = await networkHelpers.loadFixture(computeChannel);
      await expect(send(d, encode(2n)))
        .to.be.revertedWithCustomError(d.compute, "ProviderNotFound")
        .withArgs(2n);
      await expect(send(d, DATA, 0n)).to.be.revertedWithCustomError(d.compute, "ZeroAmount");
    });
  });

  describe("given data that is no provider's number", () => {
    for (const [what, data] of [
      ["no data", "0x"],
      ["a byte too few", dataSlice(DATA, 0, 31)],
      ["a byte too many", concat([DATA, "0x00"])],
      ["a word too many", concat([DATA, DATA])],
    ] as const) {
      it(`refuses ${what}`, async () => {
        const d = await networkHelpers.loadFixture(computeChannel);
        await expect(send(d, data))
          .to.be.revertedWithCustomError(d.compute, "InvalidDepositData")
          .withArgs(32n, BigInt(data.length / 2 - 1));
      });
    }
  });

  it("refuses a value of 97 bits, although NMR can never move that much", async () => {
    const d = await networkHelpers.loadFixture(computeChannel);
    const token = await addressOf(d.nmr);
    await networkHelpers.impersonateAccount(token);
    await networkHelpers.setBalance(token, parseEther("1"));
    const compute = d.compute.connect(await ethers.getSigner(token));
    await expect(compute.onTransferReceived(d.user, d.user, 2n ** 96n, DATA))
      .to.be.revertedWithCustomError(compute, "SafeCastOverflowedUintDowncast")
      .withArgs(96n, 2n ** 96n);
  });

  describe("given a caller that is not NMR", () => {
    it("refuses another token that behaves alike", async () => {
      const d = await networkHelpers.loadFixture(computeChannel);
      const token = await new Numeraire__factory(d.deployer).deploy(d.authority, parseEther("1000"));
      await token.mint(d.user, AMOUNT);
      await expect(token.connect(d.user)["transferAndCall(address,uint256,bytes)"](d.compute, AMOUNT, DATA))
        .to.be.revertedWithCustomError(d.compute, "NotNumeraire")
        .withArgs(token);
    });

    it("refuses an account that claims to have transferred", async () => {
      const d = await networkHelpers.loadFixture(computeChannel);
      await expect(d.compute.connect(d.user).onTransferReceived(d.user, d.user, AMOUNT, DATA))
        .to.be.revertedWithCustomError(d.compute, "NotNumeraire")
        .withArgs(d.user);
    });
  });

  it("does not let an operator with an allowance choose the provider", async () => {
    const d = await networkHelpers.loadFixture(computeChannel);
    await d.nmr.connect(d.user).approve(d.stranger, AMOUNT);
    const operator = d.nmr.connect(d.stranger);
    await expect(operator["transferFromAndCall(address,address,uint256,bytes)"](d.user, d.compute, AMOUNT, DATA))
      .to.be.revertedWithCustomError(d.compute, "OperatorNotSender")
      .withArgs(d.stranger, d.user);
  });
});
