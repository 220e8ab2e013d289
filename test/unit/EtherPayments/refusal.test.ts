import { expect } from "chai";
import { id } from "ethers";

import { addressOf } from "../../fixtures/address-of.js";
import { ethers, networkHelpers } from "../../fixtures/deployed.js";
import { people } from "../../fixtures/people.js";
import { openRound } from "../../fixtures/rounds.js";
import { REACTION, STAKED, WON, wonRound, type WonRound } from "../../fixtures/wallets.js";

/** The stipend, and the 2,300 gas that come with ether. */
const STIPEND = 50_000n + 2_300n;
/** A new slot of storage and an event. */
const OWED_GAS = 22_100n + 2_000n;

async function gasOfSettling(d: WonRound): Promise<bigint> {
  const receipt = await (await d.tournament.settle(d.roundId, 0, 3)).wait();
  if (receipt === null) throw new Error("the settlement was not mined");
  return receipt.gasUsed;
}

/** Gas that settling costs more than with a wallet that takes its ether. */
async function gasAdded(reaction: bigint): Promise<bigint> {
  const friendly = await gasOfSettling(await networkHelpers.loadFixture(wonRound));
  const d = await networkHelpers.loadFixture(wonRound);
  await d.wallet.react(reaction, 0n);
  return (await gasOfSettling(d)) - friendly;
}

describe("EtherPayments, given a recipient that takes no ether", () => {
  for (const name of ["Refuse", "BurnGas", "RevertMuch"] as const) {
    describe(`in the way ${name}`, () => {
      it("keeps the ether for it, and pays everybody else", async () => {
        const d = await networkHelpers.loadFixture(wonRound);
        const { tournament, nmr, wallet, roundId } = d;
        const { alice, carol } = people(d);
        await wallet.react(REACTION[name], 0n);
        const settling = tournament.settle(roundId, 0, 3);
        await expect(settling).to.changeEtherBalances(
          ethers,
          [alice, wallet, carol, tournament],
          [WON, 0n, WON, -2n * WON],
        );
        await expect(settling).to.changeTokenBalances(ethers, nmr, [alice, wallet, carol], [STAKED, STAKED, STAKED]);
        await expect(settling)
          .to.emit(tournament, "PaymentOwed")
          .withArgs(await addressOf(wallet), WON);
        expect(await tournament.owed(wallet)).to.equal(WON);
        expect(await tournament.owed(alice)).to.equal(0n);
      });

      it("costs whoever settles its stipend and the note at most", async () => {
        expect(await gasAdded(REACTION[name])).to.be.below(STIPEND + OWED_GAS);
      });
    });
  }

  it("adds up what it is owed", async () => {
    const d = await networkHelpers.loadFixture(wonRound);
    const { tournament, wallet, models, roundId } = d;
    const { alice, carol } = people(d);
    await tournament.connect(alice).setPayee(models[0] ?? 0n, wallet);
    await tournament.connect(carol).setPayee(models[2] ?? 0n, wallet);
    await wallet.react(REACTION.Refuse, 0n);
    await tournament.settle(roundId, 0, 1);
    await tournament.settle(roundId, 1, 3);
    expect(await tournament.owed(wallet)).to.equal(3n * WON);
  });

  it("keeps the ether of a stake that is staked again, and stakes it", async () => {
    const d = await networkHelpers.loadFixture(wonRound);
    const { tournament, wallet, roundId } = d;
    const { bob } = people(d);
    const next = await openRound(d);
    await wallet.react(REACTION.BurnGas, 0n);
    await tournament.connect(bob).restake(roundId, 1, next, 1n, id("predictions"));
    expect(await tournament.owed(wallet)).to.equal(WON);
    expect((await tournament.getStake(next, 0)).amount).to.equal(STAKED);
  });

  it("keeps the ether of a sponsor that takes its contribution back", async () => {
    const d = await networkHelpers.loadFixture(wonRound);
    const { tournament, wallet } = d;
    const roundId = await openRound(d, 0n);
    const { interface: abi } = tournament;
    await wallet.execute(tournament, abi.encodeFunctionData("fundPrize", [roundId]), { value: 7n });
    await tournament.connect(d.guardian).cancelRound(roundId);
    await wallet.react(REACTION.Refuse, 0n);
    await wallet.execute(tournament, abi.encodeFunctionData("reclaimPrize", [roundId]));
    expect(await tournament.owed(wallet)).to.equal(7n);
    expect(await tournament.prizeContribution(roundId, wallet)).to.equal(0n);
  });
});

describe("EtherPayments, given a recipient that answers with much data", () => {
  it("pays it", async () => {
    const d = await networkHelpers.loadFixture(wonRound);
    await d.wallet.react(REACTION.ReturnMuch, 0n);
    const settling = d.tournament.settle(d.roundId, 0, 3);
    await expect(settling).to.changeEtherBalance(ethers, d.wallet, WON);
    expect(await d.tournament.owed(d.wallet)).to.equal(0n);
  });

  it("costs whoever settles its stipend at most: nothing is copied", async () => {
    expect(await gasAdded(REACTION.ReturnMuch))
      .to.be.above(40_000n)
      .and.below(STIPEND);
  });
});
