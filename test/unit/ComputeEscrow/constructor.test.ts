import { expect } from "chai";
import { ZeroAddress, ZeroHash } from "ethers";

import { ComputeEscrow__factory } from "../../../typechain-types/index.js";
import { addressOf } from "../../fixtures/address-of.js";
import { domainOf } from "../../fixtures/compute-channel.js";
import { deployed, networkHelpers } from "../../fixtures/deployed.js";

const DAY = 86_400n;

describe("ComputeEscrow.constructor", () => {
  it("fixes the token, and begins with no provider", async () => {
    const { compute, nmr } = await networkHelpers.loadFixture(deployed);
    expect(await compute.nmr()).to.equal(await addressOf(nmr));
    expect(await compute.providerCount()).to.equal(0n);
    expect([await compute.MAX_RESERVATION(), await compute.WITHDRAWAL_LIFETIME()]).to.deep.equal([30n * DAY, 3n * DAY]);
  });

  it("refuses no nmr", async () => {
    const { compute, deployer } = await networkHelpers.loadFixture(deployed);
    await expect(new ComputeEscrow__factory(deployer).deploy(ZeroAddress)).to.be.revertedWithCustomError(
      compute,
      "ZeroAddress",
    );
  });

  it("has the domain that wallets show", async () => {
    const d = await networkHelpers.loadFixture(deployed);
    const { chainId, escrow } = await domainOf(d);
    expect(await d.compute.eip712Domain()).to.deep.equal(["0x0f", "ComputeEscrow", "1", chainId, escrow, ZeroHash, []]);
  });
});
