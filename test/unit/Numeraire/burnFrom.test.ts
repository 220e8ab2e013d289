import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { deployed, ethers, networkHelpers, type Deployed } from "../../fixtures/deployed.js";
import { people } from "../../fixtures/people.js";

/** Alice has 100 wei of NMR, of which bob may spend 40. */
async function withAllowance(): Promise<Deployed> {
  const d = await deployed();
  const { alice, bob } = people(d);
  await d.nmr.connect(d.minter).mint(alice, 100n);
  await d.nmr.connect(alice).approve(bob, 40n);
  return d;
}

describe("Numeraire.burnFrom", () => {
  it("destroys NMR of an account that allowed it, and uses the allowance", async () => {
    const d = await networkHelpers.loadFixture(withAllowance);
    const { alice, bob } = people(d);
    const burning = d.nmr.connect(bob).burnFrom(alice, 30n);
    await expect(burning).to.emit(d.nmr, "Transfer").withArgs(alice.address, ZeroAddress, 30n);
    await expect(burning).to.changeTokenBalance(ethers, d.nmr, alice, -30n);
    expect(await d.nmr.allowance(alice, bob)).to.equal(10n);
    expect(await d.nmr.totalBurned()).to.equal(30n);
    expect(await d.nmr.totalMinted()).to.equal(100n);
  });

  it("takes the whole allowance, and not a wei more", async () => {
    const d = await networkHelpers.loadFixture(withAllowance);
    const { alice, bob } = people(d);
    await expect(d.nmr.connect(bob).burnFrom(alice, 41n))
      .to.be.revertedWithCustomError(d.nmr, "ERC20InsufficientAllowance")
      .withArgs(bob.address, 40n, 41n);
    await d.nmr.connect(bob).burnFrom(alice, 40n);
    expect(await d.nmr.balanceOf(alice)).to.equal(60n);
  });

  it("refuses whoever has no allowance, whatever its role", async () => {
    const d = await networkHelpers.loadFixture(withAllowance);
    await expect(d.nmr.connect(d.minter).burnFrom(people(d).alice, 1n))
      .to.be.revertedWithCustomError(d.nmr, "ERC20InsufficientAllowance")
      .withArgs(d.minter.address, 0n, 1n);
  });
});
