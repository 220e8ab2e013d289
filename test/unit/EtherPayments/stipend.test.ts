import { expect } from "chai";
import type { Overrides } from "ethers";

import { Wallet__factory, type StakingTournament, type Wallet } from "../../../typechain-types/index.js";
import { deployed, ethers, networkHelpers } from "../../fixtures/deployed.js";
import { BAD, openRound, resolve, stakeEach } from "../../fixtures/rounds.js";
import { REACTION, WON, wonRound } from "../../fixtures/wallets.js";

/** Gas of a transaction without data, before it calls. */
const TRANSACTION_GAS = 21_000n;
/** What a recipient is given: 50,000 gas, and the 2,300 that come with ether. */
const STIPEND = 52_300n;
/** What a recipient needs to see of it. */
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

/** Gas that a wallet has used before it looks at what it has, measured by sending ether to it. */
async function gasBeforeLooking({ recipient }: Payment): Promise<bigint> {
  const sender = await ethers.provider.getSigner();
  const gasLimit = await leastGas((limit) => sender.call({ to: recipient, value: 1n, gasLimit: limit }));
  return gasLimit - TRANSACTION_GAS - MOST_OF_STIPEND;
}

describe("EtherPayments, given a recipient that looks at its gas", () => {
  for (const { what, missing } of [
    { what: "pays it with all of its stipend", missing: 0n },
    { what: "keeps the ether for it, if it needs one unit more, however much gas there is", missing: 1n },
  ]) {
    it(what, async () => {
      const payment = await networkHelpers.loadFixture(settlement);
      const { tournament, recipient, amount, roundId } = payment;
      await recipient.react(REACTION.NeedGas, STIPEND - (await gasBeforeLooking(payment)) + missing);
      await tournament.settle(roundId, 1, 2, { gasLimit: 16_000_000n });
      expect(await tournament.owed(recipient)).to.equal(missing * amount);
    });
  }
});
