import { expect } from "chai";
import { id, parseEther } from "ethers";

import { at } from "../../fixtures/at.js";
import {
  FUNDED,
  NOTICE,
  WINDOW,
  WORK_URI,
  award,
  openBounty,
  submittedBounty,
  type OpenBounty,
} from "../../fixtures/bounties.js";
import { ethers, networkHelpers } from "../../fixtures/deployed.js";
import { BOUNTY_STATUS, itNeedsBountyStatus } from "../../fixtures/every-bounty-status.js";

interface AnnouncedBounty extends OpenBounty {
  /** First second in which it can be cancelled. */
  from: number;
}

/** The author's work is pending, and the issuer gave notice. */
async function announcedBounty(): Promise<AnnouncedBounty> {
  const d = await submittedBounty();
  await d.bounties.connect(d.issuer).announceCancel(d.bountyId);
  return { ...d, from: (await networkHelpers.time.latest()) + NOTICE };
}

describe("BountyGrants.cancel", () => {
  describe("given nothing pending", () => {
    it("closes at once, and fixes what funders share", async () => {
      const d = await networkHelpers.loadFixture(openBounty);
      const cancelling = d.bounties.connect(d.issuer).cancel(d.bountyId);
      await expect(cancelling).to.changeTokenBalance(ethers, d.nmr, d.bounties, 0n);
      await expect(cancelling).to.emit(d.bounties, "BountyCancelled").withArgs(d.bountyId, FUNDED);
      const { status, remainder, unawarded } = await d.bounties.getBounty(d.bountyId);
      expect([status, remainder, unawarded]).to.deep.equal([BOUNTY_STATUS.Cancelled, FUNDED, FUNDED]);
    });

    it("closes at once after every submission was decided; what was awarded stays awarded", async () => {
      const d = await networkHelpers.loadFixture(submittedBounty);
      await d.bounties.connect(d.stranger).submit(d.bountyId, id("more"), WORK_URI);
      await award(d);
      await d.bounties.connect(d.reviewer).reject(d.bountyId, 2n, "no");
      await expect(d.bounties.connect(d.issuer).cancel(d.bountyId))
        .to.emit(d.bounties, "BountyCancelled")
        .withArgs(d.bountyId, FUNDED - parseEther("40"));
    });

    it("is the issuer's alone", async () => {
      const d = await networkHelpers.loadFixture(openBounty);
      for (const by of [d.reviewer, d.patron, d.stranger, d.deployer, d.guardian]) {
        await expect(d.bounties.connect(by).cancel(d.bountyId))
          .to.be.revertedWithCustomError(d.bounties, "NotIssuer")
          .withArgs(d.issuer, by);
      }
    });
  });

  describe("given a pending submission", () => {
    it("refuses without a notice", async () => {
      const d = await networkHelpers.loadFixture(submittedBounty);
      await expect(d.bounties.connect(d.issuer).cancel(d.bountyId))
        .to.be.revertedWithCustomError(d.bounties, "NoticeNotGiven")
        .withArgs(d.bountyId);
    });

    it("refuses in the last second of the notice and closes in the next", async () => {
      const d = await networkHelpers.loadFixture(announcedBounty);
      await at(d.from - 1);
      await expect(d.bounties.connect(d.issuer).cancel(d.bountyId))
        .to.be.revertedWithCustomError(d.bounties, "NoticeRunning")
        .withArgs(d.from, d.from - 1);
      await at(d.from);
      await d.bounties.connect(d.issuer).cancel(d.bountyId);
      expect((await d.bounties.getBounty(d.bountyId)).status).to.equal(BOUNTY_STATUS.Cancelled);
    });

    it("closes in the last second before the notice lapses, and refuses in the next", async () => {
      for (const late of [0, 1]) {
        const d = await networkHelpers.loadFixture(announcedBounty);
        await at(d.from + WINDOW + late);
        const cancelling = d.bounties.connect(d.issuer).cancel(d.bountyId);
        if (late === 0) await cancelling;
        else {
          await expect(cancelling).to.be.revertedWithCustomError(d.bounties, "NoticeNotGiven").withArgs(d.bountyId);
        }
      }
    });

    it("is not stopped by submissions that come after the announcement", async () => {
      const d = await networkHelpers.loadFixture(announcedBounty);
      await at(d.from - 2);
      await d.bounties.connect(d.stranger).submit(d.bountyId, id("spam"), "");
      await at(d.from);
      await d.bounties.connect(d.issuer).cancel(d.bountyId);
      expect((await d.bounties.getBounty(d.bountyId)).pendingCount).to.equal(2n);
    });

    it("comes too late for an award made within the notice", async () => {
      const d = await networkHelpers.loadFixture(announcedBounty);
      await at(d.from - 1);
      await award(d, { payees: [d.author.address], amounts: [FUNDED] });
      await at(d.from);
      await expect(d.bounties.connect(d.issuer).cancel(d.bountyId))
        .to.be.revertedWithCustomError(d.bounties, "BountyNotOpen")
        .withArgs(d.bountyId, BOUNTY_STATUS.Awarded);
    });
  });

  itNeedsBountyStatus(["Open"], "BountyNotOpen", (d, bountyId) => d.bounties.connect(d.issuer).cancel(bountyId));
});
