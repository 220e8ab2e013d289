import { expect } from "chai";
import { id } from "ethers";

import { deployed, networkHelpers } from "../../fixtures/deployed.js";
import { people } from "../../fixtures/people.js";

const REPORT = id("report");

describe("OracleCommittee.setQuorum", () => {
  it("sets how many approvals a report needs, those given before included", async () => {
    const { committee, deployer, members } = await networkHelpers.loadFixture(deployed);
    await committee.connect(members[0]).approve(REPORT);
    await committee.connect(members[1]).approve(REPORT);
    await expect(committee.connect(deployer).setQuorum(3n)).to.emit(committee, "QuorumChanged").withArgs(3n);
    expect(await committee.quorum()).to.equal(3n);
    expect(await committee.isApproved(REPORT)).to.equal(false);
    await committee.connect(deployer).setQuorum(2n);
    expect(await committee.isApproved(REPORT)).to.equal(true);
  });

  it("refuses half of the members or fewer, and more than all", async () => {
    const { committee, deployer } = await networkHelpers.loadFixture(deployed);
    for (const quorum of [0n, 1n, 4n]) {
      await expect(committee.connect(deployer).setQuorum(quorum))
        .to.be.revertedWithCustomError(committee, "InvalidQuorum")
        .withArgs(quorum, 3n);
    }
  });

  it("refuses exactly half of an even committee", async () => {
    const d = await networkHelpers.loadFixture(deployed);
    const committee = d.committee.connect(d.deployer);
    await committee.addMember(people(d).alice, 4n);
    await expect(committee.setQuorum(2n)).to.be.revertedWithCustomError(committee, "InvalidQuorum").withArgs(2n, 4n);
    await committee.setQuorum(3n);
    expect(await committee.quorum()).to.equal(3n);
  });

  it("refuses whoever is no committee admin, members and guardian included", async () => {
    const d = await networkHelpers.loadFixture(deployed);
    for (const caller of [people(d).alice, d.members[0], d.guardian, d.roundManager]) {
      await expect(d.committee.connect(caller).setQuorum(3n))
        .to.be.revertedWithCustomError(d.committee, "AccessManagedUnauthorized")
        .withArgs(caller.address);
    }
  });
});
