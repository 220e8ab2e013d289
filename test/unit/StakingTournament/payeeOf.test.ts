import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { deployed, networkHelpers } from "../../fixtures/deployed.js";
import { people } from "../../fixtures/people.js";
import { register } from "../../fixtures/rounds.js";

describe("StakingTournament.payeeOf", () => {
  it("is nobody for a model that nobody registered", async () => {
    const { tournament } = await networkHelpers.loadFixture(deployed);
    expect(await tournament.payeeOf(1n)).to.equal(ZeroAddress);
  });

  it("is the owner, then the payee, then the owner again", async () => {
    const d = await networkHelpers.loadFixture(deployed);
    const { tournament } = d;
    const { alice, bob } = people(d);
    const modelId = await register(d, alice);
    expect(await tournament.payeeOf(modelId)).to.equal(alice.address);
    await tournament.connect(alice).setPayee(modelId, bob);
    expect(await tournament.payeeOf(modelId)).to.equal(bob.address);
    await tournament.connect(bob).setPayee(modelId, ZeroAddress);
    expect(await tournament.payeeOf(modelId)).to.equal(alice.address);
  });

  it("is the new owner once the model changed hands", async () => {
    const d = await networkHelpers.loadFixture(deployed);
    const { alice, bob } = people(d);
    const modelId = await register(d, alice);
    await d.tournament.connect(alice).offerModel(modelId, bob);
    expect(await d.tournament.payeeOf(modelId)).to.equal(alice.address);
    await d.tournament.connect(bob).acceptModel(modelId);
    expect(await d.tournament.payeeOf(modelId)).to.equal(bob.address);
  });
});
