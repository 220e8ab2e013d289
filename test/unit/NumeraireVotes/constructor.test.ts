import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { NumeraireVotes__factory } from "../../../typechain-types/index.js";
import { addressOf } from "../../fixtures/address-of.js";
import { deployed, networkHelpers } from "../../fixtures/deployed.js";

describe("NumeraireVotes.constructor", () => {
  it("makes a wrapper of NMR that nobody has any of", async () => {
    const { nmr, votes } = await networkHelpers.loadFixture(deployed);
    expect(await votes.name()).to.equal("Voting Numeraire");
    expect(await votes.symbol()).to.equal("vNMR");
    expect(await votes.decimals()).to.equal(18n);
    expect(await votes.nmr()).to.equal(await addressOf(nmr));
    expect(await votes.underlying()).to.equal(await addressOf(nmr));
    expect(await votes.totalSupply()).to.equal(0n);
  });

  it("counts time in seconds", async () => {
    const { votes } = await networkHelpers.loadFixture(deployed);
    expect(await votes.clock()).to.equal(await networkHelpers.time.latest());
    expect(await votes.CLOCK_MODE()).to.equal("mode=timestamp");
  });

  it("refuses to wrap nothing", async () => {
    const { deployer, votes } = await networkHelpers.loadFixture(deployed);
    await expect(new NumeraireVotes__factory(deployer).deploy(ZeroAddress)).to.be.revertedWithCustomError(
      votes,
      "ZeroAddress",
    );
  });
});
