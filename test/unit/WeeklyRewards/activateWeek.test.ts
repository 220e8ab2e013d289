import { expect } from "chai";
import { ZeroAddress, ZeroHash, id, parseEther } from "ethers";

import { addressOf } from "../../fixtures/address-of.js";
import { at } from "../../fixtures/at.js";
import { deployed, ethers, networkHelpers } from "../../fixtures/deployed.js";
import { people } from "../../fixtures/people.js";
import {
  BUDGET,
  CHALLENGE_PERIOD,
  PROPOSAL_LIFETIME,
  WEEK,
  approveWeek,
  liveWeek,
  propose,
  ripe,
} from "../../fixtures/rewards.js";

const ROOT = id("root");

describe("WeeklyRewards.activateWeek", () => {
  describe("given a proposal that is approved and old enough", () => {
    it("lets anybody mint what it adds and make its root live", async () => {
      const d = await networkHelpers.loadFixture(deployed);
      const proposalId = await ripe(d, { root: ROOT, added: 5n });
      const activating = d.rewards.connect(people(d).dave).activateWeek(proposalId);
      await expect(activating).to.emit(d.rewards, "WeekActivated").withArgs(1n, proposalId, ROOT, 5n, 5n);
      await expect(activating)
        .to.emit(d.nmr, "Transfer")
        .withArgs(ZeroAddress, await addressOf(d.rewards), 5n);
      await expect(activating).to.changeTokenBalance(ethers, d.nmr, d.rewards, 5n);
      expect(await d.nmr.totalMinted()).to.equal(5n);
      expect(await d.rewards.root()).to.equal(ROOT);
      expect(await d.rewards.lastWeek()).to.equal(1n);
      expect(await d.rewards.allocated()).to.equal(5n);
    });

    it("adds up what the weeks added, and replaces the root", async () => {
      const d = await networkHelpers.loadFixture(deployed);
      await d.rewards.activateWeek(await ripe(d, { root: ROOT, added: 5n }));
      const proposalId = await ripe(d, { root: id("next"), added: 7n });
      await expect(d.rewards.activateWeek(proposalId))
        .to.emit(d.rewards, "WeekActivated")
        .withArgs(2n, proposalId, id("next"), 7n, 12n);
      expect(await d.rewards.root()).to.equal(id("next"));
      expect(await d.rewards.allocated()).to.equal(12n);
      expect(await d.nmr.balanceOf(d.rewards)).to.equal(12n);
    });

    it("takes a week that adds nothing and only moves what is unclaimed", async () => {
      const d = await networkHelpers.loadFixture(deployed);
      await d.rewards.activateWeek(await ripe(d, { root: ROOT, added: 0n }));
      expect(await d.rewards.root()).to.equal(ROOT);
      expect(await d.nmr.totalMinted()).to.equal(0n);
    });
  });

  describe("given the challenge period", () => {
    it("refuses in its last second, and activates in the second it ends", async () => {
      const d = await networkHelpers.loadFixture(deployed);
      const proposalId = await propose(d);
      await approveWeek(d, proposalId);
      const { proposedAt } = await d.rewards.getProposal(proposalId);
      const ends = proposedAt + BigInt(CHALLENGE_PERIOD);
      await at(ends - 1n);
      await expect(d.rewards.activateWeek(proposalId))
        .to.be.revertedWithCustomError(d.rewards, "ChallengePeriodRunning")
        .withArgs(ends, ends - 1n);
      await at(ends);
      await expect(d.rewards.activateWeek(proposalId)).to.emit(d.rewards, "WeekActivated");
    });
  });

  describe("given that nobody activates it for 14 days", () => {
    it("activates in the last second, and refuses one later", async () => {
      for (const late of [0n, 1n]) {
        const d = await networkHelpers.loadFixture(deployed);
        const proposalId = await propose(d);
        await approveWeek(d, proposalId);
        const { proposedAt } = await d.rewards.getProposal(proposalId);
        const expiredAt = proposedAt + BigInt(PROPOSAL_LIFETIME);
        await at(expiredAt + late);
        const activating = d.rewards.activateWeek(proposalId);
        if (late === 0n) await expect(activating).to.emit(d.rewards, "WeekActivated");
        else {
          await expect(activating)
            .to.be.revertedWithCustomError(d.rewards, "ProposalExpired")
            .withArgs(expiredAt, expiredAt + late);
        }
      }
    });

    it("takes a fresh proposal for the same week instead", async () => {
      const d = await networkHelpers.loadFixture(deployed);
      await ripe(d);
      await networkHelpers.time.increase(PROPOSAL_LIFETIME);
      const proposalId = await ripe(d);
      await expect(d.rewards.activateWeek(proposalId)).to.emit(d.rewards, "WeekActivated");
    });
  });

  describe("given several proposals", () => {
    it("activates one for a week: a rival comes too late, whoever approved it, and so does the same again", async () => {
      const d = await networkHelpers.loadFixture(deployed);
      const rival = await ripe(d, { added: 1n });
      const proposalId = await ripe(d, { added: 2n });
      await d.rewards.activateWeek(proposalId);
      for (const late of [rival, proposalId]) {
        await expect(d.rewards.activateWeek(late))
          .to.be.revertedWithCustomError(d.rewards, "UnexpectedWeek")
          .withArgs(2n, 1n);
      }
      expect(await d.rewards.allocated()).to.equal(2n);
    });

    it("does not bring back an old week's rival after the next week", async () => {
      const d = await networkHelpers.loadFixture(deployed);
      await networkHelpers.time.increase(3 * WEEK);
      const rival = await ripe(d, { added: 1n });
      await d.rewards.activateWeek(await ripe(d, { added: 2n }));
      await d.rewards.activateWeek(await ripe(d, { added: 3n }));
      await expect(d.rewards.activateWeek(rival))
        .to.be.revertedWithCustomError(d.rewards, "UnexpectedWeek")
        .withArgs(3n, 1n);
    });
  });

  describe("given the committee", () => {
    it("refuses what one member approves, and what members no longer approve", async () => {
      const d = await networkHelpers.loadFixture(deployed);
      const proposalId = await propose(d);
      const hash = await d.rewards.reportHash(proposalId);
      await networkHelpers.time.increase(CHALLENGE_PERIOD);
      const expectRefused = () =>
        expect(d.rewards.activateWeek(proposalId))
          .to.be.revertedWithCustomError(d.rewards, "ReportNotApproved")
          .withArgs(hash);
      await d.committee.connect(d.members[0]).approve(hash);
      await expectRefused();
      await d.committee.connect(d.members[1]).approve(hash);
      await d.committee.connect(d.members[1]).revokeApproval(hash);
      await expectRefused();
    });

    it("counts no approval of a member that was removed, its own proposal's included", async () => {
      const d = await networkHelpers.loadFixture(deployed);
      const proposalId = await ripe(d);
      await d.committee.connect(d.deployer).removeMember(d.members[0], 2n);
      await expect(d.rewards.activateWeek(proposalId))
        .to.be.revertedWithCustomError(d.rewards, "ReportNotApproved")
        .withArgs(await d.rewards.reportHash(proposalId));
    });

    it("activates a removed member's proposal that a quorum of the others stands for", async () => {
      const d = await networkHelpers.loadFixture(deployed);
      const proposalId = await propose(d);
      const hash = await d.rewards.reportHash(proposalId);
      await d.committee.connect(d.deployer).removeMember(d.members[0], 2n);
      for (const member of [d.members[1], d.members[2]]) await d.committee.connect(member).approve(hash);
      await networkHelpers.time.increase(CHALLENGE_PERIOD);
      await expect(d.rewards.activateWeek(proposalId)).to.emit(d.rewards, "WeekActivated");
    });

    it("needs the quorum of the day: one that was raised meanwhile is not reached by approvals of before", async () => {
      const d = await networkHelpers.loadFixture(deployed);
      const proposalId = await ripe(d);
      await d.committee.connect(d.deployer).setQuorum(3n);
      await expect(d.rewards.activateWeek(proposalId))
        .to.be.revertedWithCustomError(d.rewards, "ReportNotApproved")
        .withArgs(await d.rewards.reportHash(proposalId));
      await d.committee.connect(d.members[2]).approve(await d.rewards.reportHash(proposalId));
      await expect(d.rewards.activateWeek(proposalId)).to.emit(d.rewards, "WeekActivated");
    });
  });

  describe("given a budget that changed since the proposal", () => {
    it("refuses what is above it today, to the wei", async () => {
      const d = await networkHelpers.loadFixture(deployed);
      const proposalId = await ripe(d, { added: BUDGET });
      await d.rewards.connect(d.deployer).setWeeklyBudget(BUDGET - 1n);
      await expect(d.rewards.activateWeek(proposalId))
        .to.be.revertedWithCustomError(d.rewards, "AddedAboveBudget")
        .withArgs(BUDGET - 1n, BUDGET);
      await d.rewards.connect(d.deployer).setWeeklyBudget(BUDGET);
      await expect(d.rewards.activateWeek(proposalId)).to.emit(d.rewards, "WeekActivated");
    });
  });

  describe("given that NMR cannot be minted", () => {
    it("makes no root live at the cap, and does so once there is room", async () => {
      const d = await networkHelpers.loadFixture(deployed);
      const proposalId = await ripe(d, { root: ROOT, added: BUDGET });
      const minting = d.nmr.connect(d.minter);
      // By the time of the activation two seconds' emission are due, far less than the week adds.
      await minting.mint(d.treasury, await d.nmr.mintable());
      await expect(d.rewards.activateWeek(proposalId)).to.be.revertedWithCustomError(d.nmr, "MintAboveAllowance");
      expect(await d.rewards.root()).to.equal(ZeroHash);
      expect(await d.rewards.lastWeek()).to.equal(0n);
      expect(await d.rewards.allocated()).to.equal(0n);
      await networkHelpers.time.increase(WEEK);
      await expect(d.rewards.activateWeek(proposalId)).to.emit(d.rewards, "WeekActivated");
    });

    it("makes no root live without the minter role", async () => {
      const d = await networkHelpers.loadFixture(deployed);
      const proposalId = await ripe(d, { added: parseEther("1") });
      await d.authority.connect(d.deployer).revokeRole(1n, d.rewards);
      await expect(d.rewards.activateWeek(proposalId))
        .to.be.revertedWithCustomError(d.nmr, "AccessManagedUnauthorized")
        .withArgs(await addressOf(d.rewards));
      expect(await d.rewards.root()).to.equal(ZeroHash);
    });
  });

  it("leaves what is claimed and claimable as it was", async () => {
    const d = await networkHelpers.loadFixture(liveWeek);
    const proof = d.tree.getProof(0);
    const [account, cumulative] = d.tree.at(0) ?? [ZeroAddress, 0n];
    await d.rewards.claim(account, cumulative, proof);
    await d.rewards.activateWeek(await ripe(d, { root: d.tree.root, added: 0n }));
    expect(await d.rewards.claimed(account)).to.equal(cumulative);
    expect(await d.rewards.totalClaimed()).to.equal(cumulative);
  });

  it("refuses a proposal that was not made", async () => {
    const { rewards } = await networkHelpers.loadFixture(deployed);
    for (const proposalId of [0n, 1n]) {
      await expect(rewards.activateWeek(proposalId))
        .to.be.revertedWithCustomError(rewards, "ProposalNotFound")
        .withArgs(proposalId);
    }
  });
});
