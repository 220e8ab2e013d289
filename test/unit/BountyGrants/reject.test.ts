import { expect } from "chai";

import { REVIEW, award, submittedBounty } from "../../fixtures/bounties.js";
import { at } from "../../fixtures/at.js";
import { ethers, networkHelpers } from "../../fixtures/deployed.js";
import { BOUNTY_STATUS, SUBMISSION_STATUS, itNeedsBountyStatus } from "../../fixtures/every-bounty-status.js";

describe("BountyGrants.reject", () => {
  describe("given a pending submission", () => {
    it("turns it down for good, says why, and moves no NMR", async () => {
      const d = await networkHelpers.loadFixture(submittedBounty);
      const rejecting = d.bounties.connect(d.reviewer).reject(d.bountyId, 1n, "does not compile");
      await expect(rejecting).to.changeTokenBalance(ethers, d.nmr, d.bounties, 0n);
      await expect(rejecting).to.emit(d.bounties, "SubmissionRejected").withArgs(d.bountyId, 1n, "does not compile");
      expect((await d.bounties.getSubmission(d.bountyId, 1n)).status).to.equal(SUBMISSION_STATUS.Rejected);
      const { pendingCount, submissionCount } = await d.bounties.getBounty(d.bountyId);
      expect([pendingCount, submissionCount]).to.deep.equal([0n, 1n]);
    });

    it("ends the review when it was the last", async () => {
      const d = await networkHelpers.loadFixture(submittedBounty);
      await at(d.deadline + REVIEW);
      await d.bounties.connect(d.reviewer).reject(d.bountyId, 1n, "no");
      expect((await d.bounties.getBounty(d.bountyId)).status).to.equal(BOUNTY_STATUS.Overdue);
    });

    it("is the reviewer's alone", async () => {
      const d = await networkHelpers.loadFixture(submittedBounty);
      for (const by of [d.issuer, d.author, d.stranger]) {
        await expect(d.bounties.connect(by).reject(d.bountyId, 1n, "no"))
          .to.be.revertedWithCustomError(d.bounties, "NotReviewer")
          .withArgs(d.reviewer, by);
      }
    });
  });

  describe("given a submission that is not pending", () => {
    it("refuses one that does not exist, was awarded, or was rejected", async () => {
      const d = await networkHelpers.loadFixture(submittedBounty);
      const { reject } = d.bounties.connect(d.reviewer);
      await d.bounties.connect(d.stranger).submit(d.bountyId, d.author.address.padEnd(66, "0"), "");
      await award(d);
      await reject(d.bountyId, 2n, "no");
      for (const [submissionId, status] of [
        [1n, SUBMISSION_STATUS.Awarded],
        [2n, SUBMISSION_STATUS.Rejected],
        [3n, SUBMISSION_STATUS.None],
      ] as const) {
        await expect(reject(d.bountyId, submissionId, "again"))
          .to.be.revertedWithCustomError(d.bounties, "SubmissionNotPending")
          .withArgs(d.bountyId, submissionId, status);
      }
    });
  });

  itNeedsBountyStatus(["Open", "Review"], "BountyNotReviewable", (d, bountyId) =>
    d.bounties.connect(d.reviewer).reject(bountyId, 1n, "no"),
  );
});
