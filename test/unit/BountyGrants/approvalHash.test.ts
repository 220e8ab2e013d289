import { expect } from "chai";
import { id } from "ethers";

import { awardApprovalDomain, awardApprovalHash } from "../../../sdk/index.js";
import { addressOf } from "../../fixtures/address-of.js";
import { approvalOf, submittedBounty } from "../../fixtures/bounties.js";
import { ethers, networkHelpers } from "../../fixtures/deployed.js";

describe("BountyGrants.approvalHash", () => {
  it("is the EIP-712 hash that a wallet makes of the named values", async () => {
    const d = await networkHelpers.loadFixture(submittedBounty);
    const { chainId } = await ethers.provider.getNetwork();
    const domain = awardApprovalDomain(chainId, await addressOf(d.bounties));
    for (const approval of [
      await approvalOf(d),
      await approvalOf(d, { payees: [d.stranger.address], amounts: [2n ** 96n - 1n], vestingSeconds: 9n, nonce: 1n }),
      await approvalOf(d, { payees: [], amounts: [], deadline: 2n ** 256n - 1n }),
    ]) {
      expect(await d.bounties.approvalHash(approval)).to.equal(awardApprovalHash(domain, approval));
    }
  });

  it("is of the type that the contract publishes", async () => {
    const d = await networkHelpers.loadFixture(submittedBounty);
    expect(await d.bounties.APPROVAL_TYPEHASH()).to.equal(
      id(
        "AwardApproval(uint256 bountyId,uint256 submissionId,address[] payees,uint96[] amounts,uint32 vestingSeconds,uint256 nonce,uint256 deadline)",
      ),
    );
  });
});
