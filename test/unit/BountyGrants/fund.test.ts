import { expect } from "chai";

import { addressOf } from "../../fixtures/address-of.js";
import { at } from "../../fixtures/at.js";
import { FUNDED, GIVEN, ISSUED, award, openBounty, submittedBounty } from "../../fixtures/bounties.js";
import { ethers, networkHelpers } from "../../fixtures/deployed.js";
import { BOUNTY_STATUS, itNeedsBountyStatus } from "../../fixtures/every-bounty-status.js";

describe("BountyGrants.fund", () => {
  describe("given an open bounty without an award", () => {
    it("takes NMR of anybody, recorded per funder", async () => {
      const d = await networkHelpers.loadFixture(openBounty);
      const funding = d.bounties.connect(d.stranger).fund(d.bountyId, 5n);
      await expect(funding).to.changeTokenBalances(ethers, d.nmr, [d.stranger, d.bounties], [-5n, 5n]);
      await expect(funding).to.emit(d.bounties, "BountyFunded").withArgs(d.bountyId, d.stranger, 5n);
      const { funded, unawarded } = await d.bounties.getBounty(d.bountyId);
      expect([funded, unawarded]).to.deep.equal([FUNDED + 5n, FUNDED + 5n]);
      expect(await d.bounties.contributions(d.bountyId, d.stranger)).to.equal(5n);
      expect(await d.bounties.contributions(d.bountyId, d.issuer)).to.equal(ISSUED);
    });

    it("adds up what one funder gives", async () => {
      const d = await networkHelpers.loadFixture(openBounty);
      await d.bounties.connect(d.patron).fund(d.bountyId, 2n);
      expect(await d.bounties.contributions(d.bountyId, d.patron)).to.equal(GIVEN + 2n);
    });

    it("takes NMR while a submission is pending", async () => {
      const d = await networkHelpers.loadFixture(submittedBounty);
      await d.bounties.connect(d.patron).fund(d.bountyId, 1n);
      expect((await d.bounties.getBounty(d.bountyId)).funded).to.equal(FUNDED + 1n);
    });

    it("refuses nothing at all", async () => {
      const d = await networkHelpers.loadFixture(openBounty);
      await expect(d.bounties.connect(d.patron).fund(d.bountyId, 0n)).to.be.revertedWithCustomError(
        d.bounties,
        "ZeroAmount",
      );
    });

    it("refuses without the allowance, and records nothing", async () => {
      const d = await networkHelpers.loadFixture(openBounty);
      await expect(d.bounties.connect(d.author).fund(d.bountyId, 1n))
        .to.be.revertedWithCustomError(d.nmr, "ERC20InsufficientAllowance")
        .withArgs(await addressOf(d.bounties), 0n, 1n);
      expect(await d.bounties.contributions(d.bountyId, d.author)).to.equal(0n);
    });

    it("refuses more than can be counted, with the sum", async () => {
      const d = await networkHelpers.loadFixture(openBounty);
      const most = 2n ** 96n - 1n;
      await expect(d.bounties.connect(d.patron).fund(d.bountyId, most))
        .to.be.revertedWithCustomError(d.bounties, "SafeCastOverflowedUintDowncast")
        .withArgs(96n, most + FUNDED);
    });
  });

  describe("given a first award", () => {
    it("refuses: who comes later would pay for it with a share of the refund", async () => {
      const d = await networkHelpers.loadFixture(submittedBounty);
      await award(d, { payees: [d.author.address], amounts: [1n] });
      await expect(d.bounties.connect(d.patron).fund(d.bountyId, 1n))
        .to.be.revertedWithCustomError(d.bounties, "FundingClosed")
        .withArgs(d.bountyId);
    });
  });

  describe("given the seconds around the deadline", () => {
    it("takes NMR in the second of the deadline and refuses in the next", async () => {
      const d = await networkHelpers.loadFixture(openBounty);
      await at(d.deadline);
      await d.bounties.connect(d.patron).fund(d.bountyId, 1n);
      await at(d.deadline + 1);
      await expect(d.bounties.connect(d.patron).fund(d.bountyId, 1n))
        .to.be.revertedWithCustomError(d.bounties, "BountyNotOpen")
        .withArgs(d.bountyId, BOUNTY_STATUS.Overdue);
    });
  });

  itNeedsBountyStatus(["Open"], "BountyNotOpen", (d, bountyId) => d.bounties.connect(d.patron).fund(bountyId, 1n));
});
