import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { deployed, networkHelpers, type Deployed } from "../../fixtures/deployed.js";
import { people } from "../../fixtures/people.js";
import { register } from "../../fixtures/rounds.js";

/** Alice has a model. */
async function withModel(): Promise<Deployed & { modelId: bigint }> {
  const d = await deployed();
  return { ...d, modelId: await register(d, people(d).alice) };
}

describe("StakingTournament.offerModel", () => {
  it("records the offer and changes nothing else", async () => {
    const d = await networkHelpers.loadFixture(withModel);
    const { tournament, modelId } = d;
    const { alice, bob } = people(d);
    await expect(tournament.connect(alice).offerModel(modelId, bob))
      .to.emit(tournament, "ModelOffered")
      .withArgs(modelId, alice.address, bob.address);
    expect(await tournament.offeredTo(modelId)).to.equal(bob.address);
    expect((await tournament.getModel(modelId)).owner).to.equal(alice.address);
  });

  it("replaces an earlier offer", async () => {
    const d = await networkHelpers.loadFixture(withModel);
    const { tournament, modelId } = d;
    const { alice, bob, carol } = people(d);
    await tournament.connect(alice).offerModel(modelId, bob);
    await tournament.connect(alice).offerModel(modelId, carol);
    await expect(tournament.connect(bob).acceptModel(modelId))
      .to.be.revertedWithCustomError(tournament, "ModelNotOffered")
      .withArgs(modelId, carol.address, bob.address);
  });

  it("withdraws an offer by offering to nobody", async () => {
    const d = await networkHelpers.loadFixture(withModel);
    const { tournament, modelId } = d;
    const { alice, bob } = people(d);
    await tournament.connect(alice).offerModel(modelId, bob);
    await expect(tournament.connect(alice).offerModel(modelId, ZeroAddress))
      .to.emit(tournament, "ModelOffered")
      .withArgs(modelId, alice.address, ZeroAddress);
    await expect(tournament.connect(bob).acceptModel(modelId))
      .to.be.revertedWithCustomError(tournament, "ModelNotOffered")
      .withArgs(modelId, ZeroAddress, bob.address);
  });

  describe("given that another payee is set", () => {
    it("refuses an offer, but not to withdraw one", async () => {
      const d = await networkHelpers.loadFixture(withModel);
      const { tournament, modelId } = d;
      const { alice, bob, carol } = people(d);
      await tournament.connect(alice).offerModel(modelId, bob);
      await tournament.connect(alice).setPayee(modelId, carol);
      await expect(tournament.connect(alice).offerModel(modelId, bob))
        .to.be.revertedWithCustomError(tournament, "PayeeSet")
        .withArgs(modelId, carol.address);
      await tournament.connect(alice).offerModel(modelId, ZeroAddress);
      expect(await tournament.offeredTo(modelId)).to.equal(ZeroAddress);
    });
  });

  it("refuses whoever does not own the model, its payee included", async () => {
    const d = await networkHelpers.loadFixture(withModel);
    const { tournament, modelId } = d;
    const { alice, bob, carol } = people(d);
    await tournament.connect(alice).setPayee(modelId, carol);
    for (const caller of [bob, carol]) {
      await expect(tournament.connect(caller).offerModel(modelId, caller))
        .to.be.revertedWithCustomError(tournament, "NotModelOwner")
        .withArgs(modelId, alice.address, caller.address);
    }
  });

  it("refuses a model that nobody registered", async () => {
    const d = await networkHelpers.loadFixture(withModel);
    await expect(d.tournament.connect(people(d).alice).offerModel(99n, people(d).bob))
      .to.be.revertedWithCustomError(d.tournament, "ModelNotFound")
      .withArgs(99n);
  });
});
