import { expect } from "chai";
import { parseEther } from "ethers";

import { deployed, networkHelpers } from "../../fixtures/deployed.js";

const { time } = networkHelpers;
const WEEK = 7n * 86_400n;
const WEEKLY_EMISSION = 96_153_846_153_846_153_846_153n;
const INITIAL = parseEther("1500000");
const MAX_MINTED = parseEther("21000000");
/** First second after deployment in which the whole cap has accrued. */
const FULL_AFTER = ((MAX_MINTED - INITIAL) * WEEK + WEEKLY_EMISSION - 1n) / WEEKLY_EMISSION;

/** NMR that accrues in some seconds from deployment on, in wei. */
function emitted(seconds: bigint): bigint {
  return (WEEKLY_EMISSION * seconds) / WEEK;
}

describe("Numeraire.mintable", () => {
  for (const seconds of [100n, 101n, WEEK - 1n, WEEK, WEEK + 1n, 52n * WEEK]) {
    it(`is the initial allowance and the emission of ${seconds.toString()} seconds`, async () => {
      const { nmr } = await networkHelpers.loadFixture(deployed);
      await time.increaseTo((await nmr.DEPLOYED_AT()) + seconds);
      expect(await nmr.mintable()).to.equal(INITIAL + emitted(seconds));
    });
  }

  it("accrues a 52nd of five million NMR a week, rounded down", async () => {
    const { nmr } = await networkHelpers.loadFixture(deployed);
    const from = (await nmr.DEPLOYED_AT()) + WEEK;
    await time.increaseTo(from);
    const before = await nmr.mintable();
    await time.increaseTo(from + WEEK);
    expect((await nmr.mintable()) - before).to.equal(parseEther("5000000") / 52n);
  });

  it("accumulates what is not minted, and falls by what is", async () => {
    const { nmr, minter } = await networkHelpers.loadFixture(deployed);
    const deployedAt = await nmr.DEPLOYED_AT();
    await time.increaseTo(deployedAt + 10n * WEEK);
    await nmr.connect(minter).mint(minter, parseEther("1000000"));
    await time.increaseTo(deployedAt + 11n * WEEK);
    expect(await nmr.mintable()).to.equal(INITIAL + emitted(11n * WEEK) - parseEther("1000000"));
  });

  describe("given that the cap has accrued", () => {
    it("reaches the cap in that second", async () => {
      const { nmr } = await networkHelpers.loadFixture(deployed);
      const deployedAt = await nmr.DEPLOYED_AT();
      await time.increaseTo(deployedAt + FULL_AFTER - 1n);
      expect(await nmr.mintable())
        .to.equal(INITIAL + emitted(FULL_AFTER - 1n))
        .and.to.be.below(MAX_MINTED);
      await time.increaseTo(deployedAt + FULL_AFTER);
      expect(await nmr.mintable()).to.equal(MAX_MINTED);
    });

    it("stays at the cap less what was minted", async () => {
      const { nmr, minter } = await networkHelpers.loadFixture(deployed);
      await nmr.connect(minter).mint(minter, 3n);
      await time.increaseTo((await nmr.DEPLOYED_AT()) + 10n * FULL_AFTER);
      expect(await nmr.mintable()).to.equal(MAX_MINTED - 3n);
    });

    it("is nothing for ever once all is minted, and burning frees no room", async () => {
      const { nmr, minter } = await networkHelpers.loadFixture(deployed);
      await time.increaseTo((await nmr.DEPLOYED_AT()) + FULL_AFTER);
      await nmr.connect(minter).mint(minter, MAX_MINTED);
      expect(await nmr.mintable()).to.equal(0n);

      await nmr.connect(minter).burn(MAX_MINTED);
      await time.increase(52n * WEEK);
      expect(await nmr.totalSupply()).to.equal(0n);
      expect(await nmr.totalMinted()).to.equal(MAX_MINTED);
      expect(await nmr.mintable()).to.equal(0n);
      await expect(nmr.connect(minter).mint(minter, 1n))
        .to.be.revertedWithCustomError(nmr, "MintAboveAllowance")
        .withArgs(1n, 0n);
    });
  });
});
