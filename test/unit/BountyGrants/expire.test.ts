import { expect } from "chai";
import { parseEther } from "ethers";

import { at } from "../../fixtures/at.js";
import { FUNDED, REVIEW, award, openBounty, submittedBounty } from "../../fixtures/bounties.js";
import { ethers, networkHelpers } from "../../fixtures/deployed.js";
import { BOUNTY_STATUS, itNeedsBountyStatus } from "../../fixtures/every-bounty-status.js";

describe("BountyGrants.expire", () => {
  describe("given nothing pending", () => {
    it("refuses in the second of the deadline and closes in the next, by anybody", async () => {
      const d = await networkHelpers.loadFixture(openBounty);
      await at(d.deadline);
      await expect(d.bounties.connect(d.stranger).expire(d.bountyId))
        .to.be.revertedWithCustomError(d.bounties, "BountyNotOverdue")
        .withArgs(d.bountyId, BOUNTY_STATUS.Open);
      await at(d.deadline + 1);
      const expiring = d.bounties.connect(d.stranger).expire(d.bountyId);
      await expect(expiring).to.changeTokenBalance(ethers, d.nmr, d.bounties, 0n);
      await expect(expiring).to.emit(d.bounties, "BountyExpired").withArgs(d.bountyId, FUNDED);
      const { status, remainder } = await d.bounties.getBounty(d.bountyId);
      expect([status, remainder]).to.deep.equal([BOUNTY_STATUS.Expired, FUNDED]);
    });

    it("leaves what was not awarded, and tells how much", async () => {
      const d = await networkHelpers.loadFixture(submittedBounty);
      await award(d);
      await at(d.deadline + 1);
      await expect(d.bounties.expire(d.bountyId))
        .to.emit(d.bounties, "BountyExpired")
        .withArgs(d.bountyId, FUNDED - parseEther("40"));
    });

    it("closes as soon as the last submission is rejected after the deadline", async () => {
      const d = await networkHelpers.loadFixture(submittedBounty);
      await at(d.deadline + 1);
      await d.bounties.connect(d.reviewer).reject(d.bountyId, 1n, "no");
      await d.bounties.expire(d.bountyId);
      expect((await d.bounties.getBounty(d.bountyId)).status).to.equal(BOUNTY_STATUS.Expired);
    });
  });

  describe("given a submission made in time", () => {
    it("refuses for 14 days after the deadline and closes then", async () => {
      const d = await networkHelpers.loadFixture(submittedBounty);
      for (const second of [d.deadline + 1, d.deadline + REVIEW]) {
        await at(second);
        await expect(d.bounties.expire(d.bountyId))
          .to.be.revertedWithCustomError(d.bounties, "BountyNotOverdue")
          .withArgs(d.bountyId, BOUNTY_STATUS.Review);
      }
      await at(d.deadline + REVIEW + 1);
      await d.bounties.expire(d.bountyId);
      expect((await d.bounties.getBounty(d.bountyId)).remainder).to.equal(FUNDED);
    });
  });

  itNeedsBountyStatus(["Overdue"], "BountyNotOverdue", (d, bountyId) => d.bounties.expire(bountyId));
});
