import { expect } from "chai";
import { ZeroAddress, id } from "ethers";

import { deployed, networkHelpers } from "../../fixtures/deployed.js";
import { people } from "../../fixtures/people.js";

const REPORT = id("report");

describe("OracleCommittee.hasApproved", () => {
  it("tells each member's approval, and is false for everybody else", async () => {
    const d = await networkHelpers.loadFixture(deployed);
    await d.committee.connect(d.members[0]).approve(REPORT);
    await d.committee.connect(d.members[2]).approve(REPORT);
    const told = await Promise.all(
      [...d.members, people(d).alice, ZeroAddress].map((account) => d.committee.hasApproved(REPORT, account)),
    );
    expect(told).to.deep.equal([true, false, true, false, false]);
  });
});
