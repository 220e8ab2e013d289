import { expect } from "chai";
import { id, parseEther } from "ethers";

import { at } from "../../fixtures/at.js";
import {
  FUNDED,
  GIVEN,
  ISSUED,
  WORK_URI,
  award,
  openBounty,
  postBounty,
  submittedBounty,
  type OpenBounty,
} from "../../fixtures/bounties.js";
import { ethers, networkHelpers } from "../../fixtures/deployed.js";
import { itNeedsBountyStatus } from "../../fixtures/every-bounty-status.js";

/** Cancelled after 25 of 100 NMR were awarded. */
async function cancelledBounty(): Promise<OpenBounty> {
  const d = await submittedBounty();
  await award(d, { payees: [d.author.address], amounts: [parseEther("25")] });
  await d.bounties.connect(d.issuer).cancel(d.bountyId);
  return d;
}

describe("BountyGrants.reclaim", () => {
  describe("given a cancelled bounty of which a quarter was awarded", () => {
    it("gives each funder three quarters back, whoever comes first", async () => {
      for (const order of [
        ["issuer", "patron"],
        ["patron", "issuer"],
      ] as const) {
        const d = await networkHelpers.loadFixture(cancelledBounty);
        for (const name of order) {
          const share = ((name === "issuer" ? ISSUED : GIVEN) * 3n) / 4n;
          const reclaiming = d.bounties.connect(d[name]).reclaim(d.bountyId);
          await expect(reclaiming).to.changeTokenBalances(ethers, d.nmr, [d.bounties, d[name]], [-share, share]);
          await expect(reclaiming).to.emit(d.bounties, "ContributionReclaimed").withArgs(d.bountyId, d[name], share);
        }
        expect((await d.bounties.getBounty(d.bountyId)).unawarded).to.equal(0n);
        expect(await d.nmr.balanceOf(d.bounties)).to.equal(0n);
      }
    });

    it("gives nobody anything twice", async () => {
      const d = await networkHelpers.loadFixture(cancelledBounty);
      await d.bounties.connect(d.patron).reclaim(d.bountyId);
      expect(await d.bounties.contributions(d.bountyId, d.patron)).to.equal(0n);
      await expect(d.bounties.connect(d.patron).reclaim(d.bountyId))
        .to.be.revertedWithCustomError(d.bounties, "NothingToReclaim")
        .withArgs(d.bountyId, d.patron);
    });

    it("gives nothing to who put nothing in", async () => {
      const d = await networkHelpers.loadFixture(cancelledBounty);
      for (const account of [d.author, d.reviewer, d.stranger]) {
        await expect(d.bounties.connect(account).reclaim(d.bountyId))
          .to.be.revertedWithCustomError(d.bounties, "NothingToReclaim")
          .withArgs(d.bountyId, account);
      }
    });

    it("keeps what was fixed at closing, and shows what is left", async () => {
      const d = await networkHelpers.loadFixture(cancelledBounty);
      await d.bounties.connect(d.patron).reclaim(d.bountyId);
      const { funded, remainder, unawarded } = await d.bounties.getBounty(d.bountyId);
      expect([funded, remainder, unawarded]).to.deep.equal([FUNDED, parseEther("75"), (ISSUED * 3n) / 4n]);
    });
  });

  describe("given an expired bounty with nothing awarded", () => {
    it("gives each funder exactly the contribution, and other bounties nothing", async () => {
      const d = await networkHelpers.loadFixture(openBounty);
      await postBounty(d, { by: d.stranger, amount: 77n });
      await at(d.deadline + 1);
      await d.bounties.expire(d.bountyId);
      await expect(d.bounties.connect(d.issuer).reclaim(d.bountyId)).to.changeTokenBalance(
        ethers,
        d.nmr,
        d.issuer,
        ISSUED,
      );
      await expect(d.bounties.connect(d.patron).reclaim(d.bountyId)).to.changeTokenBalance(
        ethers,
        d.nmr,
        d.patron,
        GIVEN,
      );
      expect(await d.nmr.balanceOf(d.bounties)).to.equal(77n);
    });
  });

  describe("given shares that are no whole wei", () => {
    it("rounds each down, and never pays more than is left", async () => {
      const d = await networkHelpers.loadFixture(openBounty);
      const bountyId = await postBounty(d, { amount: 1n });
      await d.bounties.connect(d.patron).fund(bountyId, 1n);
      await d.bounties.connect(d.stranger).fund(bountyId, 1n);
      await d.bounties.connect(d.author).submit(bountyId, id("work"), WORK_URI);
      await award(d, { bountyId, payees: [d.author.address], amounts: [1n] });
      await d.bounties.connect(d.issuer).cancel(bountyId);
      // 1 × 2 / 3 of a wei each: nobody gets any of the two that are left.
      for (const account of [d.issuer, d.patron, d.stranger]) {
        const reclaiming = d.bounties.connect(account).reclaim(bountyId);
        await expect(reclaiming).to.changeTokenBalance(ethers, d.nmr, account, 0n);
        await expect(reclaiming).to.emit(d.bounties, "ContributionReclaimed").withArgs(bountyId, account, 0n);
      }
      expect((await d.bounties.getBounty(bountyId)).unawarded).to.equal(2n);
    });
  });

  itNeedsBountyStatus(["Cancelled", "Expired"], "BountyNotClosed", (d, bountyId) =>
    d.bounties.connect(d.issuer).reclaim(bountyId),
  );
});
