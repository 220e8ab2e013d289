import { expect } from "chai";
import type { Overrides } from "ethers";

import { Wallet__factory, type StakingTournament, type Wallet } from "../../../typechain-types/index.js";
import { deployed, ethers, networkHelpers } from "../../fixtures/deployed.js";
import { BAD, openRound, resolve, stakeEach } from "../../fixtures/rounds.js";
import { REACTION, WON, wonRound } from "../../fixtures/wallets.js";

/** What a recipient needs to see of the 50,000 gas it is given and the 2,300 that come with ether. */
const MOST_OF_STIPEND = 52_000n;
/** Gas that must be left before a payment. */
const GAS_BEFORE_PAYMENT = 88_500n;
const ENOUGH = 1_000_000n;

/** A payment that anybody can trigger, and so could starve. */
interface Payment {
  tournament: StakingTournament;
  /** Gives up, cheaply, unless it gets most of its stipend. */
  recipient: Wallet;
  /** Ether that is due, in wei. */
  amount: bigint;
  roundId: bigint;
}

async function settlement(): Promise<Payment> {
  const { tournament, wallet, roundId } = await wonRound();
  await wallet.react(REACTION.NeedGas, MOST_OF_STIPEND);
  return { tournament, recipient: wallet, amount: WON, roundId };
}

/** The treasury is due the prize of a round that nobody won. */
async function sweep(): Promise<Payment> {
  const d = await deployed();
  const model = await new Wallet__factory(d.deployer).deploy();
  await networkHelpers.setCode(d.treasury.address, await ethers.provider.getCode(model));
  const recipient = Wallet__factory.connect(d.treasury.address, d.deployer);
  await recipient.react(REACTION.NeedGas, MOST_OF_STIPEND);
  const roundId = await openRound(d, 5n);
  await stakeEach(d, roundId, [{ amount: 1n, confidence: 1n }]);
  await resolve(d, roundId, [BAD]);
  await d.tournament.settle(roundId, 0, 1);
  return { tournament: d.tournament, recipient, amount: 5n, roundId };
}

const cases = [
  {
    name: "settling",
    fixture: settlement,
    populate: ({ tournament, roundId }: Payment, gas: Overrides) =>
      tournament.settle.populateTransaction(roundId, 1, 2, gas),
  },
  {
    name: "sweeping the remainder",
    fixture: sweep,
    populate: ({ tournament, roundId }: Payment, gas: Overrides) =>
      tournament.sweepRemainder.populateTransaction(roundId, gas),
  },
];

/** The least gas limit with which a call does not revert. */
async function leastGas(call: (gasLimit: bigint) => Promise<unknown>): Promise<bigint> {
  let [fails, works] = [21_000n, ENOUGH];
  while (works - fails > 1n) {
    const gasLimit = (fails + works) / 2n;
    const worked = await call(gasLimit).then(
      () => true,
      () => false,
    );
    if (worked) works = gasLimit;
    else fails = gasLimit;
  }
  return works;
}

for (const { name, fixture, populate } of cases) {
  describe(`EtherPayments, given little gas for ${name}`, () => {
    it("pays a recipient that needs most of its stipend, with the least gas that does not revert", async () => {
      const payment = await networkHelpers.loadFixture(fixture);
      const { tournament, recipient, amount } = payment;
      const sender = await ethers.provider.getSigner();
      const call = async (gasLimit: bigint) => sender.call(await populate(payment, { gasLimit }));

      const gasLimit = await leastGas(call);
      expect(gasLimit).to.be.below(ENOUGH);
      const sending = sender.sendTransaction(await populate(payment, { gasLimit }));
      await expect(sending).to.changeEtherBalances(ethers, [tournament, recipient], [-amount, amount]);
      expect(await tournament.owed(recipient)).to.equal(0n);
    });

    it("reverts with a unit of gas less, rather than to let the payment fail", async () => {
      const payment = await networkHelpers.loadFixture(fixture);
      const sender = await ethers.provider.getSigner();
      const call = async (gasLimit: bigint) => sender.call(await populate(payment, { gasLimit }));

      const gasLimit = (await leastGas(call)) - 1n;
      await expect(call(gasLimit))
        .to.be.revertedWithCustomError(payment.tournament, "InsufficientGas")
        .withArgs(GAS_BEFORE_PAYMENT, GAS_BEFORE_PAYMENT - 1n);
    });
  });
}

describe("EtherPayments, given a recipient that needs more than its stipend", () => {
  it("keeps the ether for it, however much gas there is", async () => {
    const { tournament, recipient, amount, roundId } = await networkHelpers.loadFixture(settlement);
    await recipient.react(REACTION.NeedGas, 52_301n);
    await tournament.settle(roundId, 1, 2, { gasLimit: 16_000_000n });
    expect(await tournament.owed(recipient)).to.equal(amount);
  });
});
