import { expect } from "chai";
import { ZeroAddress, ZeroHash } from "ethers";

import { addressOf } from "../../fixtures/address-of.js";
import { at } from "../../fixtures/at.js";
import {
  ISSUED,
  LONGEST,
  TERMS,
  TERMS_URI,
  bountyPeople,
  postBounty,
  postCall,
  type BountyPeople,
  type PostCall,
} from "../../fixtures/bounties.js";
import { ethers, networkHelpers, type Deployed } from "../../fixtures/deployed.js";
import { BOUNTY_STATUS } from "../../fixtures/every-bounty-status.js";

async function post(d: Deployed & BountyPeople, changes: Partial<PostCall> = {}) {
  const { by, termsHash, termsURI, amount, deadline, reviewer } = await postCall(d, changes);
  return d.bounties.connect(by).post(termsHash, termsURI, amount, deadline, reviewer);
}

describe("BountyGrants.post", () => {
  describe("given terms, NMR and a reviewer", () => {
    it("takes the NMR, and tells of the bounty and of its first funder", async () => {
      const d = await networkHelpers.loadFixture(bountyPeople);
      const { deadline } = await postCall(d);
      const posting = post(d, { deadline });
      await expect(posting).to.changeTokenBalances(ethers, d.nmr, [d.issuer, d.bounties], [-ISSUED, ISSUED]);
      await expect(posting)
        .to.emit(d.bounties, "BountyPosted")
        .withArgs(1n, d.issuer, d.reviewer, TERMS, TERMS_URI, deadline);
      await expect(posting).to.emit(d.bounties, "BountyFunded").withArgs(1n, d.issuer, ISSUED);
    });

    it("keeps what was posted", async () => {
      const d = await networkHelpers.loadFixture(bountyPeople);
      const { deadline } = await postCall(d);
      const bountyId = await postBounty(d, { deadline });
      expect(await d.bounties.getBounty(bountyId)).to.deep.equal([
        d.issuer.address,
        d.reviewer.address,
        TERMS,
        BigInt(await networkHelpers.time.latest()),
        deadline,
        BOUNTY_STATUS.Open,
        ISSUED, // funded
        ISSUED, // unawarded
        0n, // remainder
        0n, // submissionCount
        0n, // pendingCount
        0n, // cancellableFrom
      ]);
      expect(await d.bounties.contributions(bountyId, d.issuer)).to.equal(ISSUED);
    });

    it("numbers bounties from 1, and gives the number", async () => {
      const d = await networkHelpers.loadFixture(bountyPeople);
      expect(await postBounty(d)).to.equal(1n);
      const { termsHash, termsURI, deadline, reviewer } = await postCall(d);
      expect(await d.bounties.connect(d.patron).post.staticCall(termsHash, termsURI, 1n, deadline, reviewer)).to.equal(
        2n,
      );
      expect(await postBounty(d, { by: d.patron, amount: 1n })).to.equal(2n);
      expect((await d.bounties.getBounty(1n)).funded).to.equal(ISSUED);
    });

    it("lets the issuer review its own bounty: who funds or contributes can see that", async () => {
      const d = await networkHelpers.loadFixture(bountyPeople);
      const bountyId = await postBounty(d, { reviewer: d.issuer.address });
      expect((await d.bounties.getBounty(bountyId)).reviewer).to.equal(d.issuer.address);
    });
  });

  describe("given something missing", () => {
    it("refuses no hash of the terms", async () => {
      const d = await networkHelpers.loadFixture(bountyPeople);
      await expect(post(d, { termsHash: ZeroHash })).to.be.revertedWithCustomError(d.bounties, "ZeroHash");
    });

    it("refuses no reviewer", async () => {
      const d = await networkHelpers.loadFixture(bountyPeople);
      await expect(post(d, { reviewer: ZeroAddress })).to.be.revertedWithCustomError(d.bounties, "ZeroAddress");
    });

    it("refuses no NMR", async () => {
      const d = await networkHelpers.loadFixture(bountyPeople);
      await expect(post(d, { amount: 0n })).to.be.revertedWithCustomError(d.bounties, "ZeroAmount");
    });

    it("refuses without the allowance", async () => {
      const d = await networkHelpers.loadFixture(bountyPeople);
      await expect(post(d, { by: d.author }))
        .to.be.revertedWithCustomError(d.nmr, "ERC20InsufficientAllowance")
        .withArgs(await addressOf(d.bounties), 0n, ISSUED);
      expect(await d.bounties.bountyCount()).to.equal(0n);
    });
  });

  describe("given a deadline at its bounds", () => {
    it("takes the next second and the last one of two years", async () => {
      const d = await networkHelpers.loadFixture(bountyPeople);
      for (const ahead of [1, LONGEST]) {
        const second = (await networkHelpers.time.latest()) + 10;
        await at(second);
        await postBounty(d, { deadline: BigInt(second + ahead) });
      }
      expect(await d.bounties.bountyCount()).to.equal(2n);
    });

    for (const ahead of [0, LONGEST + 1]) {
      it(`refuses ${ahead} seconds ahead`, async () => {
        const d = await networkHelpers.loadFixture(bountyPeople);
        const second = (await networkHelpers.time.latest()) + 10;
        await at(second);
        await expect(post(d, { deadline: BigInt(second + ahead) }))
          .to.be.revertedWithCustomError(d.bounties, "InvalidDeadline")
          .withArgs(second + 1, second + LONGEST, second + ahead);
      });
    }

    it("refuses the last second that fits 40 bits: a deadline cannot overflow", async () => {
      const d = await networkHelpers.loadFixture(bountyPeople);
      await expect(post(d, { deadline: 2n ** 40n - 1n })).to.be.revertedWithCustomError(d.bounties, "InvalidDeadline");
    });
  });
});
