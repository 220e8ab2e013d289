import { expect } from "chai";

import { approvalOf, signApproval, submittedBounty } from "../../fixtures/bounties.js";
import { networkHelpers } from "../../fixtures/deployed.js";

describe("BountyGrants.revokeApproval", () => {
  it("makes what the reviewer signed worthless", async () => {
    const d = await networkHelpers.loadFixture(submittedBounty);
    const approval = await approvalOf(d);
    const signature = await signApproval(d, d.reviewer, approval);
    await expect(d.bounties.connect(d.reviewer).revokeApproval(approval.nonce))
      .to.emit(d.bounties, "NonceUsed")
      .withArgs(d.reviewer, approval.nonce);
    await expect(d.bounties.awardBySig(approval, signature))
      .to.be.revertedWithCustomError(d.bounties, "NonceAlreadyUsed")
      .withArgs(d.reviewer, approval.nonce);
  });

  it("touches no other nonce, and nobody else's", async () => {
    const d = await networkHelpers.loadFixture(submittedBounty);
    await d.bounties.connect(d.reviewer).revokeApproval(8n);
    await d.bounties.connect(d.stranger).revokeApproval(7n);
    const approval = await approvalOf(d);
    await d.bounties.awardBySig(approval, await signApproval(d, d.reviewer, approval));
    expect(await d.bounties.isNonceUsed(d.reviewer, 7n)).to.equal(true);
  });

  it("refuses a nonce that was used", async () => {
    const d = await networkHelpers.loadFixture(submittedBounty);
    await d.bounties.connect(d.reviewer).revokeApproval(7n);
    await expect(d.bounties.connect(d.reviewer).revokeApproval(7n))
      .to.be.revertedWithCustomError(d.bounties, "NonceAlreadyUsed")
      .withArgs(d.reviewer, 7n);
  });
});
