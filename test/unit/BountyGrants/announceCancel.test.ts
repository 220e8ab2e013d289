import { expect } from "chai";

import { at } from "../../fixtures/at.js";
import { NOTICE, WINDOW, openBounty, submittedBounty } from "../../fixtures/bounties.js";
import { networkHelpers } from "../../fixtures/deployed.js";
import { itNeedsBountyStatus } from "../../fixtures/every-bounty-status.js";

describe("BountyGrants.announceCancel", () => {
  describe("given a pending submission", () => {
    it("gives seven days' notice, good for seven more", async () => {
      const d = await networkHelpers.loadFixture(submittedBounty);
      const second = (await networkHelpers.time.latest()) + 10;
      await at(second);
      await expect(d.bounties.connect(d.issuer).announceCancel(d.bountyId))
        .to.emit(d.bounties, "CancelAnnounced")
        .withArgs(d.bountyId, second + NOTICE, second + NOTICE + WINDOW);
      expect((await d.bounties.getBounty(d.bountyId)).cancellableFrom).to.equal(second + NOTICE);
    });

    it("refuses another notice until the first lapsed", async () => {
      const d = await networkHelpers.loadFixture(submittedBounty);
      await d.bounties.connect(d.issuer).announceCancel(d.bountyId);
      const from = (await networkHelpers.time.latest()) + NOTICE;
      for (const second of [from - 1, from, from + WINDOW]) {
        await at(second);
        await expect(d.bounties.connect(d.issuer).announceCancel(d.bountyId))
          .to.be.revertedWithCustomError(d.bounties, "NoticeAlreadyGiven")
          .withArgs(from, from + WINDOW);
      }
      await at(from + WINDOW + 1);
      await d.bounties.connect(d.issuer).announceCancel(d.bountyId);
      expect((await d.bounties.getBounty(d.bountyId)).cancellableFrom).to.equal(from + WINDOW + 1 + NOTICE);
    });

    it("is the issuer's alone", async () => {
      const d = await networkHelpers.loadFixture(submittedBounty);
      for (const by of [d.reviewer, d.patron, d.stranger]) {
        await expect(d.bounties.connect(by).announceCancel(d.bountyId))
          .to.be.revertedWithCustomError(d.bounties, "NotIssuer")
          .withArgs(d.issuer, by);
      }
    });
  });

  describe("given nothing pending", () => {
    it("refuses a notice when all that was submitted is decided", async () => {
      const d = await networkHelpers.loadFixture(submittedBounty);
      await d.bounties.connect(d.reviewer).reject(d.bountyId, 1n, "no");
      await expect(d.bounties.connect(d.issuer).announceCancel(d.bountyId))
        .to.be.revertedWithCustomError(d.bounties, "NoticeNotNeeded")
        .withArgs(d.bountyId);
    });

    it("refuses a notice in advance, which would leave later authors none", async () => {
      const d = await networkHelpers.loadFixture(openBounty);
      await expect(d.bounties.connect(d.issuer).announceCancel(d.bountyId))
        .to.be.revertedWithCustomError(d.bounties, "NoticeNotNeeded")
        .withArgs(d.bountyId);
    });
  });

  itNeedsBountyStatus(["Open"], "BountyNotOpen", (d, bountyId) =>
    d.bounties.connect(d.issuer).announceCancel(bountyId),
  );
});
