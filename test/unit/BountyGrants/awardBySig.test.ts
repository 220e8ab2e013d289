import { expect } from "chai";
import { ZeroAddress, id, parseEther } from "ethers";

import type { AwardApproval } from "../../../sdk/index.js";
import { BountyGrants__factory, ReviewerWallet__factory, type ReviewerWallet } from "../../../typechain-types/index.js";
import { addressOf } from "../../fixtures/address-of.js";
import { at } from "../../fixtures/at.js";
import {
  FUNDED,
  REVIEW,
  WORK,
  WORK_URI,
  approvalOf,
  award,
  awardCall,
  openBounty,
  postBounty,
  signApproval,
  submittedBounty,
  type OpenBounty,
} from "../../fixtures/bounties.js";
import { ethers, networkHelpers } from "../../fixtures/deployed.js";
import { SUBMISSION_STATUS, itNeedsBountyStatus } from "../../fixtures/every-bounty-status.js";

const AWARDED = parseEther("40");

/** Redeems an approval that the reviewer signed, by a stranger. */
async function redeem(d: OpenBounty, changes: Partial<AwardApproval> = {}) {
  const approval = await approvalOf(d, changes);
  return d.bounties.connect(d.stranger).awardBySig(approval, await signApproval(d, d.reviewer, approval));
}

interface WalletBounty extends OpenBounty {
  wallet: ReviewerWallet;
  approval: AwardApproval;
}

/** A bounty that a smart wallet reviews, with the author's work pending. */
async function walletBounty(): Promise<WalletBounty> {
  const d = await openBounty();
  const wallet = await new ReviewerWallet__factory(d.deployer).deploy();
  const bountyId = await postBounty(d, { reviewer: await addressOf(wallet), amount: FUNDED });
  await d.bounties.connect(d.author).submit(bountyId, WORK, WORK_URI);
  return { ...d, bountyId, wallet, approval: await approvalOf({ ...d, bountyId }) };
}

