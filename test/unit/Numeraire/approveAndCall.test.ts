import { expect } from "chai";

import { TokenReceiver__factory } from "../../../typechain-types/index.js";
import { addressOf } from "../../fixtures/address-of.js";
import { deployed, networkHelpers } from "../../fixtures/deployed.js";
import { people } from "../../fixtures/people.js";

const approveAndCall = "approveAndCall(address,uint256,bytes)";

async function withSpender() {
  const d = await deployed();
  return { ...d, spender: await new TokenReceiver__factory(d.deployer).deploy() };
}

describe("Numeraire.approveAndCall", () => {
  it("allows the spender and tells it who, how much and what for", async () => {
    const d = await networkHelpers.loadFixture(withSpender);
    const { nmr, spender } = d;
    const { alice } = people(d);
    await expect(nmr.connect(alice)[approveAndCall](spender, 30n, "0x1234"))
      .to.emit(spender, "ApprovalReceived")
      .withArgs(await addressOf(nmr), alice.address, 30n, "0x1234");
    expect(await nmr.allowance(alice, spender)).to.equal(30n);
  });

  it("allows nothing to a spender that answers wrongly", async () => {
    const d = await networkHelpers.loadFixture(withSpender);
    const { nmr, spender } = d;
    const { alice } = people(d);
    await expect(nmr.connect(alice)[approveAndCall](spender, 30n, "0x"))
      .to.be.revertedWithCustomError(nmr, "ERC1363InvalidSpender")
      .withArgs(await addressOf(spender));
    expect(await nmr.allowance(alice, spender)).to.equal(0n);
  });

  it("allows nothing to an account that cannot answer", async () => {
    const d = await networkHelpers.loadFixture(withSpender);
    const { alice, bob } = people(d);
    await expect(d.nmr.connect(alice)[approveAndCall](bob, 30n, "0x1234"))
      .to.be.revertedWithCustomError(d.nmr, "ERC1363InvalidSpender")
      .withArgs(bob.address);
  });
});
