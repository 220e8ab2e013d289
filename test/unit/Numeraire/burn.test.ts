import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { deployed, ethers, networkHelpers, type Deployed } from "../../fixtures/deployed.js";
import { people } from "../../fixtures/people.js";

const { time } = networkHelpers;

async function withHolder(): Promise<Deployed> {
  const d = await deployed();
  await d.nmr.connect(d.minter).mint(people(d).alice, 100n);
  return d;
}

describe("Numeraire.burn", () => {
  it("destroys NMR of the caller", async () => {
    const d = await networkHelpers.loadFixture(withHolder);
    const { alice } = people(d);
    const burning = d.nmr.connect(alice).burn(30n);
    await expect(burning).to.emit(d.nmr, "Transfer").withArgs(alice.address, ZeroAddress, 30n);
    await expect(burning).to.changeTokenBalance(ethers, d.nmr, alice, -30n);
    expect(await d.nmr.totalSupply()).to.equal(70n);
  });

  it("counts what was ever burned, and leaves what was minted", async () => {
    const d = await networkHelpers.loadFixture(withHolder);
    const { alice } = people(d);
    expect(await d.nmr.totalBurned()).to.equal(0n);
    await d.nmr.connect(alice).burn(30n);
    await d.nmr.connect(alice).burn(1n);
    expect(await d.nmr.totalBurned()).to.equal(31n);
    expect(await d.nmr.totalMinted()).to.equal(100n);
  });

  it("frees no room to mint", async () => {
    const d = await networkHelpers.loadFixture(withHolder);
    const second = (await time.latest()) + 1_000;
    await time.increaseTo(second);
    const untouched = await d.nmr.mintable();
    await networkHelpers.loadFixture(withHolder);
    await d.nmr.connect(people(d).alice).burn(100n);
    await time.increaseTo(second);
    expect(await d.nmr.mintable()).to.equal(untouched);
  });

  it("takes the whole balance, and not a wei more", async () => {
    const d = await networkHelpers.loadFixture(withHolder);
    const { alice } = people(d);
    await expect(d.nmr.connect(alice).burn(101n))
      .to.be.revertedWithCustomError(d.nmr, "ERC20InsufficientBalance")
      .withArgs(alice.address, 100n, 101n);
    await d.nmr.connect(alice).burn(100n);
    expect(await d.nmr.balanceOf(alice)).to.equal(0n);
  });
});
