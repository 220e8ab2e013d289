import { expect } from "chai";

import { TokenReceiver__factory, type TokenReceiver } from "../../../typechain-types/index.js";
import { addressOf } from "../../fixtures/address-of.js";
import { deployed, ethers, networkHelpers, type Deployed } from "../../fixtures/deployed.js";
import { people } from "../../fixtures/people.js";

const transferAndCall = "transferAndCall(address,uint256,bytes)";
const transferFromAndCall = "transferFromAndCall(address,address,uint256,bytes)";

interface WithReceiver extends Deployed {
  receiver: TokenReceiver;
}

/** Alice has 100 wei of NMR. */
async function withReceiver(): Promise<WithReceiver> {
  const d = await deployed();
  await d.nmr.connect(d.minter).mint(people(d).alice, 100n);
  return { ...d, receiver: await new TokenReceiver__factory(d.deployer).deploy() };
}

describe("Numeraire.transferAndCall", () => {
  it("moves NMR and tells the receiver who sent it, how much and what for", async () => {
    const d = await networkHelpers.loadFixture(withReceiver);
    const { nmr, receiver } = d;
    const { alice } = people(d);
    const sending = nmr.connect(alice)[transferAndCall](receiver, 30n, "0x1234");
    await expect(sending).to.changeTokenBalances(ethers, nmr, [alice, receiver], [-30n, 30n]);
    await expect(sending)
      .to.emit(receiver, "TransferReceived")
      .withArgs(await addressOf(nmr), alice.address, alice.address, 30n, "0x1234");
  });

  it("moves nothing to a receiver that answers wrongly", async () => {
    const d = await networkHelpers.loadFixture(withReceiver);
    const { nmr, receiver } = d;
    const { alice } = people(d);
    await expect(nmr.connect(alice)[transferAndCall](receiver, 30n, "0x"))
      .to.be.revertedWithCustomError(nmr, "ERC1363InvalidReceiver")
      .withArgs(await addressOf(receiver));
    expect(await nmr.balanceOf(alice)).to.equal(100n);
  });

  it("moves nothing to an account that cannot answer", async () => {
    const d = await networkHelpers.loadFixture(withReceiver);
    const { alice, bob } = people(d);
    await expect(d.nmr.connect(alice)[transferAndCall](bob, 30n, "0x1234"))
      .to.be.revertedWithCustomError(d.nmr, "ERC1363InvalidReceiver")
      .withArgs(bob.address);
  });

  describe("given an operator with an allowance", () => {
    it("tells the receiver who the operator is", async () => {
      const d = await networkHelpers.loadFixture(withReceiver);
      const { nmr, receiver } = d;
      const { alice, bob } = people(d);
      await nmr.connect(alice).approve(bob, 30n);
      const sending = nmr.connect(bob)[transferFromAndCall](alice, receiver, 30n, "0x1234");
      await expect(sending).to.changeTokenBalances(ethers, nmr, [alice, receiver], [-30n, 30n]);
      await expect(sending)
        .to.emit(receiver, "TransferReceived")
        .withArgs(await addressOf(nmr), bob.address, alice.address, 30n, "0x1234");
    });
  });

  describe("given an operator without an allowance", () => {
    it("refuses", async () => {
      const d = await networkHelpers.loadFixture(withReceiver);
      const { alice, bob } = people(d);
      await expect(d.nmr.connect(bob)[transferFromAndCall](alice, d.receiver, 30n, "0x1234"))
        .to.be.revertedWithCustomError(d.nmr, "ERC20InsufficientAllowance")
        .withArgs(bob.address, 0n, 30n);
    });
  });
});