describe("BountyGrants.awardBySig", () => {
  describe("given the signature of a reviewer with a key", () => {
    it("awards as the reviewer would, whoever redeems it", async () => {
      const d = await networkHelpers.loadFixture(submittedBounty);
      const { payees, amounts } = awardCall(d);
      const redeeming = redeem(d);
      await expect(redeeming).to.changeTokenBalances(
        ethers,
        d.nmr,
        [d.bounties, d.author, d.colleague, d.stranger],
        [-AWARDED, ...amounts, 0n],
      );
      await expect(redeeming)
        .to.emit(d.bounties, "SubmissionAwarded")
        .withArgs(d.bountyId, 1n, payees, amounts, 0n, 0n);
      await expect(redeeming).to.emit(d.bounties, "NonceUsed").withArgs(d.reviewer, 7n);
      expect(await d.bounties.isNonceUsed(d.reviewer, 7n)).to.equal(true);
    });

    it("vests as it says", async () => {
      const d = await networkHelpers.loadFixture(submittedBounty);
      await redeem(d, { vestingSeconds: 500n });
      const { payee, duration } = await d.bounties.getGrant(1n);
      expect([payee, duration]).to.deep.equal([d.author.address, 500n]);
    });

    it("keeps the guards of an award", async () => {
      const d = await networkHelpers.loadFixture(submittedBounty);
      await expect(redeem(d, { amounts: [FUNDED, 1n] }))
        .to.be.revertedWithCustomError(d.bounties, "AwardAboveUnawarded")
        .withArgs(FUNDED, FUNDED + 1n);
      expect(await d.bounties.isNonceUsed(d.reviewer, 7n)).to.equal(false);
    });

    it("redeems in any order: nonces are not a sequence", async () => {
      const d = await networkHelpers.loadFixture(submittedBounty);
      await d.bounties.connect(d.stranger).submit(d.bountyId, id("more"), WORK_URI);
      await redeem(d, { submissionId: 2n, nonce: 2n ** 256n - 1n });
      await redeem(d, { nonce: 0n });
      expect((await d.bounties.getBounty(d.bountyId)).unawarded).to.equal(FUNDED - 2n * AWARDED);
    });
  });

  describe("given an approval that was redeemed", () => {
    it("redeems nothing a second time", async () => {
      const d = await networkHelpers.loadFixture(submittedBounty);
      await redeem(d);
      await expect(redeem(d)).to.be.revertedWithCustomError(d.bounties, "NonceAlreadyUsed").withArgs(d.reviewer, 7n);
    });

    it("redeems no other approval with the same nonce, for another bounty of the reviewer neither", async () => {
      const d = await networkHelpers.loadFixture(submittedBounty);
      const other = await postBounty(d, { amount: FUNDED });
      await d.bounties.connect(d.author).submit(other, WORK, WORK_URI);
      await redeem(d);
      await expect(redeem(d, { bountyId: other }))
        .to.be.revertedWithCustomError(d.bounties, "NonceAlreadyUsed")
        .withArgs(d.reviewer, 7n);
      await redeem(d, { bountyId: other, nonce: 8n });
    });

    it("redeems no second approval for the same submission, whatever its nonce", async () => {
      const d = await networkHelpers.loadFixture(submittedBounty);
      await redeem(d);
      await expect(redeem(d, { nonce: 8n }))
        .to.be.revertedWithCustomError(d.bounties, "SubmissionNotPending")
        .withArgs(d.bountyId, 1n, SUBMISSION_STATUS.Awarded);
      expect(await d.bounties.isNonceUsed(d.reviewer, 8n)).to.equal(false);
    });

    it("redeems nothing after the reviewer awarded the submission, or rejected it", async () => {
      const d = await networkHelpers.loadFixture(submittedBounty);
      await d.bounties.connect(d.stranger).submit(d.bountyId, id("more"), WORK_URI);
      await award(d);
      await d.bounties.connect(d.reviewer).reject(d.bountyId, 2n, "no");
      await expect(redeem(d))
        .to.be.revertedWithCustomError(d.bounties, "SubmissionNotPending")
        .withArgs(d.bountyId, 1n, SUBMISSION_STATUS.Awarded);
      await expect(redeem(d, { submissionId: 2n }))
        .to.be.revertedWithCustomError(d.bounties, "SubmissionNotPending")
        .withArgs(d.bountyId, 2n, SUBMISSION_STATUS.Rejected);
    });
  });

  describe("given a signature that is not for exactly this", () => {
    const changes: [string, (d: OpenBounty) => Partial<AwardApproval>][] = [
      ["another bounty", (d) => ({ bountyId: d.bountyId + 1n })],
      ["another submission", () => ({ submissionId: 2n })],
      ["other payees", (d) => ({ payees: [d.stranger.address, d.colleague.address] })],
      ["payees in another order", (d) => ({ payees: [d.colleague.address, d.author.address] })],
      ["other amounts", () => ({ amounts: [parseEther("31"), parseEther("9")] })],
      ["another time of vesting", () => ({ vestingSeconds: 1n })],
      ["another nonce", () => ({ nonce: 8n })],
      ["another deadline", () => ({ deadline: 2n ** 200n })],
    ];
    for (const [name, changed] of changes) {
      it(`refuses one for ${name}`, async () => {
        const d = await networkHelpers.loadFixture(submittedBounty);
        await postBounty(d);
        const approval = await approvalOf(d);
        const signature = await signApproval(d, d.reviewer, { ...approval, ...changed(d) });
        await expect(d.bounties.awardBySig(approval, signature))
          .to.be.revertedWithCustomError(d.bounties, "InvalidApproval")
          .withArgs(d.reviewer);
      });
    }

    it("refuses the issuer's, the author's and none", async () => {
      const d = await networkHelpers.loadFixture(submittedBounty);
      const approval = await approvalOf(d);
      for (const signature of [
        await signApproval(d, d.issuer, approval),
        await signApproval(d, d.author, approval),
        "0x",
      ]) {
        await expect(d.bounties.awardBySig(approval, signature))
          .to.be.revertedWithCustomError(d.bounties, "InvalidApproval")
          .withArgs(d.reviewer);
      }
      expect(await d.bounties.isNonceUsed(d.reviewer, approval.nonce)).to.equal(false);
    });

    it("refuses one for another contract", async () => {
      const d = await networkHelpers.loadFixture(submittedBounty);
      const twin = await new BountyGrants__factory(d.deployer).deploy(d.nmr);
      const approval = await approvalOf(d);
      const signature = await signApproval({ ...d, bounties: twin }, d.reviewer, approval);
      await expect(d.bounties.awardBySig(approval, signature)).to.be.revertedWithCustomError(
        d.bounties,
        "InvalidApproval",
      );
    });
  });

  describe("given the seconds around the deadline of the approval", () => {
    it("redeems in that second and refuses in the next", async () => {
      const d = await networkHelpers.loadFixture(submittedBounty);
      await d.bounties.connect(d.stranger).submit(d.bountyId, id("more"), WORK_URI);
      const deadline = BigInt((await networkHelpers.time.latest()) + 100);
      await at(deadline);
      await redeem(d, { deadline });
      await at(deadline + 1n);
      await expect(redeem(d, { deadline, submissionId: 2n, nonce: 8n }))
        .to.be.revertedWithCustomError(d.bounties, "ApprovalExpired")
        .withArgs(deadline, deadline + 1n);
    });

    it("redeems within 14 days of the bounty's deadline and not after, whatever the approval says", async () => {
      const d = await networkHelpers.loadFixture(submittedBounty);
      await d.bounties.connect(d.stranger).submit(d.bountyId, id("more"), WORK_URI);
      const deadline = 2n ** 255n;
      await at(d.deadline + REVIEW);
      await redeem(d, { deadline });
      await at(d.deadline + REVIEW + 1);
      await expect(redeem(d, { deadline, submissionId: 2n, nonce: 8n })).to.be.revertedWithCustomError(
        d.bounties,
        "BountyNotReviewable",
      );
    });
  });

  describe("given a reviewer that is a smart wallet", () => {
    it("awards what the wallet agrees to", async () => {
      const d = await networkHelpers.loadFixture(walletBounty);
      await d.wallet.agree(await d.bounties.approvalHash(d.approval), true);
      await expect(d.bounties.awardBySig(d.approval, "0x1234")).to.changeTokenBalances(
        ethers,
        d.nmr,
        [d.author, d.colleague],
        d.approval.amounts,
      );
      expect(await d.bounties.isNonceUsed(d.wallet, d.approval.nonce)).to.equal(true);
    });

    it("refuses what the wallet does not agree to, or no longer", async () => {
      const d = await networkHelpers.loadFixture(walletBounty);
      const hash = await d.bounties.approvalHash(d.approval);
      const wallet = await addressOf(d.wallet);
      const refused = async () =>
        expect(d.bounties.awardBySig(d.approval, "0x"))
          .to.be.revertedWithCustomError(d.bounties, "InvalidApproval")
          .withArgs(wallet);
      await refused();
      await d.wallet.agree(hash, true);
      await d.wallet.agree(hash, false);
      await refused();
    });

    it("is awarded once although the wallet awards the submission while it is asked", async () => {
      const d = await networkHelpers.loadFixture(walletBounty);
      await d.wallet.agree(await d.bounties.approvalHash(d.approval), true);
      const call = d.bounties.interface.encodeFunctionData("award", [
        d.bountyId,
        1n,
        d.approval.payees,
        d.approval.amounts,
        0n,
      ]);
      await d.wallet.callBack(d.bounties, call);
      await expect(d.bounties.awardBySig(d.approval, "0x")).to.changeTokenBalances(
        ethers,
        d.nmr,
        [d.author, d.colleague],
        d.approval.amounts,
      );
      expect((await d.bounties.getBounty(d.bountyId)).unawarded).to.equal(FUNDED - AWARDED);
    });

    it("can award by a transaction of its own as well", async () => {
      const d = await networkHelpers.loadFixture(walletBounty);
      const { payees, amounts } = d.approval;
      const call = d.bounties.interface.encodeFunctionData("award", [d.bountyId, 1n, payees, amounts, 0n]);
      await expect(d.wallet.execute(d.bounties, call)).to.changeTokenBalance(ethers, d.nmr, d.bounties, -AWARDED);
    });
  });

  it("refuses a bounty that was never posted, which nobody reviews", async () => {
    const d = await networkHelpers.loadFixture(submittedBounty);
    expect((await d.bounties.getBounty(99n)).reviewer).to.equal(ZeroAddress);
    await expect(redeem(d, { bountyId: 99n }))
      .to.be.revertedWithCustomError(d.bounties, "BountyNotReviewable")
      .withArgs(99n, 0n);
  });

  itNeedsBountyStatus(["Open", "Review"], "BountyNotReviewable", (d, bountyId) => redeem(d, { bountyId }));
});
