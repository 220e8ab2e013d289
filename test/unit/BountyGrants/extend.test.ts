import { expect } from "chai";

import { at } from "../../fixtures/at.js";
import { LONGEST, openBounty, submittedBounty } from "../../fixtures/bounties.js";
import { networkHelpers } from "../../fixtures/deployed.js";
import { BOUNTY_STATUS, itNeedsBountyStatus } from "../../fixtures/every-bounty-status.js";

describe("BountyGrants.extend", () => {
  describe("given an open bounty", () => {
    it("takes submissions for longer, with submissions or without", async () => {
      for (const fixture of [openBounty, submittedBounty]) {
        const d = await networkHelpers.loadFixture(fixture);
        await expect(d.bounties.connect(d.issuer).extend(d.bountyId, d.deadline + 1))
          .to.emit(d.bounties, "DeadlineExtended")
          .withArgs(d.bountyId, d.deadline + 1);
        expect((await d.bounties.getBounty(d.bountyId)).deadline).to.equal(d.deadline + 1);
      }
    });

    it("refuses the same second and an earlier one", async () => {
      const d = await networkHelpers.loadFixture(openBounty);
      const { postedAt } = await d.bounties.getBounty(d.bountyId);
      for (const second of [d.deadline, d.deadline - 1]) {
        await expect(d.bounties.connect(d.issuer).extend(d.bountyId, second))
          .to.be.revertedWithCustomError(d.bounties, "InvalidDeadline")
          .withArgs(d.deadline + 1, postedAt + BigInt(LONGEST), second);
      }
    });

    it("goes no further than two years from posting, however often: funders know how long they may wait", async () => {
      const d = await networkHelpers.loadFixture(openBounty);
      const { postedAt } = await d.bounties.getBounty(d.bountyId);
      const latest = postedAt + BigInt(LONGEST);
      await expect(d.bounties.connect(d.issuer).extend(d.bountyId, latest + 1n))
        .to.be.revertedWithCustomError(d.bounties, "InvalidDeadline")
        .withArgs(d.deadline + 1, latest, latest + 1n);
      await d.bounties.connect(d.issuer).extend(d.bountyId, latest);
      await at(latest);
      await expect(d.bounties.connect(d.issuer).extend(d.bountyId, latest + 1n))
        .to.be.revertedWithCustomError(d.bounties, "InvalidDeadline")
        .withArgs(latest + 1n, latest, latest + 1n);
    });

    it("is the issuer's alone", async () => {
      const d = await networkHelpers.loadFixture(openBounty);
      for (const by of [d.reviewer, d.patron, d.stranger]) {
        await expect(d.bounties.connect(by).extend(d.bountyId, d.deadline + 1))
          .to.be.revertedWithCustomError(d.bounties, "NotIssuer")
          .withArgs(d.issuer, by);
      }
    });
  });

  describe("given the seconds around the deadline", () => {
    it("extends in the second of the deadline and refuses in the next", async () => {
      const d = await networkHelpers.loadFixture(openBounty);
      await at(d.deadline);
      await d.bounties.connect(d.issuer).extend(d.bountyId, d.deadline + 10);
      await at(d.deadline + 11);
      await expect(d.bounties.connect(d.issuer).extend(d.bountyId, d.deadline + 100))
        .to.be.revertedWithCustomError(d.bounties, "BountyNotOpen")
        .withArgs(d.bountyId, BOUNTY_STATUS.Overdue);
    });
  });

  itNeedsBountyStatus(["Open"], "BountyNotOpen", (d, bountyId) =>
    d.bounties.connect(d.issuer).extend(bountyId, d.deadline + 1),
  );
});
