import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { BountyGrants__factory } from "../../../typechain-types/index.js";
import { addressOf } from "../../fixtures/address-of.js";
import { deployed, ethers, networkHelpers } from "../../fixtures/deployed.js";

describe("BountyGrants.constructor", () => {
  it("keeps its token, and names itself to wallets", async () => {
    const d = await networkHelpers.loadFixture(deployed);
    const bounties = await new BountyGrants__factory(d.deployer).deploy(d.nmr);
    expect(await bounties.nmr()).to.equal(await addressOf(d.nmr));
    const { name, version, chainId, verifyingContract } = await bounties.eip712Domain();
    expect([name, version, chainId, verifyingContract]).to.deep.equal([
      "Numeraire Bounty Grants",
      "1",
      (await ethers.provider.getNetwork()).chainId,
      await addressOf(bounties),
    ]);
  });

  it("begins with no bounty and no grant", async () => {
    const d = await networkHelpers.loadFixture(deployed);
    expect(await d.bounties.bountyCount()).to.equal(0n);
    expect(await d.bounties.grantCount()).to.equal(0n);
  });

  it("refuses no token", async () => {
    const d = await networkHelpers.loadFixture(deployed);
    await expect(new BountyGrants__factory(d.deployer).deploy(ZeroAddress)).to.be.revertedWithCustomError(
      d.bounties,
      "ZeroAddress",
    );
  });
});
