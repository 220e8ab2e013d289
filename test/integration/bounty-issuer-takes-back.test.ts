import { expect } from "chai";
import { id, parseEther } from "ethers";

import { at } from "../fixtures/at.js";
import {
  FUNDED,
  NOTICE,
  REVIEW,
  WORK,
  WORK_URI,
  approvalOf,
  award,
  endow,
  fundData,
  postBounty,
  signApproval,
  submittedBounty,
  type OpenBounty,
} from "../fixtures/bounties.js";
import { ethers, networkHelpers } from "../fixtures/deployed.js";
import { BOUNTY_STATUS } from "../fixtures/every-bounty-status.js";
import { DAY } from "../fixtures/rounds.js";

const AWARDED = parseEther("70");
const LEFT = FUNDED - AWARDED;

interface AwardedBounty extends OpenBounty {
  /** When the award began to vest. */
  startsAt: number;
}

/** 70 of 100 NMR were awarded to the author over 100 days; nothing has been released. */
async function awardedBounty(): Promise<AwardedBounty> {
  const d = await submittedBounty();
  await award(d, { payees: [d.author.address], amounts: [AWARDED], vestingSeconds: BigInt(100 * DAY) });
  return { ...d, startsAt: await networkHelpers.time.latest() };
}

/** What the author gets in the end, whatever the issuer did. */
async function expectAuthorIsPaid(d: AwardedBounty): Promise<void> {
  await networkHelpers.time.increaseTo(d.startsAt + 100 * DAY);
  await expect(d.bounties.release(1n)).to.changeTokenBalance(ethers, d.nmr, d.author, AWARDED);
}

/** What issuer and patron get back together. */
async function expectOthersShareTheRest(d: AwardedBounty): Promise<void> {
  for (const [funder, share] of [
    [d.issuer, (LEFT * 60n) / 100n],
    [d.patron, (LEFT * 40n) / 100n],
  ] as const) {
    await expect(d.bounties.connect(funder).reclaim(d.bountyId)).to.changeTokenBalance(ethers, d.nmr, funder, share);
  }
}

describe("an issuer that wants awarded NMR back", () => {
  it("cancels: only what was not awarded goes back, to everybody who funded", async () => {
    const d = await networkHelpers.loadFixture(awardedBounty);
    await d.bounties.connect(d.issuer).cancel(d.bountyId);
    await expectOthersShareTheRest(d);
    await expectAuthorIsPaid(d);
    expect(await d.nmr.balanceOf(d.bounties)).to.equal(0n);
  });

  it("lets the bounty expire while the award still vests: the same", async () => {
    const d = await networkHelpers.loadFixture(awardedBounty);
    await at(d.deadline + 1);
    await d.bounties.connect(d.issuer).expire(d.bountyId);
    await expectOthersShareTheRest(d);
    await expectAuthorIsPaid(d);
  });

  it("reclaims before closing, twice, and after both ways of closing: at most its share, once", async () => {
    const d = await networkHelpers.loadFixture(awardedBounty);
    const issuer = d.bounties.connect(d.issuer);
    await expect(issuer.reclaim(d.bountyId)).to.be.revertedWithCustomError(d.bounties, "BountyNotClosed");
    await issuer.cancel(d.bountyId);
    await issuer.reclaim(d.bountyId);
    await expect(issuer.reclaim(d.bountyId)).to.be.revertedWithCustomError(d.bounties, "NothingToReclaim");
    await expect(issuer.cancel(d.bountyId)).to.be.revertedWithCustomError(d.bounties, "BountyNotOpen");
    await at(d.deadline + REVIEW + 1);
    await expect(issuer.expire(d.bountyId)).to.be.revertedWithCustomError(d.bounties, "BountyNotOverdue");
    await expectAuthorIsPaid(d);
  });

  it("funds after the award, to weigh more in the refund: refused, by every path", async () => {
    const d = await networkHelpers.loadFixture(awardedBounty);
    await expect(d.bounties.connect(d.issuer).fund(d.bountyId, FUNDED))
      .to.be.revertedWithCustomError(d.bounties, "FundingClosed")
      .withArgs(d.bountyId);
    const data = fundData(d.bountyId);
    await expect(d.nmr.connect(d.issuer)["transferAndCall(address,uint256,bytes)"](d.bounties, FUNDED, data))
      .to.be.revertedWithCustomError(d.bounties, "FundingClosed")
      .withArgs(d.bountyId);
    // A plain transfer is a gift to nobody: it changes no account.
    await d.nmr.connect(d.issuer).transfer(d.bounties, 1n);
    await d.bounties.connect(d.issuer).cancel(d.bountyId);
    await expectOthersShareTheRest(d);
    await expectAuthorIsPaid(d);
  });

  it("awards the rest to itself, which only the reviewer can, and releases the grant, which pays the author", async () => {
    const d = await networkHelpers.loadFixture(awardedBounty);
    await expect(award(d, { by: d.issuer, payees: [d.issuer.address], amounts: [1n] }))
      .to.be.revertedWithCustomError(d.bounties, "NotReviewer")
      .withArgs(d.reviewer, d.issuer);
    await at(d.startsAt + 50 * DAY);
    await expect(d.bounties.connect(d.issuer).release(1n)).to.changeTokenBalances(
      ethers,
      d.nmr,
      [d.issuer, d.author],
      [0n, AWARDED / 2n],
    );
  });

  it("is the reviewer itself and rejects what it awarded, or awards the rest to itself: the award stands", async () => {
    const d = await networkHelpers.loadFixture(submittedBounty);
    const bountyId = await postBounty(d, { reviewer: d.issuer.address, amount: FUNDED });
    await d.bounties.connect(d.author).submit(bountyId, WORK, WORK_URI);
    await d.bounties.connect(d.issuer).submit(bountyId, id("my own"), WORK_URI);
    await award(d, { bountyId, by: d.issuer, payees: [d.author.address], amounts: [AWARDED], vestingSeconds: 100n });
    const startsAt = await networkHelpers.time.latest();
    await expect(d.bounties.connect(d.issuer).reject(bountyId, 1n, "on second thoughts")).to.be.revertedWithCustomError(
      d.bounties,
      "SubmissionNotPending",
    );
    const self = { bountyId, by: d.issuer, submissionId: 2n, payees: [d.issuer.address] };
    await expect(award(d, { ...self, amounts: [LEFT + 1n] }))
      .to.be.revertedWithCustomError(d.bounties, "AwardAboveUnawarded")
      .withArgs(LEFT, LEFT + 1n);
    await award(d, { ...self, amounts: [LEFT] });
    await networkHelpers.time.increaseTo(startsAt + 100);
    await expect(d.bounties.release(1n)).to.changeTokenBalance(ethers, d.nmr, d.author, AWARDED);
  });

  it("cancels another bounty of its own: that one gives back no more than its own", async () => {
    const d = await networkHelpers.loadFixture(awardedBounty);
    const other = await postBounty(d, { amount: 5n });
    await d.bounties.connect(d.issuer).cancel(other);
    await expect(d.bounties.connect(d.issuer).reclaim(other)).to.changeTokenBalance(ethers, d.nmr, d.issuer, 5n);
    await expectAuthorIsPaid(d);
  });
});

