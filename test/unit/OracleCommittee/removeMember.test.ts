import { expect } from "chai";
import { id } from "ethers";

import { deployed, networkHelpers } from "../../fixtures/deployed.js";
import { people } from "../../fixtures/people.js";

const REPORT = id("report");

describe("OracleCommittee.removeMember", () => {
  for (const seat of [0, 1, 2] as const) {
    it(`unseats member ${seat.toString()} alone, and sets the quorum`, async () => {
      const { committee, deployer, members } = await networkHelpers.loadFixture(deployed);
      const leaving = members[seat];
      const staying = members.filter((member) => member !== leaving).map(({ address }) => address);
      await expect(committee.connect(deployer).removeMember(leaving, 2n))
        .to.emit(committee, "MemberRemoved")
        .withArgs(leaving.address, seat, 2n);
      expect(await committee.isMember(leaving)).to.equal(false);
      expect(await committee.quorum()).to.equal(2n);
      expect([...(await committee.members())]).to.have.members(staying);
      for (const member of staying) expect(await committee.isMember(member)).to.equal(true);
      await expect(committee.connect(leaving).approve(REPORT))
        .to.be.revertedWithCustomError(committee, "NotMember")
        .withArgs(leaving.address);
    });
  }

  it("stops counting what the member approved", async () => {
    const { committee, deployer, members } = await networkHelpers.loadFixture(deployed);
    await committee.connect(members[0]).approve(REPORT);
    await committee.connect(members[1]).approve(REPORT);
    expect(await committee.isApproved(REPORT)).to.equal(true);
    await committee.connect(deployer).removeMember(members[1], 2n);
    expect(await committee.approvals(REPORT)).to.equal(1n);
    expect(await committee.isApproved(REPORT)).to.equal(false);
    expect(await committee.hasApproved(REPORT, members[1])).to.equal(false);
    expect(await committee.hasApproved(REPORT, members[0])).to.equal(true);
  });

  describe("given a member that approved, was removed and is added again", () => {
    it("gives it a new bit and none of its old approvals", async () => {
      const { committee, deployer, members } = await networkHelpers.loadFixture(deployed);
      const [first, second] = members;
      await committee.connect(first).approve(REPORT);
      await committee.connect(second).approve(REPORT);
      await committee.connect(deployer).removeMember(second, 2n);
      await expect(committee.connect(deployer).addMember(second, 2n))
        .to.emit(committee, "MemberAdded")
        .withArgs(second.address, 3n, 2n);
      expect(await committee.approvals(REPORT)).to.equal(1n);
      expect(await committee.isApproved(REPORT)).to.equal(false);
      expect(await committee.hasApproved(REPORT, second)).to.equal(false);
    });

    it("has nothing to take back, and can approve anew", async () => {
      const { committee, deployer, members } = await networkHelpers.loadFixture(deployed);
      const [first, second] = members;
      await committee.connect(first).approve(REPORT);
      await committee.connect(second).approve(REPORT);
      await committee.connect(deployer).removeMember(second, 2n);
      await committee.connect(deployer).addMember(second, 2n);
      await expect(committee.connect(second).revokeApproval(REPORT))
        .to.be.revertedWithCustomError(committee, "ApprovalNotFound")
        .withArgs(REPORT, second.address);
      await committee.connect(second).approve(REPORT);
      expect(await committee.approvals(REPORT)).to.equal(2n);
    });
  });

  describe("given that somebody else takes the seat", () => {
    it("gives the newcomer none of the approvals of the one that left", async () => {
      const d = await networkHelpers.loadFixture(deployed);
      const { alice } = people(d);
      await d.committee.connect(d.members[0]).approve(REPORT);
      await d.committee.connect(d.members[2]).approve(REPORT);
      await d.committee.connect(d.deployer).removeMember(d.members[2], 2n);
      await d.committee.connect(d.deployer).addMember(alice, 2n);
      expect(await d.committee.approvals(REPORT)).to.equal(1n);
      expect(await d.committee.hasApproved(REPORT, alice)).to.equal(false);
      await d.committee.connect(alice).approve(REPORT);
      expect(await d.committee.approvals(REPORT)).to.equal(2n);
    });
  });

  it("takes a quorum that is a majority of the committee it leaves", async () => {
    const { committee, deployer, members } = await networkHelpers.loadFixture(deployed);
    for (const quorum of [0n, 1n, 3n]) {
      await expect(committee.connect(deployer).removeMember(members[0], quorum))
        .to.be.revertedWithCustomError(committee, "InvalidQuorum")
        .withArgs(quorum, 2n);
    }
    expect(await committee.isMember(members[0])).to.equal(true);
  });

  it("leaves one member, and never none", async () => {
    const { committee, deployer, members } = await networkHelpers.loadFixture(deployed);
    await committee.connect(deployer).removeMember(members[0], 2n);
    await committee.connect(deployer).removeMember(members[1], 1n);
    for (const quorum of [0n, 1n]) {
      await expect(committee.connect(deployer).removeMember(members[2], quorum))
        .to.be.revertedWithCustomError(committee, "InvalidQuorum")
        .withArgs(quorum, 0n);
    }
  });

  it("refuses whoever is no member", async () => {
    const d = await networkHelpers.loadFixture(deployed);
    const { alice } = people(d);
    await expect(d.committee.connect(d.deployer).removeMember(alice, 2n))
      .to.be.revertedWithCustomError(d.committee, "NotMember")
      .withArgs(alice.address);
  });

  it("refuses a caller that is no committee admin, members and guardian included", async () => {
    const d = await networkHelpers.loadFixture(deployed);
    for (const caller of [people(d).alice, d.members[0], d.guardian, d.roundManager]) {
      await expect(d.committee.connect(caller).removeMember(d.members[0], 2n))
        .to.be.revertedWithCustomError(d.committee, "AccessManagedUnauthorized")
        .withArgs(caller.address);
    }
  });
});
