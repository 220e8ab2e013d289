import { expect } from "chai";

import { networkHelpers } from "../../fixtures/deployed.js";
import { SUPPLY, budgetProposal, voters } from "../../fixtures/voters.js";

describe("NumeraireGovernor.proposalThreshold", () => {
  it("is a share of all NMR, wrapped or not", async () => {
    const { alice, governor, votes } = await networkHelpers.loadFixture(voters);
    expect(await governor.proposalThreshold()).to.equal(SUPPLY / 1_000n);
    await votes.connect(alice).withdrawTo(alice, 1_000n);
    expect(await governor.proposalThreshold()).to.equal(SUPPLY / 1_000n);
  });

  it("follows what is minted and burned, rounded up", async () => {
    const { carol, governor, minter, nmr } = await networkHelpers.loadFixture(voters);
    await nmr.connect(minter).mint(carol, 1n);
    expect(await governor.proposalThreshold()).to.equal(SUPPLY / 1_000n + 1n);
    await nmr.connect(carol).burn(1n);
    expect(await governor.proposalThreshold()).to.equal(SUPPLY / 1_000n);
  });

  it("refuses a proposal with a vote less, and takes one with as many", async () => {
    const d = await networkHelpers.loadFixture(voters);
    const { bob, governor, votes } = d;
    const needed = await governor.proposalThreshold();
    await votes.connect(bob).withdrawTo(bob, (await votes.balanceOf(bob)) - needed + 1n);
    await networkHelpers.time.increase(1);
    await expect(governor.connect(bob).propose(...(await budgetProposal(d, 1n)), "too few"))
      .to.be.revertedWithCustomError(governor, "GovernorInsufficientProposerVotes")
      .withArgs(bob.address, needed - 1n, needed);
    await d.nmr.connect(bob).approve(votes, 1n);
    await votes.connect(bob).depositFor(bob, 1n);
    await networkHelpers.time.increase(1);
    await expect(governor.connect(bob).propose(...(await budgetProposal(d, 1n)), "enough")).to.emit(
      governor,
      "ProposalCreated",
    );
  });
});
