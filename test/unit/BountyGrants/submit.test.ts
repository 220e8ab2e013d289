import { expect } from "chai";
import { ZeroHash, id } from "ethers";

import { at } from "../../fixtures/at.js";
import { WORK, WORK_URI, openBounty, postBounty, submittedBounty } from "../../fixtures/bounties.js";
import { networkHelpers } from "../../fixtures/deployed.js";
import { BOUNTY_STATUS, SUBMISSION_STATUS, itNeedsBountyStatus } from "../../fixtures/every-bounty-status.js";

describe("BountyGrants.submit", () => {
  describe("given an open bounty", () => {
    it("keeps the work and tells where it is", async () => {
      const d = await networkHelpers.loadFixture(openBounty);
      await expect(d.bounties.connect(d.author).submit(d.bountyId, WORK, WORK_URI))
        .to.emit(d.bounties, "WorkSubmitted")
        .withArgs(d.bountyId, 1n, d.author, WORK, WORK_URI);
      const submittedAt = BigInt(await networkHelpers.time.latest());
      expect(await d.bounties.getSubmission(d.bountyId, 1n)).to.deep.equal([
        d.author.address,
        submittedAt,
        SUBMISSION_STATUS.Pending,
        WORK,
      ]);
      const { submissionCount, pendingCount } = await d.bounties.getBounty(d.bountyId);
      expect([submissionCount, pendingCount]).to.deep.equal([1n, 1n]);
    });

    it("numbers submissions by bounty, and gives the number", async () => {
      const d = await networkHelpers.loadFixture(submittedBounty);
      const other = await postBounty(d);
      const { submit } = d.bounties.connect(d.author);
      expect(await submit.staticCall(d.bountyId, id("another"), WORK_URI)).to.equal(2n);
      expect(await submit.staticCall(other, WORK, WORK_URI)).to.equal(1n);
    });

    it("refuses no hash of the work", async () => {
      const d = await networkHelpers.loadFixture(openBounty);
      await expect(d.bounties.connect(d.author).submit(d.bountyId, ZeroHash, WORK_URI)).to.be.revertedWithCustomError(
        d.bounties,
        "ZeroHash",
      );
    });
  });

  describe("given the same work", () => {
    it("refuses it of the same account for the same bounty, whatever became of it", async () => {
      const d = await networkHelpers.loadFixture(submittedBounty);
      const again = async () => d.bounties.connect(d.author).submit(d.bountyId, WORK, "ipfs://elsewhere");
      await expect(again()).to.be.revertedWithCustomError(d.bounties, "AlreadySubmitted").withArgs(d.bountyId, 1n);
      await d.bounties.connect(d.reviewer).reject(d.bountyId, 1n, "no");
      await expect(again()).to.be.revertedWithCustomError(d.bounties, "AlreadySubmitted").withArgs(d.bountyId, 1n);
    });

    it("takes it of another account: nobody blocks an author by submitting first", async () => {
      const d = await networkHelpers.loadFixture(openBounty);
      await d.bounties.connect(d.stranger).submit(d.bountyId, WORK, WORK_URI);
      await d.bounties.connect(d.author).submit(d.bountyId, WORK, WORK_URI);
      expect((await d.bounties.getSubmission(d.bountyId, 2n)).submitter).to.equal(d.author.address);
    });

    it("takes it for another bounty", async () => {
      const d = await networkHelpers.loadFixture(submittedBounty);
      const other = await postBounty(d);
      await d.bounties.connect(d.author).submit(other, WORK, WORK_URI);
      expect((await d.bounties.getBounty(other)).pendingCount).to.equal(1n);
    });
  });

  describe("given the seconds around the deadline", () => {
    it("takes work in the second of the deadline and refuses it in the next", async () => {
      const d = await networkHelpers.loadFixture(openBounty);
      await at(d.deadline);
      await d.bounties.connect(d.author).submit(d.bountyId, WORK, WORK_URI);
      await at(d.deadline + 1);
      await expect(d.bounties.connect(d.stranger).submit(d.bountyId, WORK, WORK_URI))
        .to.be.revertedWithCustomError(d.bounties, "BountyNotOpen")
        .withArgs(d.bountyId, BOUNTY_STATUS.Review);
    });
  });

  itNeedsBountyStatus(["Open"], "BountyNotOpen", (d, bountyId) =>
    d.bounties.connect(d.author).submit(bountyId, id("more"), WORK_URI),
  );
});
