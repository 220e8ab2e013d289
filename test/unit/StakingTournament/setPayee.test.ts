import { expect } from "chai";
import { ZeroAddress, id, parseEther } from "ethers";

import { addressOf } from "../../fixtures/address-of.js";
import { deployed, ethers, networkHelpers, type Deployed } from "../../fixtures/deployed.js";
import { people } from "../../fixtures/people.js";
import { GOOD, openRound, register, resolve, stakeEach } from "../../fixtures/rounds.js";

interface WithModel extends Deployed {
  /** Belongs to alice. */
  modelId: bigint;
}

async function withModel(): Promise<WithModel> {
  const d = await deployed();
  return { ...d, modelId: await register(d, people(d).alice) };
}

/** Alice stakes with a hot key, bob is the cold wallet that is paid. */
async function withPayee(): Promise<WithModel> {
  const d = await withModel();
  const { alice, bob } = people(d);
  await d.tournament.connect(alice).setPayee(d.modelId, bob);
  return d;
}

/** As {withPayee}, with a stake of 10 NMR that won 5 ether. */
async function withWinnings(): Promise<WithModel & { roundId: bigint }> {
  const d = await deployed();
  const { alice, bob } = people(d);
  const roundId = await openRound(d, parseEther("5"));
  const [modelId = 0n] = await stakeEach(d, roundId, [{ amount: parseEther("10"), confidence: parseEther("2") }]);
  await d.tournament.connect(alice).setPayee(modelId, bob);
  await resolve(d, roundId, [GOOD]);
  return { ...d, modelId, roundId };
}

describe("StakingTournament.setPayee", () => {
  describe("given a model that pays its owner", () => {
    it("lets the owner name a payee", async () => {
      const d = await networkHelpers.loadFixture(withModel);
      const { tournament, modelId } = d;
      const { alice, bob } = people(d);
      await expect(tournament.connect(alice).setPayee(modelId, bob))
        .to.emit(tournament, "PayeeChanged")
        .withArgs(modelId, bob.address);
      expect((await tournament.getModel(modelId)).hasPayee).to.equal(true);
      expect((await tournament.getModel(modelId)).owner).to.equal(alice.address);
    });

    it("refuses everybody else", async () => {
      const d = await networkHelpers.loadFixture(withModel);
      const { alice, bob } = people(d);
      for (const caller of [bob, d.deployer, d.guardian]) {
        await expect(d.tournament.connect(caller).setPayee(d.modelId, caller))
          .to.be.revertedWithCustomError(d.tournament, "NotPayee")
          .withArgs(d.modelId, alice.address, caller.address);
      }
    });

    it("refuses the tournament, which could not be paid", async () => {
      const d = await networkHelpers.loadFixture(withModel);
      const itself = await addressOf(d.tournament);
      await expect(d.tournament.connect(people(d).alice).setPayee(d.modelId, itself))
        .to.be.revertedWithCustomError(d.tournament, "InvalidPayee")
        .withArgs(itself);
    });

    for (const way of ["zero", "the owner"] as const) {
      it(`takes ${way} for the owner itself, with no payee set`, async () => {
        const d = await networkHelpers.loadFixture(withModel);
        const { alice } = people(d);
        await expect(d.tournament.connect(alice).setPayee(d.modelId, way === "zero" ? ZeroAddress : alice.address))
          .to.emit(d.tournament, "PayeeChanged")
          .withArgs(d.modelId, alice.address);
        expect((await d.tournament.getModel(d.modelId)).hasPayee).to.equal(false);
      });
    }
  });

  describe("given a model that pays a cold wallet", () => {
    it("lets the cold wallet name the next payee, and then no more", async () => {
      const d = await networkHelpers.loadFixture(withPayee);
      const { tournament, modelId } = d;
      const { bob, carol } = people(d);
      await expect(tournament.connect(bob).setPayee(modelId, carol))
        .to.emit(tournament, "PayeeChanged")
        .withArgs(modelId, carol.address);
      expect(await tournament.payeeOf(modelId)).to.equal(carol.address);
      await expect(tournament.connect(bob).setPayee(modelId, bob))
        .to.be.revertedWithCustomError(tournament, "NotPayee")
        .withArgs(modelId, carol.address, bob.address);
    });

    for (const way of ["zero", "the owner"] as const) {
      it(`lets the cold wallet give it back to the owner by naming ${way}`, async () => {
        const d = await networkHelpers.loadFixture(withPayee);
        const { tournament, modelId } = d;
        const { alice, bob, carol } = people(d);
        await expect(tournament.connect(bob).setPayee(modelId, way === "zero" ? ZeroAddress : alice.address))
          .to.emit(tournament, "PayeeChanged")
          .withArgs(modelId, alice.address);
        expect((await tournament.getModel(modelId)).hasPayee).to.equal(false);
        await tournament.connect(alice).setPayee(modelId, carol);
        expect(await tournament.payeeOf(modelId)).to.equal(carol.address);
      });
    }
  });

  describe("given a stolen hot key", () => {
    it("cannot name another payee, nor clear it", async () => {
      const d = await networkHelpers.loadFixture(withPayee);
      const { tournament, modelId } = d;
      const { alice, bob, carol } = people(d);
      for (const payee of [alice.address, carol.address, ZeroAddress]) {
        await expect(tournament.connect(alice).setPayee(modelId, payee))
          .to.be.revertedWithCustomError(tournament, "NotPayee")
          .withArgs(modelId, bob.address, alice.address);
      }
    });

    it("cannot sell the model to a thief", async () => {
      const d = await networkHelpers.loadFixture(withPayee);
      const { tournament, modelId } = d;
      const { alice, bob, carol } = people(d);
      await expect(tournament.connect(alice).offerModel(modelId, carol))
        .to.be.revertedWithCustomError(tournament, "PayeeSet")
        .withArgs(modelId, bob.address);
    });

    it("leaves stake and winnings to the cold wallet", async () => {
      const d = await networkHelpers.loadFixture(withWinnings);
      const { tournament, nmr, roundId, modelId } = d;
      const { alice, bob } = people(d);
      await expect(tournament.connect(alice).setPayee(modelId, alice)).to.be.revertedWithCustomError(
        tournament,
        "NotPayee",
      );
      const settling = tournament.connect(alice).settle(roundId, 0, 1);
      await expect(settling).to.changeEtherBalance(ethers, bob, parseEther("5"));
      await expect(settling).to.changeTokenBalances(ethers, nmr, [alice, bob], [0n, parseEther("10")]);
    });

    it("cannot reach the winnings by staking the returned NMR again", async () => {
      const d = await networkHelpers.loadFixture(withWinnings);
      const { tournament, nmr, roundId } = d;
      const { alice, bob } = people(d);
      const next = await openRound(d, 0n);
      const restaking = tournament.connect(alice).restake(roundId, 0, next, 1n, id("predictions"));
      await expect(restaking).to.changeEtherBalance(ethers, bob, parseEther("5"));
      await tournament.connect(d.guardian).cancelRound(next);
      await expect(tournament.connect(alice).settle(next, 0, 1)).to.changeTokenBalances(
        ethers,
        nmr,
        [alice, bob],
        [0n, parseEther("10")],
      );
    });
  });

  it("refuses a model that nobody registered", async () => {
    const d = await networkHelpers.loadFixture(withModel);
    for (const modelId of [0n, d.modelId + 1n]) {
      await expect(d.tournament.connect(people(d).alice).setPayee(modelId, ZeroAddress))
        .to.be.revertedWithCustomError(d.tournament, "ModelNotFound")
        .withArgs(modelId);
    }
  });
});
