import { expect } from "chai";

import { networkHelpers } from "../../fixtures/deployed.js";
import { SUPPLY, budgetProposal, voters } from "../../fixtures/voters.js";

describe("NumeraireGovernor.recordSupply", () => {
  it("records what there is, by anybody, and tells", async () => {
    const { carol, governor, nmr } = await networkHelpers.loadFixture(voters);
    expect(await governor.connect(carol).recordSupply.staticCall()).to.equal(SUPPLY);
    await expect(governor.connect(carol).recordSupply()).to.emit(governor, "SupplyRecorded").withArgs(SUPPLY);
    await nmr.connect(carol).burn(1n);
    await expect(governor.recordSupply())
      .to.emit(governor, "SupplyRecorded")
      .withArgs(SUPPLY - 1n);
  });

  it("is done by each proposal", async () => {
    const d = await networkHelpers.loadFixture(voters);
    await expect(d.governor.connect(d.alice).propose(...(await budgetProposal(d, 1n)), "one"))
      .to.emit(d.governor, "SupplyRecorded")
      .withArgs(SUPPLY);
  });
});
