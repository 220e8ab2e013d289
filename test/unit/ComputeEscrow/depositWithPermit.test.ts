import { expect } from "chai";
import { Signature, type ContractTransactionResponse } from "ethers";

import { addressOf } from "../../fixtures/address-of.js";
import { channelOf, computeChannel, DEPOSIT, now, type ComputeChannel } from "../../fixtures/compute-channel.js";
import { ethers, networkHelpers } from "../../fixtures/deployed.js";

const AMOUNT = 7n;

async function withoutAllowance(): Promise<ComputeChannel> {
  const d = await computeChannel();
  await d.nmr.connect(d.user).approve(d.compute, 0n);
  return d;
}

/** The user's permit for the escrow to take an amount. */
async function permitOf({ nmr, compute, user }: ComputeChannel, value = AMOUNT) {
  const deadline = (await now()) + 3_600n;
  const { chainId } = await ethers.provider.getNetwork();
  const domain = { name: "Numeraire", version: "1", chainId, verifyingContract: await nmr.getAddress() };
  const types = {
    Permit: [
      { name: "owner", type: "address" },
      { name: "spender", type: "address" },
      { name: "value", type: "uint256" },
      { name: "nonce", type: "uint256" },
      { name: "deadline", type: "uint256" },
    ],
  };
  const message = {
    owner: user.address,
    spender: await addressOf(compute),
    value,
    nonce: await nmr.nonces(user),
    deadline,
  };
  return { deadline, ...Signature.from(await user.signTypedData(domain, types, message)).toJSON() } as {
    deadline: bigint;
    v: number;
    r: string;
    s: string;
  };
}

type Permit = Awaited<ReturnType<typeof permitOf>>;

function deposit(d: ComputeChannel, { deadline, v, r, s }: Permit, by = d.user): Promise<ContractTransactionResponse> {
  return d.compute.connect(by).depositWithPermit(d.providerId, AMOUNT, deadline, v, r, s);
}

describe("ComputeEscrow.depositWithPermit", () => {
  it("deposits with no approval, tells of it, and leaves no allowance", async () => {
    const d = await networkHelpers.loadFixture(withoutAllowance);
    const depositing = deposit(d, await permitOf(d));
    await expect(depositing).to.emit(d.compute, "Deposited").withArgs(1n, d.user, AMOUNT);
    await expect(depositing).to.changeTokenBalances(ethers, d.nmr, [d.user, d.compute], [-AMOUNT, AMOUNT]);
    expect(await d.nmr.allowance(d.user, d.compute)).to.equal(0n);
    expect((await channelOf(d)).balance).to.equal(DEPOSIT + AMOUNT);
  });

  it("deposits although somebody used the permit first", async () => {
    const d = await networkHelpers.loadFixture(withoutAllowance);
    const permit = await permitOf(d);
    await d.nmr.connect(d.stranger).permit(d.user, d.compute, AMOUNT, permit.deadline, permit.v, permit.r, permit.s);
    await deposit(d, permit);
    expect((await channelOf(d)).balance).to.equal(DEPOSIT + AMOUNT);
  });

  it("fails without an allowance when the permit is for another amount", async () => {
    const d = await networkHelpers.loadFixture(withoutAllowance);
    await expect(deposit(d, await permitOf(d, AMOUNT + 1n)))
      .to.be.revertedWithCustomError(d.nmr, "ERC20InsufficientAllowance")
      .withArgs(d.compute, 0n, AMOUNT);
  });

  it("does not deposit NMR of somebody else by that account's permit", async () => {
    const d = await networkHelpers.loadFixture(withoutAllowance);
    await expect(deposit(d, await permitOf(d), d.stranger))
      .to.be.revertedWithCustomError(d.nmr, "ERC20InsufficientAllowance")
      .withArgs(d.compute, 0n, AMOUNT);
  });
});
