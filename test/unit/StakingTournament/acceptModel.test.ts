import { expect } from "chai";
import { ZeroAddress, id, parseEther } from "ethers";

import { deployed, ethers, networkHelpers, type Deployed } from "../../fixtures/deployed.js";
import { people } from "../../fixtures/people.js";
import { GOOD, fund, openRound, register, resolve, stakeEach } from "../../fixtures/rounds.js";

interface Offered extends Deployed {
  modelId: bigint;
}

/** Alice offers her model to bob. */
async function offered(): Promise<Offered> {
  const d = await deployed();
  const { alice, bob } = people(d);
  const modelId = await register(d, alice);
  await d.tournament.connect(alice).offerModel(modelId, bob);
  return { ...d, modelId };
}

/** As {offered}, after a round in which the model's stake of 10 NMR won 5 ether, not yet settled. */
async function offeredWithWinnings(): Promise<Offered & { roundId: bigint }> {
  const d = await deployed();
  const { alice, bob } = people(d);
  const roundId = await openRound(d, parseEther("5"));
  const [modelId = 0n] = await stakeEach(d, roundId, [{ amount: parseEther("10"), confidence: parseEther("2") }]);
  await resolve(d, roundId, [GOOD]);
  await d.tournament.connect(alice).offerModel(modelId, bob);
  return { ...d, modelId, roundId };
}

describe("StakingTournament.acceptModel", () => {
  it("makes the caller the owner, and clears the offer", async () => {
    const d = await networkHelpers.loadFixture(offered);
    const { tournament, modelId } = d;
    const { alice, bob } = people(d);
    await expect(tournament.connect(bob).acceptModel(modelId))
      .to.emit(tournament, "ModelTransferred")
      .withArgs(modelId, alice.address, bob.address);
    expect((await tournament.getModel(modelId)).owner).to.equal(bob.address);
    expect(await tournament.offeredTo(modelId)).to.equal(ZeroAddress);
  });

  it("accepts an offer once: a buyer that sold the model on cannot take it back", async () => {
    const d = await networkHelpers.loadFixture(offered);
    const { tournament, modelId } = d;
    const { bob, carol } = people(d);
    await tournament.connect(bob).acceptModel(modelId);
    await tournament.connect(bob).offerModel(modelId, carol);
    await tournament.connect(carol).acceptModel(modelId);
    await expect(tournament.connect(bob).acceptModel(modelId))
      .to.be.revertedWithCustomError(tournament, "ModelNotOffered")
      .withArgs(modelId, ZeroAddress, bob.address);
  });

  it("lets the new owner stake, and the previous one no more", async () => {
    const d = await networkHelpers.loadFixture(offered);
    const { tournament, modelId } = d;
    const { alice, bob } = people(d);
    await tournament.connect(bob).acceptModel(modelId);
    const roundId = await openRound(d);
    await fund(d, alice);
    await fund(d, bob);
    await expect(tournament.connect(alice).stake(roundId, modelId, 1n, 1n, id("predictions")))
      .to.be.revertedWithCustomError(tournament, "NotModelOwner")
      .withArgs(modelId, bob.address, alice.address);
    await tournament.connect(bob).stake(roundId, modelId, 1n, 1n, id("predictions"));
    expect((await tournament.getRound(roundId)).stakeCount).to.equal(1n);
  });

  describe("given stakes that are not settled", () => {
    it("moves them along: the new owner is paid, the record stays", async () => {
      const d = await networkHelpers.loadFixture(offeredWithWinnings);
      const { tournament, nmr, modelId, roundId } = d;
      const { alice, bob } = people(d);
      await tournament.connect(bob).acceptModel(modelId);
      const settling = tournament.settle(roundId, 0, 1);
      await expect(settling).to.changeEtherBalances(ethers, [alice, bob], [0n, parseEther("5")]);
      await expect(settling).to.changeTokenBalances(ethers, nmr, [alice, bob], [0n, parseEther("10")]);
      expect(await tournament.reputationOf(modelId)).to.equal(1n);
      expect((await tournament.getModel(modelId)).lastStakedRound).to.equal(roundId);
    });
  });

  describe("given that the seller names a payee after the offer", () => {
    it("refuses the buyer, who would stake for the seller's wallet", async () => {
      const d = await networkHelpers.loadFixture(offered);
      const { tournament, modelId } = d;
      const { alice, bob, carol } = people(d);
      await tournament.connect(alice).setPayee(modelId, carol);
      await expect(tournament.connect(bob).acceptModel(modelId))
        .to.be.revertedWithCustomError(tournament, "PayeeSet")
        .withArgs(modelId, carol.address);
      expect((await tournament.getModel(modelId)).owner).to.equal(alice.address);
    });

    it("pays the buyer alone once the payee has let go", async () => {
      const d = await networkHelpers.loadFixture(offered);
      const { tournament, modelId } = d;
      const { alice, bob, carol } = people(d);
      await tournament.connect(alice).setPayee(modelId, carol);
      await tournament.connect(carol).setPayee(modelId, ZeroAddress);
      await tournament.connect(bob).acceptModel(modelId);
      expect(await tournament.payeeOf(modelId)).to.equal(bob.address);
      for (const former of [alice, carol]) {
        await expect(tournament.connect(former).setPayee(modelId, former))
          .to.be.revertedWithCustomError(tournament, "NotPayee")
          .withArgs(modelId, bob.address, former.address);
      }
    });
  });

  it("refuses whoever it was not offered to, its owner included", async () => {
    const d = await networkHelpers.loadFixture(offered);
    const { tournament, modelId } = d;
    const { alice, bob, carol } = people(d);
    for (const caller of [alice, carol]) {
      await expect(tournament.connect(caller).acceptModel(modelId))
        .to.be.revertedWithCustomError(tournament, "ModelNotOffered")
        .withArgs(modelId, bob.address, caller.address);
    }
  });

  it("refuses a model that nobody registered", async () => {
    const d = await networkHelpers.loadFixture(offered);
    await expect(d.tournament.connect(people(d).bob).acceptModel(99n))
      .to.be.revertedWithCustomError(d.tournament, "ModelNotFound")
      .withArgs(99n);
  });
});
