import { expect } from "chai";
import { ZeroAddress, parseEther } from "ethers";

import { deployed, networkHelpers } from "../../fixtures/deployed.js";
import { people } from "../../fixtures/people.js";
import { GOOD, fund, openRound, place, register, resolve, stakeEach } from "../../fixtures/rounds.js";

describe("StakingTournament.getModel", () => {
  it("is all zero for a model that nobody registered", async () => {
    const { tournament } = await networkHelpers.loadFixture(deployed);
    for (const modelId of [0n, 1n]) {
      expect([...(await tournament.getModel(modelId))]).to.deep.equal([ZeroAddress, 0n, 0n, 0n, false]);
    }
  });

  it("has an owner and an empty record for a model that was registered", async () => {
    const d = await networkHelpers.loadFixture(deployed);
    const { alice } = people(d);
    const modelId = await register(d, alice);
    expect([...(await d.tournament.getModel(modelId))]).to.deep.equal([alice.address, 0n, 0n, 0n, false]);
  });

  it("tells the round staked in, the record and whether a payee is set, whatever changes", async () => {
    const d = await networkHelpers.loadFixture(deployed);
    const { alice, bob, carol } = people(d);
    const bid = { amount: parseEther("1"), confidence: parseEther("1") };
    const first = await openRound(d);
    const [modelId = 0n] = await stakeEach(d, first, [bid]);
    await resolve(d, first, [GOOD]);
    await d.tournament.settle(first, 0, 1);
    await openRound(d);
    await openRound(d);
    const last = await openRound(d);
    await fund(d, alice, bid.amount);
    await place(d, last, modelId, bid);
    expect([...(await d.tournament.getModel(modelId))]).to.deep.equal([alice.address, 4n, 1n, 0b1n, false]);

    await d.tournament.connect(alice).offerModel(modelId, bob);
    await d.tournament.connect(bob).acceptModel(modelId);
    expect([...(await d.tournament.getModel(modelId))]).to.deep.equal([bob.address, 4n, 1n, 0b1n, false]);
    await d.tournament.connect(bob).setPayee(modelId, carol);
    expect([...(await d.tournament.getModel(modelId))]).to.deep.equal([bob.address, 4n, 1n, 0b1n, true]);

    await resolve(d, last, [GOOD]);
    await d.tournament.settle(last, 0, 1);
    expect([...(await d.tournament.getModel(modelId))]).to.deep.equal([bob.address, 4n, 2n, 0b11n, true]);
    await d.tournament.connect(carol).setPayee(modelId, ZeroAddress);
    expect([...(await d.tournament.getModel(modelId))]).to.deep.equal([bob.address, 4n, 2n, 0b11n, false]);
  });
});
