import { expect } from "chai";
import { AbiCoder, id, keccak256 } from "ethers";

import { WeeklyRewards__factory } from "../../../typechain-types/index.js";
import { addressOf } from "../../fixtures/address-of.js";
import { deployed, ethers, networkHelpers } from "../../fixtures/deployed.js";
import { EVIDENCE, URI, WEEK, propose } from "../../fixtures/rewards.js";

const TYPES = ["uint256", "address", "uint40", "uint256", "bytes32", "uint96", "bytes32"];
const ROOT = id("root");

function hashOf(values: unknown[]): string {
  return keccak256(AbiCoder.defaultAbiCoder().encode(TYPES, values));
}

describe("WeeklyRewards.reportHash", () => {
  it("commits to chain, contract, week, proposal, root, amount and evidence", async () => {
    const d = await networkHelpers.loadFixture(deployed);
    const proposalId = await propose(d, { root: ROOT, added: 5n });
    const { chainId } = await ethers.provider.getNetwork();
    const values = [chainId, await addressOf(d.rewards), 1n, proposalId, ROOT, 5n, EVIDENCE];
    expect(await d.rewards.reportHash(proposalId)).to.equal(hashOf(values));
  });

  it("differs between proposals that say the same: an approval is of one of them", async () => {
    const d = await networkHelpers.loadFixture(deployed);
    const [first, second] = [await propose(d), await propose(d)];
    expect(await d.rewards.reportHash(second)).to.not.equal(await d.rewards.reportHash(first));
  });

  it("differs between contracts with the same committee: an approval is for one of them", async () => {
    const d = await networkHelpers.loadFixture(deployed);
    const other = await new WeeklyRewards__factory(d.members[0]).deploy(d.authority, d.nmr, d.committee, 10n);
    await networkHelpers.time.increase(WEEK);
    for (const rewards of [d.rewards.connect(d.members[0]), other]) {
      await rewards.proposeWeek(1n, ROOT, 5n, EVIDENCE, URI);
    }
    expect(await other.reportHash(1n)).to.not.equal(await d.rewards.reportHash(1n));
  });

  it("refuses a proposal that was not made", async () => {
    const { rewards } = await networkHelpers.loadFixture(deployed);
    for (const proposalId of [0n, 1n]) {
      await expect(rewards.reportHash(proposalId))
        .to.be.revertedWithCustomError(rewards, "ProposalNotFound")
        .withArgs(proposalId);
    }
  });
});
