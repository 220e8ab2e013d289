import { expect } from "chai";

import { at } from "../../fixtures/at.js";
import { deployed, networkHelpers } from "../../fixtures/deployed.js";
import { people } from "../../fixtures/people.js";
import { BUDGET, dueAt, propose } from "../../fixtures/rewards.js";

describe("WeeklyRewards.setWeeklyBudget", () => {
  it("changes what the next proposals may add", async () => {
    const d = await networkHelpers.loadFixture(deployed);
    for (const budget of [BUDGET + 1n, 1n]) {
      await expect(d.rewards.connect(d.deployer).setWeeklyBudget(budget))
        .to.emit(d.rewards, "WeeklyBudgetChanged")
        .withArgs(budget);
      expect(await d.rewards.weeklyBudget()).to.equal(budget);
      await propose(d, { added: budget });
      await expect(propose(d, { added: budget + 1n }))
        .to.be.revertedWithCustomError(d.rewards, "AddedAboveBudget")
        .withArgs(budget, budget + 1n);
    }
  });

  it("takes zero: then a week adds nothing", async () => {
    const d = await networkHelpers.loadFixture(deployed);
    await d.rewards.connect(d.deployer).setWeeklyBudget(0n);
    await at(await dueAt(d, 1n));
    expect(await propose(d, { added: 0n })).to.equal(1n);
  });

  it("refuses a caller that is not the admin, members and guardian included", async () => {
    const d = await networkHelpers.loadFixture(deployed);
    for (const caller of [people(d).alice, d.members[0], d.guardian, d.minter]) {
      await expect(d.rewards.connect(caller).setWeeklyBudget(1n))
        .to.be.revertedWithCustomError(d.rewards, "AccessManagedUnauthorized")
        .withArgs(caller.address);
    }
  });
});
