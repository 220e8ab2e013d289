import { expect } from "chai";

import { deployed, networkHelpers } from "../../fixtures/deployed.js";
import { propose, ripe } from "../../fixtures/rewards.js";

describe("WeeklyRewards.getProposal", () => {
  it("gives a proposal back whatever became of it", async () => {
    const d = await networkHelpers.loadFixture(deployed);
    const vetoed = await propose(d, { added: 1n });
    await d.rewards.connect(d.guardian).vetoWeek("wrong");
    const live = await ripe(d, { added: 2n });
    await d.rewards.activateWeek(live);
    expect((await d.rewards.getProposal(vetoed)).added).to.equal(1n);
    expect((await d.rewards.getProposal(live)).added).to.equal(2n);
  });

  it("refuses a proposal that was not made", async () => {
    const { rewards } = await networkHelpers.loadFixture(deployed);
    for (const proposalId of [0n, 1n]) {
      await expect(rewards.getProposal(proposalId))
        .to.be.revertedWithCustomError(rewards, "ProposalNotFound")
        .withArgs(proposalId);
    }
  });
});
