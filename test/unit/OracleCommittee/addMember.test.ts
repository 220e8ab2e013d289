import { expect } from "chai";
import { Wallet, ZeroAddress, id } from "ethers";

import { deployed, networkHelpers, type Deployed } from "../../fixtures/deployed.js";
import { people } from "../../fixtures/people.js";

const REPORT = id("report");

/** A committee of 32. */
async function full(): Promise<Deployed> {
  const d = await deployed();
  for (let count = 4n; count <= 32n; ++count) {
    await d.committee.connect(d.deployer).addMember(Wallet.createRandom().address, count / 2n + 1n);
  }
  return d;
}

/** A committee of three that has spent 255 of its memberships: the third seat changed hands 252 times. */
async function lastMembership(): Promise<Deployed> {
  const d = await deployed();
  const committee = d.committee.connect(d.deployer);
  for (let ordinal = 3; ordinal < 255; ++ordinal) {
    await committee.addMember(people(d).alice, 3n);
    await committee.removeMember(people(d).alice, 2n);
  }
  return d;
}

describe("OracleCommittee.addMember", () => {
  it("seats a member on the next bit and sets the quorum", async () => {
    const d = await networkHelpers.loadFixture(deployed);
    const { alice } = people(d);
    await expect(d.committee.connect(d.deployer).addMember(alice, 3n))
      .to.emit(d.committee, "MemberAdded")
      .withArgs(alice.address, 3n, 3n);
    expect(await d.committee.isMember(alice)).to.equal(true);
    expect(await d.committee.quorum()).to.equal(3n);
    expect([...(await d.committee.members())]).to.have.members([
      ...d.members.map(({ address }) => address),
      alice.address,
    ]);
    await d.committee.connect(alice).approve(REPORT);
    expect(await d.committee.approvals(REPORT)).to.equal(1n);
  });

  it("leaves the approvals of the others", async () => {
    const d = await networkHelpers.loadFixture(deployed);
    await d.committee.connect(d.members[0]).approve(REPORT);
    await d.committee.connect(d.deployer).addMember(people(d).alice, 3n);
    expect(await d.committee.approvals(REPORT)).to.equal(1n);
    expect(await d.committee.hasApproved(REPORT, people(d).alice)).to.equal(false);
  });

  it("raises the bar for reports that had their quorum", async () => {
    const d = await networkHelpers.loadFixture(deployed);
    await d.committee.connect(d.members[0]).approve(REPORT);
    await d.committee.connect(d.members[1]).approve(REPORT);
    await d.committee.connect(d.deployer).addMember(people(d).alice, 3n);
    expect(await d.committee.isApproved(REPORT)).to.equal(false);
  });

  it("refuses a member, and the zero address", async () => {
    const d = await networkHelpers.loadFixture(deployed);
    const committee = d.committee.connect(d.deployer);
    await expect(committee.addMember(d.members[1], 3n))
      .to.be.revertedWithCustomError(committee, "AlreadyMember")
      .withArgs(d.members[1].address);
    await expect(committee.addMember(ZeroAddress, 3n)).to.be.revertedWithCustomError(committee, "ZeroMember");
  });

  it("takes a quorum that is a majority of the committee it makes", async () => {
    const d = await networkHelpers.loadFixture(deployed);
    const { alice } = people(d);
    const committee = d.committee.connect(d.deployer);
    for (const quorum of [0n, 2n, 5n]) {
      await expect(committee.addMember(alice, quorum))
        .to.be.revertedWithCustomError(committee, "InvalidQuorum")
        .withArgs(quorum, 4n);
    }
    expect(await committee.isMember(alice)).to.equal(false);
    await committee.addMember(alice, 4n);
    expect(await committee.quorum()).to.equal(4n);
  });

  it("refuses a 33rd member until one leaves", async () => {
    const d = await networkHelpers.loadFixture(full);
    const committee = d.committee.connect(d.deployer);
    const { alice } = people(d);
    expect((await committee.members()).length).to.equal(32);
    await expect(committee.addMember(alice, 17n))
      .to.be.revertedWithCustomError(committee, "TooManyMembers")
      .withArgs(32n, 33n);
    await committee.removeMember(d.members[0], 16n);
    await committee.addMember(alice, 17n);
    expect(await committee.isMember(alice)).to.equal(true);
  });

  describe("given 255 memberships spent", () => {
    it("grants the 256th, which counts like any other, and none after it", async () => {
      const d = await networkHelpers.loadFixture(lastMembership);
      const { alice, bob } = people(d);
      const committee = d.committee.connect(d.deployer);
      await expect(committee.addMember(alice, 3n)).to.emit(committee, "MemberAdded").withArgs(alice.address, 255n, 3n);
      await committee.connect(alice).approve(REPORT);
      await committee.connect(d.members[0]).approve(REPORT);
      expect(await committee.approvals(REPORT)).to.equal(2n);

      await expect(committee.addMember(bob, 3n))
        .to.be.revertedWithCustomError(committee, "MembershipsExhausted")
        .withArgs(256n);
      await committee.removeMember(alice, 2n);
      await expect(committee.addMember(bob, 3n))
        .to.be.revertedWithCustomError(committee, "MembershipsExhausted")
        .withArgs(256n);
    });
  });

  it("refuses whoever is no committee admin, members and guardian included", async () => {
    const d = await networkHelpers.loadFixture(deployed);
    const { alice } = people(d);
    for (const caller of [alice, d.members[0], d.guardian, d.roundManager]) {
      await expect(d.committee.connect(caller).addMember(alice, 3n))
        .to.be.revertedWithCustomError(d.committee, "AccessManagedUnauthorized")
        .withArgs(caller.address);
    }
  });
});
