import { expect } from "chai";
import { ZeroAddress, parseEther } from "ethers";

import { at } from "../../fixtures/at.js";
import { deployed, ethers, networkHelpers } from "../../fixtures/deployed.js";
import { people } from "../../fixtures/people.js";

const WEEK = 7n * 86_400n;
const WEEKLY_EMISSION = 96_153_846_153_846_153_846_153n;

describe("Numeraire.mint", () => {
  describe("given the minter", () => {
    it("creates NMR for the receiver", async () => {
      const d = await networkHelpers.loadFixture(deployed);
      const { alice } = people(d);
      const minting = d.nmr.connect(d.minter).mint(alice, 5n);
      await expect(minting).to.emit(d.nmr, "Transfer").withArgs(ZeroAddress, alice.address, 5n);
      await expect(minting).to.changeTokenBalance(ethers, d.nmr, alice, 5n);
      expect(await d.nmr.totalMinted()).to.equal(5n);
      expect(await d.nmr.totalSupply()).to.equal(5n);
    });

    it("adds up what was ever minted", async () => {
      const d = await networkHelpers.loadFixture(deployed);
      const { alice, bob } = people(d);
      await d.nmr.connect(d.minter).mint(alice, 5n);
      await d.nmr.connect(d.minter).mint(bob, 7n);
      expect(await d.nmr.totalMinted()).to.equal(12n);
    });

    it("takes the whole allowance of the second, and not a wei more", async () => {
      const d = await networkHelpers.loadFixture(deployed);
      const { alice } = people(d);
      const elapsed = 12_345n;
      const second = (await d.nmr.DEPLOYED_AT()) + elapsed;
      const available = parseEther("1500000") + (WEEKLY_EMISSION * elapsed) / WEEK;

      await at(second);
      await expect(d.nmr.connect(d.minter).mint(alice, available + 1n))
        .to.be.revertedWithCustomError(d.nmr, "MintAboveAllowance")
        .withArgs(available + 1n, available);
      await networkHelpers.loadFixture(deployed);
      await at(second);
      await d.nmr.connect(d.minter).mint(alice, available);
      expect(await d.nmr.balanceOf(alice)).to.equal(available);
    });

    it("counts earlier mints against the allowance", async () => {
      const d = await networkHelpers.loadFixture(deployed);
      const { alice } = people(d);
      const deployedAt = await d.nmr.DEPLOYED_AT();
      await at(deployedAt + 1_000n);
      await d.nmr.connect(d.minter).mint(alice, parseEther("1500000"));
      await at(deployedAt + 1_001n);
      const available = (WEEKLY_EMISSION * 1_001n) / WEEK;
      await expect(d.nmr.connect(d.minter).mint(alice, available + 1n))
        .to.be.revertedWithCustomError(d.nmr, "MintAboveAllowance")
        .withArgs(available + 1n, available);
    });

    it("refuses the zero address", async () => {
      const { nmr, minter } = await networkHelpers.loadFixture(deployed);
      await expect(nmr.connect(minter).mint(ZeroAddress, 1n))
        .to.be.revertedWithCustomError(nmr, "ERC20InvalidReceiver")
        .withArgs(ZeroAddress);
    });
  });

  for (const role of ["deployer", "roundManager", "guardian", "treasury"] as const) {
    it(`refuses the ${role}`, async () => {
      const d = await networkHelpers.loadFixture(deployed);
      const caller = d[role];
      await expect(d.nmr.connect(caller).mint(caller, 1n))
        .to.be.revertedWithCustomError(d.nmr, "AccessManagedUnauthorized")
        .withArgs(caller.address);
    });
  }
});
