import { expect } from "chai";
import { id, parseEther } from "ethers";

import type { AwardApproval } from "../../sdk/index.js";
import { BountyGrants__factory, ReviewerWallet__factory } from "../../typechain-types/index.js";
import { addressOf } from "../fixtures/address-of.js";
import { at } from "../fixtures/at.js";
import {
  FUNDED,
  WORK,
  WORK_URI,
  approvalOf,
  award,
  openBounty,
  postBounty,
  signApproval,
  submittedBounty,
  type OpenBounty,
} from "../fixtures/bounties.js";
import { ethers, networkHelpers } from "../fixtures/deployed.js";
import { SUBMISSION_STATUS } from "../fixtures/every-bounty-status.js";
import { DAY } from "../fixtures/rounds.js";

const AWARDED = parseEther("30");

interface SignedBounty extends OpenBounty {
  approval: AwardApproval;
  signature: string;
}

/** The author has the reviewer's signature under 30 NMR. */
async function signedBounty(): Promise<SignedBounty> {
  const d = await submittedBounty();
  const approval = await approvalOf(d, { payees: [d.author.address], amounts: [AWARDED] });
  return { ...d, approval, signature: await signApproval(d, d.reviewer, approval) };
}

/** Checks that all that the author ever got is one award. */
async function expectPaidOnce(d: OpenBounty): Promise<void> {
  expect(await d.nmr.balanceOf(d.author)).to.equal(AWARDED);
  expect((await d.bounties.getBounty(d.bountyId)).unawarded).to.equal(FUNDED - AWARDED);
  expect(await d.nmr.balanceOf(d.bounties)).to.equal(FUNDED - AWARDED);
}

