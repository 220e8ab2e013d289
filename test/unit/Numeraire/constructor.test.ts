import { expect } from "chai";
import { parseEther } from "ethers";

import { Numeraire__factory } from "../../../typechain-types/index.js";
import { addressOf } from "../../fixtures/address-of.js";
import { deployed, ethers, networkHelpers } from "../../fixtures/deployed.js";

const MAX_MINTED = parseEther("21000000");
/** What a contract says about itself (ERC-165). */
const INTERFACES = { erc165: "0x01ffc9a7", erc1363: "0xb0202a11" };

describe("Numeraire.constructor", () => {
  it("makes a token that nobody has any of", async () => {
    const { deployer, authority } = await networkHelpers.loadFixture(deployed);
    const nmr = await new Numeraire__factory(deployer).deploy(authority, 7n);
    expect(await nmr.name()).to.equal("Numeraire");
    expect(await nmr.symbol()).to.equal("NMR");
    expect(await nmr.decimals()).to.equal(18n);
    expect(await nmr.totalSupply()).to.equal(0n);
    expect(await nmr.totalMinted()).to.equal(0n);
    expect(await nmr.totalBurned()).to.equal(0n);
  });

  it("fixes the cap, the emission, the initial allowance and when the emission begins", async () => {
    const { deployer, authority } = await networkHelpers.loadFixture(deployed);
    const nmr = await new Numeraire__factory(deployer).deploy(authority, 7n);
    const block = await ethers.provider.getBlock("latest");
    expect(await nmr.MAX_MINTED()).to.equal(MAX_MINTED);
    expect(await nmr.WEEKLY_EMISSION()).to.equal(96_153_846_153_846_153_846_153n);
    expect(await nmr.INITIAL_ALLOWANCE()).to.equal(7n);
    expect(await nmr.DEPLOYED_AT()).to.equal(block?.timestamp);
    expect(await nmr.authority()).to.equal(await addressOf(authority));
  });

  it("announces ERC-1363", async () => {
    const { nmr } = await networkHelpers.loadFixture(deployed);
    expect(await nmr.supportsInterface(INTERFACES.erc165)).to.equal(true);
    expect(await nmr.supportsInterface(INTERFACES.erc1363)).to.equal(true);
    expect(await nmr.supportsInterface("0xffffffff")).to.equal(false);
  });

  it("takes an initial allowance up to the cap, and not a wei more", async () => {
    const { deployer, authority, nmr } = await networkHelpers.loadFixture(deployed);
    const factory = new Numeraire__factory(deployer);
    const full = await factory.deploy(authority, MAX_MINTED);
    expect(await full.mintable()).to.equal(MAX_MINTED);
    await expect(factory.deploy(authority, MAX_MINTED + 1n))
      .to.be.revertedWithCustomError(nmr, "MintAboveAllowance")
      .withArgs(MAX_MINTED + 1n, MAX_MINTED);
  });
});
