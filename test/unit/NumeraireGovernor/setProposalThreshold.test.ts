import { expect } from "chai";
import { id } from "ethers";

import { networkHelpers } from "../../fixtures/deployed.js";
import { DAY, SUPPLY, ownProposal, voters, type Voters } from "../../fixtures/voters.js";

/** Passes a proposal and brings it to where it can be carried out. */
async function passThreshold(d: Voters, bps: bigint) {
  const { alice, governor } = d;
  const actions = await ownProposal(d, governor.interface.encodeFunctionData("setProposalThreshold", [bps]));
  const proposalId = await governor.hashProposal(...actions, id("threshold"));
  await governor.connect(alice).propose(...actions, "threshold");
  await networkHelpers.time.increase(DAY + 1);
  await governor.connect(alice).castVote(proposalId, 1);
  await networkHelpers.time.increase(5 * DAY);
  await governor.queue(...actions, id("threshold"));
  await networkHelpers.time.increase(2 * DAY);
  return governor.execute(...actions, id("threshold"));
}

describe("NumeraireGovernor.setProposalThreshold", () => {
  it("changes the share by a vote, up to the quorum's", async () => {
    const d = await networkHelpers.loadFixture(voters);
    await expect(passThreshold(d, 400n)).to.emit(d.governor, "ProposalThresholdSet").withArgs(10n, 400n);
    expect(await d.governor.proposalThresholdBps()).to.equal(400n);
    expect(await d.governor.proposalThreshold()).to.equal((SUPPLY * 400n) / 10_000n);
  });

  for (const bps of [0n, 401n]) {
    it(`refuses ${bps.toString()} basis points, which would let ${bps === 0n ? "anybody" : "hardly anybody"} propose`, async () => {
      const d = await networkHelpers.loadFixture(voters);
      await expect(passThreshold(d, bps))
        .to.be.revertedWithCustomError(d.governor, "InvalidProposalThreshold")
        .withArgs(400n, bps);
    });
  }

  it("refuses everybody but a vote", async () => {
    const { deployer, governor, alice } = await networkHelpers.loadFixture(voters);
    for (const caller of [deployer, alice]) {
      await expect(governor.connect(caller).setProposalThreshold(20n))
        .to.be.revertedWithCustomError(governor, "GovernorOnlyExecutor")
        .withArgs(caller.address);
    }
  });
});
