import { expect } from "chai";
import { ZeroHash, id } from "ethers";

import { at } from "../../fixtures/at.js";
import { deployed, networkHelpers } from "../../fixtures/deployed.js";
import { people } from "../../fixtures/people.js";
import { BUDGET, EVIDENCE, URI, WEEK, activate, dueAt, propose, treeOf } from "../../fixtures/rewards.js";

const ROOT = id("root");

describe("WeeklyRewards.proposeWeek", () => {
  describe("given a member and the week that is over", () => {
    it("keeps the proposal and announces it with the hash to approve", async () => {
      const d = await networkHelpers.loadFixture(deployed);
      const [member] = d.members;
      const due = await dueAt(d, 1n);
      await at(due);
      const proposing = await d.rewards.connect(member).proposeWeek(1n, ROOT, 5n, EVIDENCE, URI);
      await expect(proposing)
        .to.emit(d.rewards, "WeekProposed")
        .withArgs(1n, 1n, member.address, ROOT, 5n, await d.rewards.reportHash(1n), EVIDENCE, URI);
      const { proposer, added, week, proposedAt, root, evidenceHash } = await d.rewards.getProposal(1n);
      expect({ proposer, added, week, proposedAt, root, evidenceHash }).to.deep.equal({
        proposer: member.address,
        added: 5n,
        week: 1n,
        proposedAt: due,
        root: ROOT,
        evidenceHash: EVIDENCE,
      });
      expect(await d.rewards.proposalCount()).to.equal(1n);
    });

    it("changes nothing that is live, and mints nothing", async () => {
      const d = await networkHelpers.loadFixture(deployed);
      await propose(d);
      expect(await d.rewards.root()).to.equal(ZeroHash);
      expect(await d.rewards.lastWeek()).to.equal(0n);
      expect(await d.rewards.allocated()).to.equal(0n);
      expect(await d.nmr.totalMinted()).to.equal(0n);
    });

    it("keeps proposals for one week side by side, of different members and of the same", async () => {
      const d = await networkHelpers.loadFixture(deployed);
      const [first, second] = d.members;
      for (const member of [first, second, first]) await propose(d, { member, added: BUDGET - 1n });
      const proposals = await Promise.all([1n, 2n, 3n].map((proposalId) => d.rewards.getProposal(proposalId)));
      expect(proposals.map(({ proposer }) => proposer)).to.deep.equal([first.address, second.address, first.address]);
      expect(proposals.map(({ week }) => week)).to.deep.equal([1n, 1n, 1n]);
    });
  });

  describe("given the clock: a budget a week", () => {
    it("refuses a week in its last second, and takes it in the second it is over", async () => {
      const d = await networkHelpers.loadFixture(deployed);
      const rewards = d.rewards.connect(d.members[0]);
      const due = await dueAt(d, 1n);
      await at(due - 1n);
      await expect(rewards.proposeWeek(1n, ROOT, 0n, EVIDENCE, URI))
        .to.be.revertedWithCustomError(rewards, "WeekNotDue")
        .withArgs(due, due - 1n);
      await at(due);
      await expect(rewards.proposeWeek(1n, ROOT, 0n, EVIDENCE, URI)).to.emit(rewards, "WeekProposed");
    });

    it("counts every week from the deployment, so that going fast brings no more weeks", async () => {
      const d = await networkHelpers.loadFixture(deployed);
      await activate(d, treeOf([people(d).alice, BUDGET]), BUDGET);
      const rewards = d.rewards.connect(d.members[0]);
      const due = (await rewards.DEPLOYED_AT()) + 2n * BigInt(WEEK);
      await at(due - 1n);
      await expect(rewards.proposeWeek(2n, ROOT, 1n, EVIDENCE, URI))
        .to.be.revertedWithCustomError(rewards, "WeekNotDue")
        .withArgs(due, due - 1n);
    });

    it("lets weeks that were missed be made up for, one after another", async () => {
      const d = await networkHelpers.loadFixture(deployed);
      const { alice } = people(d);
      await networkHelpers.time.increase(5 * WEEK);
      for (const week of [1n, 2n, 3n]) await activate(d, treeOf([alice, week * BUDGET]), BUDGET);
      expect(await d.rewards.lastWeek()).to.equal(3n);
      expect(await d.rewards.allocated()).to.equal(3n * BUDGET);
    });
  });

  describe("given a week that is not the next", () => {
    it("refuses week 0, the one after the next, and one that is live", async () => {
      const d = await networkHelpers.loadFixture(deployed);
      const rewards = d.rewards.connect(d.members[0]);
      await networkHelpers.time.increase(3 * WEEK);
      for (const week of [0n, 2n, 2n ** 40n - 1n]) {
        await expect(rewards.proposeWeek(week, ROOT, 1n, EVIDENCE, URI))
          .to.be.revertedWithCustomError(rewards, "UnexpectedWeek")
          .withArgs(1n, week);
      }
      await activate(d, treeOf([people(d).alice, 1n]), 1n);
      await expect(rewards.proposeWeek(1n, ROOT, 1n, EVIDENCE, URI))
        .to.be.revertedWithCustomError(rewards, "UnexpectedWeek")
        .withArgs(2n, 1n);
    });
  });

  describe("given what it adds", () => {
    it("takes the whole budget, and not a wei more", async () => {
      const d = await networkHelpers.loadFixture(deployed);
      const rewards = d.rewards.connect(d.members[0]);
      await at(await dueAt(d, 1n));
      await expect(rewards.proposeWeek(1n, ROOT, BUDGET, EVIDENCE, URI)).to.emit(rewards, "WeekProposed");
      await expect(rewards.proposeWeek(1n, ROOT, BUDGET + 1n, EVIDENCE, URI))
        .to.be.revertedWithCustomError(rewards, "AddedAboveBudget")
        .withArgs(BUDGET, BUDGET + 1n);
    });
  });

  it("refuses a root of zero, with which nothing could be proved", async () => {
    const d = await networkHelpers.loadFixture(deployed);
    await at(await dueAt(d, 1n));
    await expect(
      d.rewards.connect(d.members[0]).proposeWeek(1n, ZeroHash, 1n, EVIDENCE, URI),
    ).to.be.revertedWithCustomError(d.rewards, "ZeroRoot");
  });

  describe("given a caller that is no committee member", () => {
    for (const role of ["guardian", "minter", "deployer"] as const) {
      it(`refuses the ${role}`, async () => {
        const d = await networkHelpers.loadFixture(deployed);
        await at(await dueAt(d, 1n));
        await expect(d.rewards.connect(d[role]).proposeWeek(1n, ROOT, 1n, EVIDENCE, URI))
          .to.be.revertedWithCustomError(d.rewards, "NotCommitteeMember")
          .withArgs(d[role].address);
      });
    }

    it("refuses a member from its removal on", async () => {
      const d = await networkHelpers.loadFixture(deployed);
      await d.committee.connect(d.deployer).removeMember(d.members[2], 2n);
      await at(await dueAt(d, 1n));
      await expect(d.rewards.connect(d.members[2]).proposeWeek(1n, ROOT, 1n, EVIDENCE, URI))
        .to.be.revertedWithCustomError(d.rewards, "NotCommitteeMember")
        .withArgs(d.members[2].address);
    });
  });
});
