import { expect } from "chai";
import { parseEther } from "ethers";

import { CallingToken__factory, WeeklyRewards__factory, type CallingToken } from "../../../typechain-types/index.js";
import { deployed, networkHelpers, type Deployed } from "../../fixtures/deployed.js";
import { people } from "../../fixtures/people.js";
import { proofOf, ripe, treeOf } from "../../fixtures/rewards.js";

const ADDED = parseEther("10");

interface Attacked extends Deployed {
  /** The NMR of these rewards. */
  token: CallingToken;
}

/** Weekly rewards of a token that calls back. */
async function attacked(): Promise<Attacked> {
  const d = await deployed();
  const token = await new CallingToken__factory(d.deployer).deploy();
  const rewards = await new WeeklyRewards__factory(d.deployer).deploy(d.authority, token, d.committee, ADDED);
  return { ...d, rewards, token };
}

describe("WeeklyRewards, should its token ever call back", () => {
  it("activates a proposal once: a second activation while it mints is refused", async () => {
    const d = await networkHelpers.loadFixture(attacked);
    const { rewards, token } = d;
    const proposalId = await ripe(d, { added: ADDED });
    await token.aim(rewards, rewards.interface.encodeFunctionData("activateWeek", [proposalId]));
    await expect(rewards.activateWeek(proposalId))
      .to.emit(token, "CalledBack")
      .withArgs(false, rewards.interface.encodeErrorResult("UnexpectedWeek", [2n, 1n]));
    expect(await rewards.allocated()).to.equal(ADDED);
  });

  for (const way of ["claim", "claimMany"] as const) {
    it(`pays a leaf once: another ${way} while it pays is refused`, async () => {
      const d = await networkHelpers.loadFixture(attacked);
      const { rewards, token } = d;
      const { alice, bob } = people(d);
      const tree = treeOf([alice, ADDED / 2n], [bob, ADDED / 2n]);
      await rewards.activateWeek(await ripe(d, { root: tree.root, added: ADDED }));
      const { cumulative, proof } = proofOf(tree, alice);
      const data =
        way === "claim"
          ? rewards.interface.encodeFunctionData("claim", [alice.address, cumulative, proof])
          : rewards.interface.encodeFunctionData("claimMany", [[alice.address], [cumulative], proof, [false]]);
      await token.aim(rewards, data);
      await expect(d.deployer.sendTransaction({ to: rewards, data }))
        .to.emit(token, "CalledBack")
        .withArgs(
          false,
          rewards.interface.encodeErrorResult("NothingToClaim", [alice.address, cumulative, cumulative]),
        );
      expect(await rewards.totalClaimed()).to.equal(cumulative);
    });
  }
});
