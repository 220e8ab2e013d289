import { expect } from "chai";
import { ZeroAddress, parseEther } from "ethers";

import { deployed, networkHelpers } from "../../fixtures/deployed.js";
import { people } from "../../fixtures/people.js";
import { GOOD, openRound, register, resolve, stakeEach } from "../../fixtures/rounds.js";

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

  it("tells the round staked in, the record and whether a payee is set, side by side", async () => {
    const d = await networkHelpers.loadFixture(deployed);
    const { alice, bob } = people(d);
    await openRound(d);
    const roundId = await openRound(d);
    const [modelId = 0n] = await stakeEach(d, roundId, [{ amount: parseEther("1"), confidence: parseEther("1") }]);
    await d.tournament.connect(alice).setPayee(modelId, bob);
    expect([...(await d.tournament.getModel(modelId))]).to.deep.equal([alice.address, roundId, 0n, 0n, true]);
    await resolve(d, roundId, [GOOD]);
    await d.tournament.settle(roundId, 0, 1);
    expect([...(await d.tournament.getModel(modelId))]).to.deep.equal([alice.address, roundId, 1n, 1n, true]);
  });
});
