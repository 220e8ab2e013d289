import { expect } from "chai";
import { id } from "ethers";

import { deployed, networkHelpers } from "../../fixtures/deployed.js";
import { people } from "../../fixtures/people.js";

const REPORT = id("report");

describe("OracleCommittee.revokeApproval", () => {
  it("takes the caller's approval back, and nobody else's", async () => {
    const { committee, members } = await networkHelpers.loadFixture(deployed);
    const [first, second] = members;
    await committee.connect(first).approve(REPORT);
    await committee.connect(second).approve(REPORT);
    await expect(committee.connect(first).revokeApproval(REPORT))
      .to.emit(committee, "ApprovalRevoked")
      .withArgs(REPORT, first.address);
    expect(await committee.approvals(REPORT)).to.equal(1n);
    expect(await committee.isApproved(REPORT)).to.equal(false);
    expect(await committee.hasApproved(REPORT, first)).to.equal(false);
    expect(await committee.hasApproved(REPORT, second)).to.equal(true);
  });

  it("leaves the member's approvals of other reports", async () => {
    const { committee, members } = await networkHelpers.loadFixture(deployed);
    const other = id("another report");
    await committee.connect(members[0]).approve(REPORT);
    await committee.connect(members[0]).approve(other);
    await committee.connect(members[0]).revokeApproval(REPORT);
    expect(await committee.hasApproved(other, members[0])).to.equal(true);
  });

  it("lets the member approve again", async () => {
    const { committee, members } = await networkHelpers.loadFixture(deployed);
    await committee.connect(members[0]).approve(REPORT);
    await committee.connect(members[0]).revokeApproval(REPORT);
    await committee.connect(members[0]).approve(REPORT);
    expect(await committee.approvals(REPORT)).to.equal(1n);
  });

  it("refuses when there is nothing to take back", async () => {
    const { committee, members } = await networkHelpers.loadFixture(deployed);
    const [first, second] = members;
    await committee.connect(second).approve(REPORT);
    await expect(committee.connect(first).revokeApproval(REPORT))
      .to.be.revertedWithCustomError(committee, "ApprovalNotFound")
      .withArgs(REPORT, first.address);
    await committee.connect(second).revokeApproval(REPORT);
    await expect(committee.connect(second).revokeApproval(REPORT))
      .to.be.revertedWithCustomError(committee, "ApprovalNotFound")
      .withArgs(REPORT, second.address);
  });

  it("refuses whoever is no member", async () => {
    const d = await networkHelpers.loadFixture(deployed);
    const { alice } = people(d);
    await expect(d.committee.connect(alice).revokeApproval(REPORT))
      .to.be.revertedWithCustomError(d.committee, "NotMember")
      .withArgs(alice.address);
  });

  it("refuses a member that was removed", async () => {
    const { committee, deployer, members } = await networkHelpers.loadFixture(deployed);
    await committee.connect(members[2]).approve(REPORT);
    await committee.connect(deployer).removeMember(members[2], 2n);
    await expect(committee.connect(members[2]).revokeApproval(REPORT))
      .to.be.revertedWithCustomError(committee, "NotMember")
      .withArgs(members[2].address);
  });
});
