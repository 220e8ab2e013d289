import { expect } from "chai";
import { ZeroAddress, getAddress, id, parseEther, toBeHex } from "ethers";

import { addressOf } from "../../fixtures/address-of.js";
import { at } from "../../fixtures/at.js";
import { FUNDED, REVIEW, WORK_URI, award, awardCall, submittedBounty } from "../../fixtures/bounties.js";
import { ethers, networkHelpers } from "../../fixtures/deployed.js";
import {
  BOUNTY_STATUS,
  SUBMISSION_STATUS,
  everyBountyStatus,
  itNeedsBountyStatus,
} from "../../fixtures/every-bounty-status.js";

const AWARDED = parseEther("40");
const FOUR_YEARS = 4n * 365n * 86_400n;
const payeeNamed = (i: number): string => getAddress(toBeHex(0xabc0 + i, 20));

describe("BountyGrants.award", () => {
  describe("given a pending submission and no vesting", () => {
    it("pays each payee at once, and tells all of it", async () => {
      const d = await networkHelpers.loadFixture(submittedBounty);
      const { payees, amounts } = awardCall(d);
      const awarding = award(d);
      await expect(awarding).to.changeTokenBalances(
        ethers,
        d.nmr,
        [d.bounties, d.author, d.colleague],
        [-AWARDED, ...amounts],
      );
      await expect(awarding).to.emit(d.bounties, "SubmissionAwarded").withArgs(d.bountyId, 1n, payees, amounts, 0n, 0n);
      expect(await d.bounties.grantCount()).to.equal(0n);
    });

    it("takes the award from what is left, and the submission from what is pending", async () => {
      const d = await networkHelpers.loadFixture(submittedBounty);
      await award(d);
      const bounty = await d.bounties.getBounty(d.bountyId);
      expect([bounty.funded, bounty.unawarded, bounty.pendingCount]).to.deep.equal([FUNDED, FUNDED - AWARDED, 0n]);
      expect((await d.bounties.getSubmission(d.bountyId, 1n)).status).to.equal(SUBMISSION_STATUS.Awarded);
    });

    it("lets several submissions win, until nothing is left", async () => {
      const d = await networkHelpers.loadFixture(submittedBounty);
      await d.bounties.connect(d.stranger).submit(d.bountyId, id("more"), WORK_URI);
      await award(d);
      await award(d, { submissionId: 2n, payees: [d.stranger.address], amounts: [FUNDED - AWARDED] });
      const { unawarded, status } = await d.bounties.getBounty(d.bountyId);
      expect([unawarded, status]).to.deep.equal([0n, BOUNTY_STATUS.Awarded]);
    });

    it("lets the reviewer award its own submission to itself: whom to trust is said when the bounty is posted", async () => {
      const d = await networkHelpers.loadFixture(submittedBounty);
      await d.bounties.connect(d.reviewer).submit(d.bountyId, id("my own"), WORK_URI);
      await expect(award(d, { submissionId: 2n, payees: [d.reviewer.address], amounts: [1n] })).to.changeTokenBalance(
        ethers,
        d.nmr,
        d.reviewer,
        1n,
      );
    });
  });

  describe("given vesting", () => {
    it("begins a grant for each payee and pays nothing yet", async () => {
      const d = await networkHelpers.loadFixture(submittedBounty);
      const { payees, amounts } = awardCall(d);
      const awarding = award(d, { vestingSeconds: 1_000n });
      await expect(awarding).to.changeTokenBalances(ethers, d.nmr, [d.bounties, d.author, d.colleague], [0n, 0n, 0n]);
      await expect(awarding)
        .to.emit(d.bounties, "SubmissionAwarded")
        .withArgs(d.bountyId, 1n, payees, amounts, 1_000n, 1n);
      const startsAt = BigInt(await networkHelpers.time.latest());
      expect(await d.bounties.grantCount()).to.equal(2n);
      for (const [i, payee] of payees.entries()) {
        expect(await d.bounties.getGrant(BigInt(i + 1))).to.deep.equal([
          payee,
          amounts[i],
          0n, // released
          startsAt,
          1_000n,
          d.bountyId,
        ]);
      }
      expect((await d.bounties.getBounty(d.bountyId)).unawarded).to.equal(FUNDED - AWARDED);
    });

    it("pays nothing at once however short the vesting is", async () => {
      const d = await networkHelpers.loadFixture(submittedBounty);
      await expect(award(d, { vestingSeconds: 1n })).to.changeTokenBalances(
        ethers,
        d.nmr,
        [d.bounties, d.author, d.colleague],
        [0n, 0n, 0n],
      );
    });

    it("goes on numbering with the next award", async () => {
      const d = await networkHelpers.loadFixture(submittedBounty);
      await d.bounties.connect(d.stranger).submit(d.bountyId, id("more"), WORK_URI);
      await award(d, { vestingSeconds: 1n });
      const second = { submissionId: 2n, payees: [d.stranger.address], amounts: [5n], vestingSeconds: 2n };
      await expect(award(d, second))
        .to.emit(d.bounties, "SubmissionAwarded")
        .withArgs(d.bountyId, 2n, second.payees, second.amounts, 2n, 3n);
      expect((await d.bounties.getGrant(3n)).payee).to.equal(d.stranger.address);
      expect((await d.bounties.getGrant(2n)).payee).to.equal(d.colleague.address);
    });

    it("takes four years and refuses a second more", async () => {
      const d = await networkHelpers.loadFixture(submittedBounty);
      await expect(award(d, { vestingSeconds: FOUR_YEARS + 1n }))
        .to.be.revertedWithCustomError(d.bounties, "InvalidVesting")
        .withArgs(FOUR_YEARS, FOUR_YEARS + 1n);
      await award(d, { vestingSeconds: FOUR_YEARS });
      expect((await d.bounties.getGrant(1n)).duration).to.equal(FOUR_YEARS);
    });
  });

  describe("given a split that is wrong", () => {
    const sixteen = Array.from({ length: 16 }, (_, i) => payeeNamed(i));
    for (const [name, payees, amounts] of [
      ["no payee", [], []],
      ["17 payees", [...sixteen, payeeNamed(16)], new Array<bigint>(17).fill(1n)],
      ["more payees than amounts", sixteen.slice(0, 2), [1n]],
      ["fewer payees than amounts", sixteen.slice(0, 1), [1n, 1n]],
    ] as const) {
      it(`refuses ${name}`, async () => {
        const d = await networkHelpers.loadFixture(submittedBounty);
        await expect(award(d, { payees: [...payees], amounts: [...amounts] }))
          .to.be.revertedWithCustomError(d.bounties, "InvalidSplit")
          .withArgs(16n, payees.length, amounts.length);
      });
    }

    it("takes 16 payees", async () => {
      const d = await networkHelpers.loadFixture(submittedBounty);
      await award(d, { payees: sixteen, amounts: sixteen.map((_, i) => BigInt(i + 1)) });
      expect(await d.nmr.balanceOf(payeeNamed(15))).to.equal(16n);
      expect((await d.bounties.getBounty(d.bountyId)).unawarded).to.equal(FUNDED - 136n);
    });

    it("refuses zero, and the bounties themselves, as a payee: the NMR would be nobody's", async () => {
      const d = await networkHelpers.loadFixture(submittedBounty);
      for (const payee of [ZeroAddress, await addressOf(d.bounties)]) {
        await expect(award(d, { payees: [d.author.address, payee], amounts: [1n, 1n] }))
          .to.be.revertedWithCustomError(d.bounties, "InvalidPayee")
          .withArgs(payee);
      }
    });

    it("refuses an amount of zero", async () => {
      const d = await networkHelpers.loadFixture(submittedBounty);
      await expect(award(d, { amounts: [1n, 0n] })).to.be.revertedWithCustomError(d.bounties, "ZeroAmount");
    });

    it("refuses a payee twice, wherever it stands", async () => {
      const d = await networkHelpers.loadFixture(submittedBounty);
      const [first = "", second = "", third = ""] = sixteen;
      for (const payees of [
        [first, first, second],
        [first, second, first],
        [second, first, first],
      ]) {
        await expect(award(d, { payees, amounts: [1n, 1n, 1n] }))
          .to.be.revertedWithCustomError(d.bounties, "DuplicatePayee")
          .withArgs(first);
      }
      await award(d, { payees: [first, second, third], amounts: [1n, 1n, 1n] });
    });
  });

  describe("given more than is left", () => {
    it("takes all of it and refuses a wei more", async () => {
      const d = await networkHelpers.loadFixture(submittedBounty);
      const payees = [d.author.address, d.colleague.address];
      await expect(award(d, { payees, amounts: [FUNDED, 1n] }))
        .to.be.revertedWithCustomError(d.bounties, "AwardAboveUnawarded")
        .withArgs(FUNDED, FUNDED + 1n);
      await award(d, { payees, amounts: [FUNDED - 1n, 1n] });
    });

    it("adds amounts up without an overflow", async () => {
      const d = await networkHelpers.loadFixture(submittedBounty);
      const most = 2n ** 96n - 1n;
      const payees = Array.from({ length: 16 }, (_, i) => payeeNamed(i));
      await expect(award(d, { payees, amounts: payees.map(() => most) }))
        .to.be.revertedWithCustomError(d.bounties, "AwardAboveUnawarded")
        .withArgs(FUNDED, 16n * most);
    });

    it("refuses the NMR of another bounty", async () => {
      const d = await networkHelpers.loadFixture(everyBountyStatus);
      const { unawarded } = await d.bounties.getBounty(d.bountyId);
      await expect(award(d, { payees: [d.author.address], amounts: [unawarded + 1n] }))
        .to.be.revertedWithCustomError(d.bounties, "AwardAboveUnawarded")
        .withArgs(unawarded, unawarded + 1n);
    });
  });

  describe("given a submission that is not pending", () => {
    it("refuses one that does not exist", async () => {
      const d = await networkHelpers.loadFixture(submittedBounty);
      for (const submissionId of [0n, 2n]) {
        await expect(award(d, { submissionId }))
          .to.be.revertedWithCustomError(d.bounties, "SubmissionNotPending")
          .withArgs(d.bountyId, submissionId, SUBMISSION_STATUS.None);
      }
    });

    it("refuses one that was awarded", async () => {
      const d = await networkHelpers.loadFixture(submittedBounty);
      await award(d);
      await expect(award(d))
        .to.be.revertedWithCustomError(d.bounties, "SubmissionNotPending")
        .withArgs(d.bountyId, 1n, SUBMISSION_STATUS.Awarded);
    });

    it("refuses one that was rejected", async () => {
      const d = await networkHelpers.loadFixture(submittedBounty);
      await d.bounties.connect(d.reviewer).reject(d.bountyId, 1n, "no");
      await expect(award(d))
        .to.be.revertedWithCustomError(d.bounties, "SubmissionNotPending")
        .withArgs(d.bountyId, 1n, SUBMISSION_STATUS.Rejected);
    });
  });

  describe("given another caller", () => {
    it("refuses the issuer, the author and a stranger", async () => {
      const d = await networkHelpers.loadFixture(submittedBounty);
      for (const by of [d.issuer, d.author, d.stranger]) {
        await expect(award(d, { by }))
          .to.be.revertedWithCustomError(d.bounties, "NotReviewer")
          .withArgs(d.reviewer, by);
      }
    });
  });

  describe("given the seconds around the end of the review", () => {
    it("takes an award in the last second of 14 days after the deadline and refuses it in the next", async () => {
      const d = await networkHelpers.loadFixture(submittedBounty);
      await d.bounties.connect(d.stranger).submit(d.bountyId, id("more"), WORK_URI);
      await at(d.deadline + REVIEW);
      await award(d);
      await at(d.deadline + REVIEW + 1);
      await expect(award(d, { submissionId: 2n }))
        .to.be.revertedWithCustomError(d.bounties, "BountyNotReviewable")
        .withArgs(d.bountyId, BOUNTY_STATUS.Overdue);
    });
  });

  itNeedsBountyStatus(["Open", "Review"], "BountyNotReviewable", (d, bountyId) =>
    award(d, { bountyId, payees: [d.author.address], amounts: [1n] }),
  );
});
