import { expect } from "chai";
import { Wallet, id, keccak256, parseEther, toBeHex } from "ethers";

import { at } from "../fixtures/at.js";
import {
  FUNDED,
  GIVEN,
  ISSUED,
  LONGEST,
  NOTICE,
  REVIEW,
  WORK,
  WORK_URI,
  award,
  fundData,
  openBounty,
  postBounty,
  postCall,
  submittedBounty,
} from "../fixtures/bounties.js";
import { ethers, networkHelpers } from "../fixtures/deployed.js";
import { BOUNTY_STATUS } from "../fixtures/every-bounty-status.js";
import { DAY } from "../fixtures/rounds.js";

/** Bounty escrows have failed audits in these ways; CONTRACTS names each. */
describe("Lessons of audits of bounty escrows", () => {
  it("an unbounded list of deposits cannot brick refunds: a refund costs the same after 150 deposits", async () => {
    const costs: bigint[] = [];
    for (const deposits of [0, 150]) {
      const d = await networkHelpers.loadFixture(openBounty);
      for (let i = 0; i < deposits; ++i) await d.bounties.connect(d.stranger).fund(d.bountyId, 1n);
      await d.bounties.connect(d.issuer).cancel(d.bountyId);
      const receipt = await (await d.bounties.connect(d.patron).reclaim(d.bountyId)).wait();
      costs.push(receipt?.gasUsed ?? 0n);
    }
    const [few = 0n, many = 0n] = costs;
    expect(few).to.be.above(0n);
    expect(many).to.equal(few);
  });

  it("an unbounded list of funders cannot either: each takes its own share, and none waits for another", async () => {
    const d = await networkHelpers.loadFixture(openBounty);
    const crowd = Array.from({ length: 20 }, (_, i) => new Wallet(keccak256(toBeHex(i + 1)), ethers.provider));
    for (const { address } of crowd) {
      await d.nmr.connect(d.minter).mint(address, 3n);
      await networkHelpers.impersonateAccount(address);
      await networkHelpers.setBalance(address, parseEther("1"));
      const funder = await ethers.getSigner(address);
      await d.nmr.connect(funder)["transferAndCall(address,uint256,bytes)"](d.bounties, 3n, fundData(d.bountyId));
    }
    await d.bounties.connect(d.issuer).cancel(d.bountyId);
    const last = await ethers.getSigner(crowd.at(-1)?.address ?? "");
    await expect(d.bounties.connect(last).reclaim(d.bountyId)).to.changeTokenBalance(ethers, d.nmr, last, 3n);
    await expect(d.bounties.connect(d.issuer).reclaim(d.bountyId)).to.changeTokenBalance(
      ethers,
      d.nmr,
      d.issuer,
      ISSUED,
    );
  });

  it("there is no refund of awarded money: funders share what was not awarded", async () => {
    const d = await networkHelpers.loadFixture(submittedBounty);
    await award(d, { payees: [d.author.address], amounts: [parseEther("90")], vestingSeconds: BigInt(DAY) });
    await d.bounties.connect(d.issuer).cancel(d.bountyId);
    const back = async (who: typeof d.issuer, amount: bigint) =>
      expect(d.bounties.connect(who).reclaim(d.bountyId)).to.changeTokenBalance(ethers, d.nmr, who, amount);
    await back(d.issuer, ISSUED / 10n);
    await back(d.patron, GIVEN / 10n);
    await networkHelpers.time.increase(DAY);
    await expect(d.bounties.release(1n)).to.changeTokenBalance(ethers, d.nmr, d.author, parseEther("90"));
  });

  it("terms cannot change once there is a submission: NMR and time can only be added", async () => {
    const d = await networkHelpers.loadFixture(submittedBounty);
    const before = await d.bounties.getBounty(d.bountyId);
    await d.bounties.connect(d.patron).fund(d.bountyId, 1n);
    await d.bounties.connect(d.issuer).extend(d.bountyId, d.deadline + DAY);
    await d.bounties.connect(d.issuer).announceCancel(d.bountyId);
    await postBounty(d, { termsHash: id("other terms"), reviewer: d.issuer.address });
    const after = await d.bounties.getBounty(d.bountyId);
    expect([after.termsHash, after.reviewer, after.issuer]).to.deep.equal([
      before.termsHash,
      before.reviewer,
      before.issuer,
    ]);
    expect(after.funded).to.equal(before.funded + 1n);
    expect(after.deadline).to.equal(before.deadline + BigInt(DAY));
    await expect(d.bounties.connect(d.issuer).extend(d.bountyId, d.deadline)).to.be.revertedWithCustomError(
      d.bounties,
      "InvalidDeadline",
    );
  });

  it("one submission is paid once, to the wei of what was awarded", async () => {
    const d = await networkHelpers.loadFixture(submittedBounty);
    await award(d, { payees: [d.author.address], amounts: [1n] });
    await expect(award(d, { payees: [d.author.address], amounts: [1n] })).to.be.revertedWithCustomError(
      d.bounties,
      "SubmissionNotPending",
    );
    expect(await d.nmr.balanceOf(d.author)).to.equal(1n);
  });

  it("accounting is internal, never the live balance: NMR sent without data changes no bounty", async () => {
    const d = await networkHelpers.loadFixture(submittedBounty);
    await d.nmr.connect(d.stranger).transfer(d.bounties, parseEther("500"));
    expect((await d.bounties.getBounty(d.bountyId)).unawarded).to.equal(FUNDED);
    await expect(award(d, { payees: [d.author.address], amounts: [FUNDED + 1n] }))
      .to.be.revertedWithCustomError(d.bounties, "AwardAboveUnawarded")
      .withArgs(FUNDED, FUNDED + 1n);
    await d.bounties.connect(d.reviewer).reject(d.bountyId, 1n, "no");
    await d.bounties.connect(d.issuer).cancel(d.bountyId);
    await expect(d.bounties.connect(d.issuer).reclaim(d.bountyId)).to.changeTokenBalance(
      ethers,
      d.nmr,
      d.issuer,
      ISSUED,
    );
  });

  it("a deadline cannot overflow: neither when posting nor when extending, however far", async () => {
    const d = await networkHelpers.loadFixture(openBounty);
    const issuer = d.bounties.connect(d.issuer);
    const { termsHash, termsURI, amount, reviewer } = await postCall(d);
    for (const deadline of [2n ** 40n - 1n, 2n ** 39n]) {
      await expect(issuer.post(termsHash, termsURI, amount, deadline, reviewer)).to.be.revertedWithCustomError(
        d.bounties,
        "InvalidDeadline",
      );
      await expect(issuer.extend(d.bountyId, deadline)).to.be.revertedWithCustomError(d.bounties, "InvalidDeadline");
    }
    // At the latest deadline of all, the review still ends.
    const { postedAt } = await d.bounties.getBounty(d.bountyId);
    const latest = Number(postedAt) + LONGEST;
    await issuer.extend(d.bountyId, latest);
    await d.bounties.connect(d.author).submit(d.bountyId, WORK, WORK_URI);
    await at(latest + REVIEW + 1);
    await d.bounties.expire(d.bountyId);
    expect((await d.bounties.getBounty(d.bountyId)).status).to.equal(BOUNTY_STATUS.Expired);
  });

  it("expiry still lets the reviewer award a submission made in time for 14 days", async () => {
    const d = await networkHelpers.loadFixture(openBounty);
    await at(d.deadline);
    await d.bounties.connect(d.author).submit(d.bountyId, WORK, WORK_URI);
    await at(d.deadline + REVIEW - 1);
    await expect(d.bounties.connect(d.issuer).expire(d.bountyId))
      .to.be.revertedWithCustomError(d.bounties, "BountyNotOverdue")
      .withArgs(d.bountyId, BOUNTY_STATUS.Review);
    await at(d.deadline + REVIEW);
    await expect(award(d)).to.changeTokenBalance(ethers, d.nmr, d.author, parseEther("30"));
  });

  it("a later funder does not pay for an earlier award: funding ends with the first", async () => {
    const d = await networkHelpers.loadFixture(submittedBounty);
    await award(d, { payees: [d.author.address], amounts: [1n] });
    await expect(d.bounties.connect(d.stranger).fund(d.bountyId, FUNDED))
      .to.be.revertedWithCustomError(d.bounties, "FundingClosed")
      .withArgs(d.bountyId);
  });

  it("spam cannot hold the money up: submissions by the dozen delay a cancellation by the notice and no more", async () => {
    const d = await networkHelpers.loadFixture(openBounty);
    const spam = async (i: number) => d.bounties.connect(d.stranger).submit(d.bountyId, id(`spam ${i}`), "");
    for (let i = 0; i < 24; ++i) await spam(i);
    await d.bounties.connect(d.issuer).announceCancel(d.bountyId);
    const from = (await networkHelpers.time.latest()) + NOTICE;
    await at(from - 1);
    await spam(24);
    await at(from);
    await d.bounties.connect(d.issuer).cancel(d.bountyId);
    await expect(d.bounties.connect(d.patron).reclaim(d.bountyId)).to.changeTokenBalance(
      ethers,
      d.nmr,
      d.patron,
      GIVEN,
    );
  });

  it("spam in the last second delays expiry by 14 days and no more", async () => {
    const d = await networkHelpers.loadFixture(openBounty);
    await at(d.deadline);
    await d.bounties.connect(d.stranger).submit(d.bountyId, id("spam"), "");
    await at(d.deadline + REVIEW + 1);
    await d.bounties.connect(d.stranger).expire(d.bountyId);
    await expect(d.bounties.connect(d.patron).reclaim(d.bountyId)).to.changeTokenBalance(
      ethers,
      d.nmr,
      d.patron,
      GIVEN,
    );
  });
});