describe("a contributor that wants to be paid twice", () => {
  it("redeems the same signature again", async () => {
    const d = await networkHelpers.loadFixture(signedBounty);
    await d.bounties.connect(d.author).awardBySig(d.approval, d.signature);
    await expect(d.bounties.connect(d.author).awardBySig(d.approval, d.signature))
      .to.be.revertedWithCustomError(d.bounties, "NonceAlreadyUsed")
      .withArgs(d.reviewer, d.approval.nonce);
    await expectPaidOnce(d);
  });

  it("redeems the signature in its other form, which the curve allows", async () => {
    const d = await networkHelpers.loadFixture(signedBounty);
    await d.bounties.awardBySig(d.approval, d.signature);
    const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
    const { r, s, yParity } = ethers.Signature.from(d.signature);
    const other = ethers.concat([r, ethers.toBeHex(order - BigInt(s), 32), yParity === 0 ? "0x1c" : "0x1b"]);
    await expect(d.bounties.awardBySig(d.approval, other)).to.be.revertedWithCustomError(
      d.bounties,
      "NonceAlreadyUsed",
    );
    await expectPaidOnce(d);
  });

  it("redeems the signature after the reviewer awarded the submission by hand", async () => {
    const d = await networkHelpers.loadFixture(signedBounty);
    await award(d, { payees: [d.author.address], amounts: [AWARDED] });
    await expect(d.bounties.awardBySig(d.approval, d.signature))
      .to.be.revertedWithCustomError(d.bounties, "SubmissionNotPending")
      .withArgs(d.bountyId, 1n, SUBMISSION_STATUS.Awarded);
    await expectPaidOnce(d);
  });

  it("has two signatures with different nonces for one submission", async () => {
    const d = await networkHelpers.loadFixture(signedBounty);
    const second = { ...d.approval, nonce: d.approval.nonce + 1n };
    const signature = await signApproval(d, d.reviewer, second);
    await d.bounties.awardBySig(second, signature);
    await expect(d.bounties.awardBySig(d.approval, d.signature))
      .to.be.revertedWithCustomError(d.bounties, "SubmissionNotPending")
      .withArgs(d.bountyId, 1n, SUBMISSION_STATUS.Awarded);
    await expectPaidOnce(d);
  });

  it("redeems the signature at another bounty of the same reviewer, and at another contract", async () => {
    const d = await networkHelpers.loadFixture(signedBounty);
    const other = await postBounty(d, { amount: FUNDED });
    await d.bounties.connect(d.author).submit(other, WORK, WORK_URI);
    await d.bounties.awardBySig(d.approval, d.signature);
    for (const approval of [
      { ...d.approval, bountyId: other },
      { ...d.approval, bountyId: other, nonce: 8n },
    ]) {
      await expect(d.bounties.awardBySig(approval, d.signature)).to.be.revertedWithCustomError(
        d.bounties,
        approval.nonce === 8n ? "InvalidApproval" : "NonceAlreadyUsed",
      );
    }
    const twin = await new BountyGrants__factory(d.deployer).deploy(d.nmr);
    await d.nmr.connect(d.issuer).approve(twin, FUNDED);
    const { deadline } = await d.bounties.getBounty(d.bountyId);
    await twin.connect(d.issuer).post(id("terms"), "", FUNDED, deadline, d.reviewer);
    await twin.connect(d.author).submit(1n, WORK, WORK_URI);
    await expect(twin.awardBySig(d.approval, d.signature))
      .to.be.revertedWithCustomError(twin, "InvalidApproval")
      .withArgs(d.reviewer);
    expect(await d.nmr.balanceOf(d.author)).to.equal(AWARDED);
  });

  it("submits the same work again, for the reviewer to award once more by mistake", async () => {
    const d = await networkHelpers.loadFixture(submittedBounty);
    await award(d, { payees: [d.author.address], amounts: [AWARDED] });
    await expect(d.bounties.connect(d.author).submit(d.bountyId, WORK, "ipfs://a-copy"))
      .to.be.revertedWithCustomError(d.bounties, "AlreadySubmitted")
      .withArgs(d.bountyId, 1n);
    await expect(award(d, { payees: [d.author.address], amounts: [AWARDED] })).to.be.revertedWithCustomError(
      d.bounties,
      "SubmissionNotPending",
    );
    await expectPaidOnce(d);
  });

  it("is named twice in one award", async () => {
    const d = await networkHelpers.loadFixture(signedBounty);
    const twice = await approvalOf(d, {
      payees: [d.author.address, d.author.address],
      amounts: [AWARDED, AWARDED],
      nonce: 8n,
    });
    const signature = await signApproval(d, d.reviewer, twice);
    await expect(d.bounties.awardBySig(twice, signature))
      .to.be.revertedWithCustomError(d.bounties, "DuplicatePayee")
      .withArgs(d.author);
  });

  it("releases a grant at every turn, and after it is paid", async () => {
    const d = await networkHelpers.loadFixture(submittedBounty);
    await award(d, { payees: [d.author.address], amounts: [AWARDED], vestingSeconds: BigInt(10 * DAY) });
    const startsAt = await networkHelpers.time.latest();
    for (const day of [1, 3, 4, 9, 10, 11]) {
      await at(startsAt + day * DAY);
      const due = (AWARDED * BigInt(Math.min(day, 10))) / 10n - (await d.nmr.balanceOf(d.author));
      const releasing = d.bounties.connect(d.author).release(1n);
      if (due > 0n) await expect(releasing).to.changeTokenBalance(ethers, d.nmr, d.author, due);
      else await expect(releasing).to.be.revertedWithCustomError(d.bounties, "NothingVested");
    }
    await expectPaidOnce(d);
  });

  it("takes a share of the refund too: it put nothing in", async () => {
    const d = await networkHelpers.loadFixture(submittedBounty);
    await award(d, { payees: [d.author.address], amounts: [AWARDED] });
    await d.bounties.connect(d.issuer).cancel(d.bountyId);
    await expect(d.bounties.connect(d.author).reclaim(d.bountyId))
      .to.be.revertedWithCustomError(d.bounties, "NothingToReclaim")
      .withArgs(d.bountyId, d.author);
    await expectPaidOnce(d);
  });

  it("has a smart wallet as the reviewer that redeems the approval while it is asked about it", async () => {
    const d = await networkHelpers.loadFixture(openBounty);
    const wallet = await new ReviewerWallet__factory(d.deployer).deploy();
    const bountyId = await postBounty(d, { reviewer: await addressOf(wallet), amount: FUNDED });
    await d.bounties.connect(d.author).submit(bountyId, WORK, WORK_URI);
    const approval = await approvalOf(d, { bountyId, payees: [d.author.address], amounts: [AWARDED] });
    await wallet.agree(await d.bounties.approvalHash(approval), true);
    await wallet.callBack(d.bounties, d.bounties.interface.encodeFunctionData("awardBySig", [approval, "0x"]));
    await d.bounties.connect(d.author).awardBySig(approval, "0x");
    expect(await d.nmr.balanceOf(d.author)).to.equal(AWARDED);
    expect((await d.bounties.getBounty(bountyId)).unawarded).to.equal(FUNDED - AWARDED);
  });
});
