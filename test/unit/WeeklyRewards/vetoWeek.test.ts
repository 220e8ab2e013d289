import { expect } from "chai";

import { at } from "../../fixtures/at.js";
import { connection, deployed, ethers, networkHelpers, type Deployed } from "../../fixtures/deployed.js";
import { people } from "../../fixtures/people.js";
import { approveWeek, liveWeek, propose, proofOf, ripe } from "../../fixtures/rewards.js";

/** Sends a veto and an activation into one block, the one that offers more first. */
async function inOneBlock(d: Deployed, proposalId: bigint, first: "veto" | "activation"): Promise<boolean[]> {
  const fee = (name: "veto" | "activation") => ({
    maxPriorityFeePerGas: name === first ? 10n ** 10n : 10n ** 9n,
    maxFeePerGas: 10n ** 11n,
    gasLimit: 1_000_000n,
  });
  const setAutomine = (on: boolean) => connection.provider.request({ method: "evm_setAutomine", params: [on] });
  await setAutomine(false);
  try {
    const veto = await d.rewards.connect(d.guardian).vetoWeek("at the last moment", fee("veto"));
    const activation = await d.rewards.connect(d.deployer).activateWeek(proposalId, fee("activation"));
    await networkHelpers.mine();
    const receipts = await Promise.all(
      [veto, activation].map(({ hash }) => ethers.provider.getTransactionReceipt(hash)),
    );
    const [vetoed, activated] = receipts;
    expect(activated?.blockNumber).to.equal(vetoed?.blockNumber);
    return receipts.map((receipt) => receipt?.status === 1);
  } finally {
    await setAutomine(true);
  }
}

describe("WeeklyRewards.vetoWeek", () => {
  describe("given the guardian and open proposals", () => {
    it("kills them all, approved or not, and says why", async () => {
      const d = await networkHelpers.loadFixture(deployed);
      await propose(d, { member: d.members[1] });
      const approved = await ripe(d);
      await expect(d.rewards.connect(d.guardian).vetoWeek("leaves of another week"))
        .to.emit(d.rewards, "ProposalsVetoed")
        .withArgs(approved, "leaves of another week");
      expect(await d.rewards.vetoedCount()).to.equal(approved);
      for (const proposalId of [approved - 1n, approved]) {
        await expect(d.rewards.activateWeek(proposalId))
          .to.be.revertedWithCustomError(d.rewards, "ProposalVetoed")
          .withArgs(proposalId);
      }
    });

    it("leaves a later proposal alone", async () => {
      const d = await networkHelpers.loadFixture(deployed);
      await propose(d);
      await d.rewards.connect(d.guardian).vetoWeek("wrong");
      await d.rewards.activateWeek(await ripe(d));
      expect(await d.rewards.lastWeek()).to.equal(1n);
    });

    it("vetoes as often as there is reason to, what is not there yet as little as what is live", async () => {
      const d = await networkHelpers.loadFixture(liveWeek);
      const root = await d.rewards.root();
      for (const reason of ["first", "second"]) await d.rewards.connect(d.guardian).vetoWeek(reason);
      expect(await d.rewards.root()).to.equal(root);
      expect(await d.rewards.lastWeek()).to.equal(1n);
      await d.rewards.activateWeek(await ripe(d));
      expect(await d.rewards.lastWeek()).to.equal(2n);
    });

    it("takes nobody's rewards, and stops no claim", async () => {
      const d = await networkHelpers.loadFixture(liveWeek);
      await propose(d);
      await expect(d.rewards.connect(d.guardian).vetoWeek("wrong")).to.changeTokenBalance(ethers, d.nmr, d.rewards, 0n);
      const { cumulative, proof } = proofOf(d.tree, d.alice);
      await expect(d.rewards.claim(d.alice, cumulative, proof)).to.changeTokenBalance(
        ethers,
        d.nmr,
        d.alice,
        cumulative,
      );
    });
  });

  describe("given a veto at the moment of the activation", () => {
    it("stops it when it comes first in the block", async () => {
      const d = await networkHelpers.loadFixture(deployed);
      const proposalId = await ripe(d);
      expect(await inOneBlock(d, proposalId, "veto")).to.deep.equal([true, false]);
      expect(await d.rewards.lastWeek()).to.equal(0n);
      expect(await d.nmr.totalMinted()).to.equal(0n);
    });

    it("comes too late when it is second in the block", async () => {
      const d = await networkHelpers.loadFixture(deployed);
      const proposalId = await ripe(d);
      expect(await inOneBlock(d, proposalId, "activation")).to.deep.equal([true, true]);
      expect(await d.rewards.lastWeek()).to.equal(1n);
    });

    it("stops it in the first second it could be activated in", async () => {
      const d = await networkHelpers.loadFixture(deployed);
      const proposalId = await propose(d);
      await approveWeek(d, proposalId);
      const { proposedAt } = await d.rewards.getProposal(proposalId);
      await at(proposedAt + (await d.rewards.CHALLENGE_PERIOD()));
      await d.rewards.connect(d.guardian).vetoWeek("just in time");
      await expect(d.rewards.activateWeek(proposalId))
        .to.be.revertedWithCustomError(d.rewards, "ProposalVetoed")
        .withArgs(proposalId);
    });
  });

  it("refuses a caller without the guardian's role, members and admin included", async () => {
    const d = await networkHelpers.loadFixture(deployed);
    await propose(d);
    for (const caller of [people(d).alice, d.members[0], d.deployer, d.minter]) {
      await expect(d.rewards.connect(caller).vetoWeek(""))
        .to.be.revertedWithCustomError(d.rewards, "AccessManagedUnauthorized")
        .withArgs(caller.address);
    }
  });
});