describe("an issuer that wants to cancel before a signed award is redeemed", () => {
  it("has to give seven days' notice, in which anybody redeems it", async () => {
    const d = await networkHelpers.loadFixture(submittedBounty);
    const deadline = BigInt(d.deadline);
    const approval = await approvalOf(d, { payees: [d.author.address], amounts: [AWARDED], deadline });
    const signature = await signApproval(d, d.reviewer, approval);
    const issuer = d.bounties.connect(d.issuer);
    await expect(issuer.cancel(d.bountyId)).to.be.revertedWithCustomError(d.bounties, "NoticeNotGiven");
    await issuer.announceCancel(d.bountyId);
    const from = (await networkHelpers.time.latest()) + NOTICE;
    await at(from - 2);
    await expect(issuer.cancel(d.bountyId)).to.be.revertedWithCustomError(d.bounties, "NoticeRunning");
    await at(from - 1);
    await expect(d.bounties.connect(d.stranger).awardBySig(approval, signature)).to.changeTokenBalance(
      ethers,
      d.nmr,
      d.author,
      AWARDED,
    );
    await at(from);
    await expect(issuer.cancel(d.bountyId)).to.emit(d.bounties, "BountyCancelled").withArgs(d.bountyId, LEFT);
  });

  it("moves the deadline nowhere but later, and lets nothing lapse early", async () => {
    const d = await networkHelpers.loadFixture(submittedBounty);
    const issuer = d.bounties.connect(d.issuer);
    await expect(issuer.extend(d.bountyId, d.deadline - DAY)).to.be.revertedWithCustomError(
      d.bounties,
      "InvalidDeadline",
    );
    await at(d.deadline + 1);
    await expect(issuer.cancel(d.bountyId))
      .to.be.revertedWithCustomError(d.bounties, "BountyNotOpen")
      .withArgs(d.bountyId, BOUNTY_STATUS.Review);
    await expect(issuer.expire(d.bountyId)).to.be.revertedWithCustomError(d.bounties, "BountyNotOverdue");
    await expect(award(d)).to.changeTokenBalance(ethers, d.nmr, d.author, parseEther("30"));
  });
});

describe("an issuer that holds other people's NMR by allowance", () => {
  it("cannot put it into a bounty of its own", async () => {
    const d = await networkHelpers.loadFixture(awardedBounty);
    await endow(d, d.colleague);
    await d.nmr.connect(d.colleague).approve(d.issuer, FUNDED);
    const other = await postBounty(d, { amount: 5n });
    await expect(
      d.nmr
        .connect(d.issuer)
        ["transferFromAndCall(address,address,uint256,bytes)"](d.colleague, d.bounties, FUNDED, fundData(other)),
    )
      .to.be.revertedWithCustomError(d.bounties, "OperatorNotSender")
      .withArgs(d.issuer, d.colleague);
    expect(await d.bounties.contributions(other, d.colleague)).to.equal(0n);
  });
});
