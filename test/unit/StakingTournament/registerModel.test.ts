import { expect } from "chai";
import { ZeroHash, encodeBytes32String } from "ethers";

import { deployed, networkHelpers } from "../../fixtures/deployed.js";
import { people } from "../../fixtures/people.js";

const NAME = encodeBytes32String("momentum");

describe("StakingTournament.registerModel", () => {
  it("numbers models from 1 and gives them to the caller", async () => {
    const d = await networkHelpers.loadFixture(deployed);
    const { tournament } = d;
    const { alice, bob } = people(d);
    expect(await tournament.modelCount()).to.equal(0n);
    expect(await tournament.connect(alice).registerModel.staticCall(NAME)).to.equal(1n);
    await expect(tournament.connect(alice).registerModel(NAME))
      .to.emit(tournament, "ModelRegistered")
      .withArgs(1n, alice.address, NAME);
    await expect(tournament.connect(bob).registerModel(ZeroHash))
      .to.emit(tournament, "ModelRegistered")
      .withArgs(2n, bob.address, ZeroHash);
    expect(await tournament.modelCount()).to.equal(2n);
    expect((await tournament.getModel(1n)).owner).to.equal(alice.address);
    expect((await tournament.getModel(2n)).owner).to.equal(bob.address);
  });

  it("takes a name that is taken: it is a label", async () => {
    const d = await networkHelpers.loadFixture(deployed);
    const { tournament } = d;
    const { alice, bob } = people(d);
    await tournament.connect(alice).registerModel(NAME);
    await tournament.connect(alice).registerModel(NAME);
    await tournament.connect(bob).registerModel(NAME);
    expect((await tournament.getModel(1n)).owner).to.equal(alice.address);
    expect((await tournament.getModel(3n)).owner).to.equal(bob.address);
  });
});
