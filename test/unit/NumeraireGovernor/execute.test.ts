import { expect } from "chai";
import { id, parseEther } from "ethers";

import { networkHelpers } from "../../fixtures/deployed.js";
import { DAY, budgetProposal, voters, type Voters } from "../../fixtures/voters.js";

const STATE = { Pending: 0n, Canceled: 2n, Queued: 5n, Executed: 7n };
const TEXT = "Raise the weekly budget";
const BUDGET = parseEther("3000");

async function passed(d: Voters) {
  const { alice, governor } = d;
  const actions = await budgetProposal(d, BUDGET);
  const proposalId = await governor.hashProposal(...actions, id(TEXT));
  await governor.connect(alice).propose(...actions, TEXT);
  expect(await governor.state(proposalId)).to.equal(STATE.Pending);
  expect(await governor.proposalNeedsQueuing(proposalId)).to.equal(true);
  await networkHelpers.time.increase(DAY + 1);
  await governor.connect(alice).castVote(proposalId, 1);
  await networkHelpers.time.increase(5 * DAY);
  return { actions, proposalId };
}

describe("NumeraireGovernor.execute", () => {
  it("carries out what passed, by the timelock and after its delay", async () => {
    const d = await networkHelpers.loadFixture(voters);
    const { carol, governor, rewards, timelock } = d;
    const { actions, proposalId } = await passed(d);
    await governor.connect(carol).queue(...actions, id(TEXT));
    expect(await governor.state(proposalId)).to.equal(STATE.Queued);
    await expect(governor.execute(...actions, id(TEXT))).to.be.revertedWithCustomError(
      timelock,
      "TimelockUnexpectedOperationState",
    );
    await networkHelpers.time.increase(2 * DAY);
    await expect(governor.connect(carol).execute(...actions, id(TEXT)))
      .to.emit(rewards, "WeeklyBudgetChanged")
      .withArgs(BUDGET);
    expect(await governor.state(proposalId)).to.equal(STATE.Executed);
  });

  it("refuses what was not queued", async () => {
    const d = await networkHelpers.loadFixture(voters);
    const { actions } = await passed(d);
    await expect(d.governor.execute(...actions, id(TEXT))).to.be.revertedWithCustomError(
      d.governor,
      "GovernorUnexpectedProposalState",
    );
  });

  it("is over once the timelock's operation is cancelled", async () => {
    const d = await networkHelpers.loadFixture(voters);
    const { deployer, governor, timelock } = d;
    const { actions, proposalId } = await passed(d);
    await governor.queue(...actions, id(TEXT));
    await timelock.grantRole(await timelock.CANCELLER_ROLE(), deployer);
    const [scheduled] = await timelock.queryFilter(timelock.filters.CallScheduled());
    if (scheduled === undefined) throw new Error("nothing is scheduled");
    await timelock.cancel(scheduled.args.id);
    expect(await governor.state(proposalId)).to.equal(STATE.Canceled);
  });
});

describe("NumeraireGovernor.cancel", () => {
  it("lets the proposer take a proposal back before the vote", async () => {
    const d = await networkHelpers.loadFixture(voters);
    const { alice, bob, governor } = d;
    const actions = await budgetProposal(d, BUDGET);
    await governor.connect(alice).propose(...actions, TEXT);
    const proposalId = await governor.hashProposal(...actions, id(TEXT));
    await expect(governor.connect(bob).cancel(...actions, id(TEXT)))
      .to.be.revertedWithCustomError(governor, "GovernorUnableToCancel")
      .withArgs(proposalId, bob.address);
    await governor.connect(alice).cancel(...actions, id(TEXT));
    expect(await governor.state(proposalId)).to.equal(STATE.Canceled);
  });
});
