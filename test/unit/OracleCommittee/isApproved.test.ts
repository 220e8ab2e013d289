import { expect } from "chai";
import { ZeroHash, id } from "ethers";

import { deployed, networkHelpers } from "../../fixtures/deployed.js";

const REPORT = id("report");

describe("OracleCommittee.isApproved", () => {
  it("is false for a report that nobody looked at, the zero hash included", async () => {
    const { committee } = await networkHelpers.loadFixture(deployed);
    expect(await committee.isApproved(REPORT)).to.equal(false);
    expect(await committee.isApproved(ZeroHash)).to.equal(false);
    expect(await committee.approvals(ZeroHash)).to.equal(0n);
  });

  describe("given a quorum of removed members", () => {
    it("is false: only members of now count", async () => {
      const { committee, deployer, members } = await networkHelpers.loadFixture(deployed);
      await committee.connect(members[0]).approve(REPORT);
      await committee.connect(members[1]).approve(REPORT);
      await committee.connect(deployer).removeMember(members[0], 2n);
      await committee.connect(deployer).removeMember(members[1], 1n);
      expect(await committee.approvals(REPORT)).to.equal(0n);
      expect(await committee.isApproved(REPORT)).to.equal(false);
      await committee.connect(members[2]).approve(REPORT);
      expect(await committee.isApproved(REPORT)).to.equal(true);
    });
  });
});
