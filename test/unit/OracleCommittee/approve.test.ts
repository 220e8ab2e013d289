import { expect } from "chai";
import { id } from "ethers";

import { deployed, networkHelpers } from "../../fixtures/deployed.js";
import { people } from "../../fixtures/people.js";

const REPORT = id("report");

describe("OracleCommittee.approve", () => {
  it("counts a member's approval", async () => {
    const { committee, members } = await networkHelpers.loadFixture(deployed);
    const [first, second] = members;
    await expect(committee.connect(first).approve(REPORT))
      .to.emit(committee, "ReportApproved")
      .withArgs(REPORT, first.address);
    expect(await committee.approvals(REPORT)).to.equal(1n);
    expect(await committee.hasApproved(REPORT, first)).to.equal(true);
    expect(await committee.hasApproved(REPORT, second)).to.equal(false);
  });

  it("counts for that report alone", async () => {
    const { committee, members } = await networkHelpers.loadFixture(deployed);
    const other = id("another report");
    for (const member of members) await committee.connect(member).approve(REPORT);
    expect(await committee.approvals(REPORT)).to.equal(3n);
    expect(await committee.approvals(other)).to.equal(0n);
    expect(await committee.isApproved(other)).to.equal(false);
    expect(await committee.hasApproved(other, members[0])).to.equal(false);
  });

  it("reaches the quorum with the second of three, not with the first", async () => {
    const { committee, members } = await networkHelpers.loadFixture(deployed);
    expect(await committee.isApproved(REPORT)).to.equal(false);
    await committee.connect(members[2]).approve(REPORT);
    expect(await committee.isApproved(REPORT)).to.equal(false);
    await committee.connect(members[0]).approve(REPORT);
    expect(await committee.isApproved(REPORT)).to.equal(true);
    await committee.connect(members[1]).approve(REPORT);
    expect(await committee.isApproved(REPORT)).to.equal(true);
  });

  it("refuses a second approval of the same report", async () => {
    const { committee, members } = await networkHelpers.loadFixture(deployed);
    await committee.connect(members[0]).approve(REPORT);
    await expect(committee.connect(members[0]).approve(REPORT))
      .to.be.revertedWithCustomError(committee, "AlreadyApproved")
      .withArgs(REPORT, members[0].address);
    expect(await committee.approvals(REPORT)).to.equal(1n);
  });

  it("refuses whoever is no member, whatever its role", async () => {
    const d = await networkHelpers.loadFixture(deployed);
    for (const caller of [people(d).alice, d.deployer, d.guardian]) {
      await expect(d.committee.connect(caller).approve(REPORT))
        .to.be.revertedWithCustomError(d.committee, "NotMember")
        .withArgs(caller.address);
    }
  });
});
