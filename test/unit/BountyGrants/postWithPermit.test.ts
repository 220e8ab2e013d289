import { Signature } from "ethers";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { expect } from "chai";

import { addressOf } from "../../fixtures/address-of.js";
import { ISSUED, TERMS, TERMS_URI, bountyPeople, postCall, type BountyPeople } from "../../fixtures/bounties.js";
import { ethers, networkHelpers, type Deployed } from "../../fixtures/deployed.js";

type Suite = Deployed & BountyPeople;

interface Permit {
  deadline: number;
  signature: Signature;
}

/** People of whom nobody gave the bounties an allowance. */
async function withoutAllowance(): Promise<Suite> {
  const d = await bountyPeople();
  for (const account of [d.issuer, d.patron]) await d.nmr.connect(account).approve(d.bounties, 0n);
  return d;
}

/** The signature of an account that lets the bounties take what is posted. */
async function signPermit(
  { nmr, bounties }: Suite,
  signer: HardhatEthersSigner,
  { value = ISSUED, validFor = 3_600 } = {},
): Promise<Permit> {
  const deadline = (await networkHelpers.time.latest()) + validFor;
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
    owner: signer.address,
    spender: await addressOf(bounties),
    value,
    nonce: await nmr.nonces(signer),
    deadline,
  };
  return { deadline, signature: Signature.from(await signer.signTypedData(domain, types, message)) };
}

async function postWithPermit(d: Suite, { deadline: permitDeadline, signature: { v, r, s } }: Permit, by = d.issuer) {
  const { termsHash, termsURI, amount, deadline, reviewer } = await postCall(d);
  return d.bounties
    .connect(by)
    .postWithPermit(termsHash, termsURI, amount, deadline, reviewer, permitDeadline, v, r, s);
}

describe("BountyGrants.postWithPermit", () => {
  it("posts with no approval, and leaves no allowance", async () => {
    const d = await networkHelpers.loadFixture(withoutAllowance);
    const { deadline } = await postCall(d);
    const posting = postWithPermit(d, await signPermit(d, d.issuer));
    await expect(posting).to.changeTokenBalances(ethers, d.nmr, [d.issuer, d.bounties], [-ISSUED, ISSUED]);
    await expect(posting)
      .to.emit(d.bounties, "BountyPosted")
      .withArgs(1n, d.issuer, d.reviewer, TERMS, TERMS_URI, (posted: bigint) => posted >= deadline);
    expect(await d.nmr.allowance(d.issuer, d.bounties)).to.equal(0n);
    expect(await d.nmr.nonces(d.issuer)).to.equal(1n);
  });

  it("gives the number of the bounty", async () => {
    const d = await networkHelpers.loadFixture(withoutAllowance);
    const { termsHash, termsURI, amount, deadline, reviewer } = await postCall(d);
    const { deadline: until, signature } = await signPermit(d, d.issuer);
    const { v, r, s } = signature;
    const { postWithPermit: posting } = d.bounties.connect(d.issuer);
    expect(await posting.staticCall(termsHash, termsURI, amount, deadline, reviewer, until, v, r, s)).to.equal(1n);
  });

  it("posts although somebody used the permit first", async () => {
    const d = await networkHelpers.loadFixture(withoutAllowance);
    const permit = await signPermit(d, d.issuer);
    const { v, r, s } = permit.signature;
    await d.nmr.connect(d.stranger).permit(d.issuer, d.bounties, ISSUED, permit.deadline, v, r, s);
    await expect(postWithPermit(d, permit)).to.changeTokenBalance(ethers, d.nmr, d.issuer, -ISSUED);
  });

  it("posts once by it: the second time there is no allowance", async () => {
    const d = await networkHelpers.loadFixture(withoutAllowance);
    const permit = await signPermit(d, d.issuer);
    await postWithPermit(d, permit);
    await expect(postWithPermit(d, permit))
      .to.be.revertedWithCustomError(d.nmr, "ERC20InsufficientAllowance")
      .withArgs(await addressOf(d.bounties), 0n, ISSUED);
  });

  for (const [name, changes] of [
    ["for another amount", { value: ISSUED - 1n }],
    ["that has expired", { validFor: -1 }],
  ] as const) {
    it(`takes nothing by a permit ${name}`, async () => {
      const d = await networkHelpers.loadFixture(withoutAllowance);
      await expect(postWithPermit(d, await signPermit(d, d.issuer, changes)))
        .to.be.revertedWithCustomError(d.nmr, "ERC20InsufficientAllowance")
        .withArgs(await addressOf(d.bounties), 0n, ISSUED);
    });
  }

  it("does not post with the NMR of somebody else who signed", async () => {
    const d = await networkHelpers.loadFixture(withoutAllowance);
    await expect(postWithPermit(d, await signPermit(d, d.issuer), d.patron))
      .to.be.revertedWithCustomError(d.nmr, "ERC20InsufficientAllowance")
      .withArgs(await addressOf(d.bounties), 0n, ISSUED);
  });
});
