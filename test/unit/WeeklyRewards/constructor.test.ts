import { expect } from "chai";
import { ZeroAddress, ZeroHash } from "ethers";

import { WeeklyRewards__factory } from "../../../typechain-types/index.js";
import { addressOf } from "../../fixtures/address-of.js";
import { deployed, ethers, networkHelpers, type Deployed } from "../../fixtures/deployed.js";

/** Deploys weekly rewards of the given parts. */
async function construct(d: Deployed, changes: { nmr?: string; committee?: string } = {}) {
  const parts = { nmr: await addressOf(d.nmr), committee: await addressOf(d.committee), ...changes };
  return new WeeklyRewards__factory(d.deployer).deploy(d.authority, parts.nmr, parts.committee, 7n);
}

describe("WeeklyRewards.constructor", () => {
  it("keeps its parts and its budget, and counts weeks from its deployment", async () => {
    const d = await networkHelpers.loadFixture(deployed);
    const rewards = await construct(d);
    expect(await rewards.authority()).to.equal(await addressOf(d.authority));
    expect(await rewards.nmr()).to.equal(await addressOf(d.nmr));
    expect(await rewards.committee()).to.equal(await addressOf(d.committee));
    expect(await rewards.weeklyBudget()).to.equal(7n);
    expect(await rewards.DEPLOYED_AT()).to.equal((await ethers.provider.getBlock("latest"))?.timestamp);
  });

  it("begins with nothing proposed, live, allocated or claimed", async () => {
    const d = await networkHelpers.loadFixture(deployed);
    const { rewards } = d;
    expect(await rewards.proposalCount()).to.equal(0n);
    expect(await rewards.vetoedCount()).to.equal(0n);
    expect(await rewards.lastWeek()).to.equal(0n);
    expect(await rewards.root()).to.equal(ZeroHash);
    expect(await rewards.allocated()).to.equal(0n);
    expect(await rewards.totalClaimed()).to.equal(0n);
    expect(await rewards.claimed(d.deployer)).to.equal(0n);
  });

  it("gives two days to look at a proposal, and two weeks to activate it", async () => {
    const { rewards } = await networkHelpers.loadFixture(deployed);
    expect(await rewards.CHALLENGE_PERIOD()).to.equal(2n * 86_400n);
    expect(await rewards.PROPOSAL_LIFETIME()).to.equal(14n * 86_400n);
  });

  for (const part of ["nmr", "committee"] as const) {
    it(`refuses no ${part}`, async () => {
      const d = await networkHelpers.loadFixture(deployed);
      await expect(construct(d, { [part]: ZeroAddress })).to.be.revertedWithCustomError(d.rewards, "ZeroAddress");
    });
  }
});
