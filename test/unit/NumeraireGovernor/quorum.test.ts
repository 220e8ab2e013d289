import { expect } from "chai";
import { id, parseEther } from "ethers";

import { networkHelpers } from "../../fixtures/deployed.js";
import { DAY, SUPPLY, budgetProposal, voters, type Voters } from "../../fixtures/voters.js";

const QUORUM = (SUPPLY * 400n) / 10_000n;
const STATE = { Active: 1n, Defeated: 3n, Succeeded: 4n };

/** Proposes, and says where the snapshot is. */
async function propose(d: Voters, description: string): Promise<{ proposalId: bigint; snapshot: bigint }> {
  const actions = await budgetProposal(d, 1n);
  await d.governor.connect(d.alice).propose(...actions, description);
  const proposalId = await d.governor.hashProposal(...actions, id(description));
  return { proposalId, snapshot: await d.governor.proposalSnapshot(proposalId) };
}

describe("NumeraireGovernor.quorum", () => {
  it("is a share of all NMR there is when the proposal is made, not of what is wrapped", async () => {
    const d = await networkHelpers.loadFixture(voters);
    const { snapshot } = await propose(d, "one");
    expect(await d.governor.quorum(snapshot)).to.equal(QUORUM);
    await d.votes.connect(d.bob).withdrawTo(d.bob, 1_000n);
    expect(await d.governor.quorum(snapshot)).to.equal(QUORUM);
  });

  it("is rounded up", async () => {
    const d = await networkHelpers.loadFixture(voters);
    await d.nmr.connect(d.minter).mint(d.carol, 1n);
    const { snapshot } = await propose(d, "one");
    expect(await d.governor.quorum(snapshot)).to.equal(QUORUM + 1n);
  });

  it("takes in what anybody records up to the snapshot, and nothing later", async () => {
    const d = await networkHelpers.loadFixture(voters);
    const { governor, minter, nmr, carol } = d;
    const { snapshot } = await propose(d, "one");
    await nmr.connect(minter).mint(carol, SUPPLY);
    expect(await governor.quorum(snapshot)).to.equal(QUORUM);
    await networkHelpers.time.setNextBlockTimestamp(snapshot);
    await governor.connect(carol).recordSupply();
    expect(await governor.quorum(snapshot)).to.equal(2n * QUORUM);
    await nmr.connect(carol).burn(SUPPLY);
    await governor.recordSupply();
    expect(await governor.quorum(snapshot)).to.equal(2n * QUORUM);
    expect(await governor.quorum(snapshot - 1n)).to.equal(QUORUM);
  });

  it("is nothing before anything was recorded: no proposal has such a snapshot", async () => {
    const { governor } = await networkHelpers.loadFixture(voters);
    expect(await governor.quorum(await networkHelpers.time.latest())).to.equal(0n);
  });

  it("refuses what is no time", async () => {
    const { governor } = await networkHelpers.loadFixture(voters);
    await expect(governor.quorum(2n ** 48n))
      .to.be.revertedWithCustomError(governor, "SafeCastOverflowedUintDowncast")
      .withArgs(48n, 2n ** 48n);
  });

  for (const [missing, outcome] of [
    [1n, "Defeated"],
    [0n, "Succeeded"],
  ] as const) {
    it(`leaves a proposal ${outcome} that lacks ${missing.toString()} votes, however little is wrapped`, async () => {
      const d = await networkHelpers.loadFixture(voters);
      const { alice, bob, governor, votes } = d;
      const { proposalId } = await propose(d, "one");
      // What bob keeps is all the vNMR there is.
      await votes.connect(alice).withdrawTo(alice, parseEther("10000"));
      await votes.connect(bob).withdrawTo(bob, (await votes.balanceOf(bob)) - QUORUM + missing);
      await networkHelpers.time.increase(DAY + 1);
      await governor.connect(bob).castVote(proposalId, 1);
      expect(await governor.state(proposalId)).to.equal(STATE.Active);
      await networkHelpers.time.increase(5 * DAY);
      expect(await governor.state(proposalId)).to.equal(STATE[outcome]);
    });
  }

  it("counts abstentions, and more votes against than for defeat", async () => {
    const d = await networkHelpers.loadFixture(voters);
    const { alice, bob, governor } = d;
    const [one, two] = [await propose(d, "one"), await propose(d, "two")];
    await networkHelpers.time.increase(DAY + 2);
    await governor.connect(alice).castVote(one.proposalId, 2);
    await governor.connect(bob).castVote(one.proposalId, 1);
    await governor.connect(alice).castVote(two.proposalId, 0);
    await governor.connect(bob).castVote(two.proposalId, 1);
    await networkHelpers.time.increase(5 * DAY);
    expect(await governor.state(one.proposalId)).to.equal(STATE.Succeeded);
    expect(await governor.state(two.proposalId)).to.equal(STATE.Defeated);
  });

  it("of a decided proposal stays what it was, whatever is minted afterwards", async () => {
    const d = await networkHelpers.loadFixture(voters);
    const { bob, carol, governor, minter, nmr } = d;
    const { proposalId } = await propose(d, "one");
    await networkHelpers.time.increase(DAY + 1);
    await governor.connect(bob).castVote(proposalId, 1);
    await networkHelpers.time.increase(5 * DAY);
    await nmr.connect(minter).mint(carol, 10n * SUPPLY);
    await governor.recordSupply();
    expect(await governor.state(proposalId)).to.equal(STATE.Succeeded);
  });
});
