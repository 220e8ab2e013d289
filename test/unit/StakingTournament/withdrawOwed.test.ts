import { expect } from "chai";
import { ZeroAddress, id } from "ethers";

import { Wallet__factory } from "../../../typechain-types/index.js";
import { addressOf } from "../../fixtures/address-of.js";
import { ethers, networkHelpers } from "../../fixtures/deployed.js";
import { people } from "../../fixtures/people.js";
import { REACTION, WON, wonRound, type WonRound } from "../../fixtures/wallets.js";

/** A wallet that refused what its model won, and takes ether again. */
async function owedWallet(): Promise<WonRound> {
  const d = await wonRound();
  await d.wallet.react(REACTION.Refuse, 0n);
  await d.tournament.settle(d.roundId, 0, 3);
  await d.wallet.react(REACTION.Accept, 0n);
  return d;
}

/** The wallet withdraws what it is owed. */
async function withdraw({ tournament, wallet }: WonRound, to: string, gasLimit = 1_000_000n) {
  return wallet.execute(tournament, tournament.interface.encodeFunctionData("withdrawOwed", [to]), { gasLimit });
}

describe("StakingTournament.withdrawOwed", () => {
  it("pays the caller all that it is owed", async () => {
    const d = await networkHelpers.loadFixture(owedWallet);
    const { tournament } = d;
    const wallet = await addressOf(d.wallet);
    const withdrawing = withdraw(d, wallet);
    await expect(withdrawing).to.changeEtherBalances(ethers, [tournament, wallet], [-WON, WON]);
    await expect(withdrawing).to.emit(tournament, "OwedWithdrawn").withArgs(wallet, wallet, WON);
    expect(await tournament.owed(wallet)).to.equal(0n);
  });

  it("pays another account that the caller names", async () => {
    const d = await networkHelpers.loadFixture(owedWallet);
    const { tournament, wallet } = d;
    const { dave } = people(d);
    const withdrawing = withdraw(d, dave.address);
    await expect(withdrawing).to.changeEtherBalances(ethers, [wallet, dave], [0n, WON]);
    await expect(withdrawing)
      .to.emit(tournament, "OwedWithdrawn")
      .withArgs(await addressOf(wallet), dave.address, WON);
  });

  it("pays once", async () => {
    const d = await networkHelpers.loadFixture(owedWallet);
    const wallet = await addressOf(d.wallet);
    await withdraw(d, wallet);
    await expect(withdraw(d, wallet)).to.be.revertedWithCustomError(d.tournament, "NothingOwed").withArgs(wallet);
  });

  it("pays once to a caller that calls back while it is paid", async () => {
    const d = await networkHelpers.loadFixture(owedWallet);
    const { tournament } = d;
    const wallet = await addressOf(d.wallet);
    const call = tournament.interface.encodeFunctionData("withdrawOwed", [wallet]);
    const withdrawing = d.wallet.executeWithCallback(tournament, call, call);
    await expect(withdrawing)
      .to.emit(d.wallet, "CalledBack")
      .withArgs(false, id("ReentrancyGuardReentrantCall()").slice(0, 10));
    await expect(withdrawing).to.changeEtherBalances(ethers, [tournament, wallet], [-WON, WON]);
  });

  it("refuses whoever is owed nothing, whatever others are owed", async () => {
    const d = await networkHelpers.loadFixture(owedWallet);
    const { bob } = people(d);
    for (const caller of [bob, d.deployer, d.guardian]) {
      await expect(d.tournament.connect(caller).withdrawOwed(caller))
        .to.be.revertedWithCustomError(d.tournament, "NothingOwed")
        .withArgs(caller.address);
    }
  });

  it("refuses the zero address", async () => {
    const d = await networkHelpers.loadFixture(owedWallet);
    await expect(withdraw(d, ZeroAddress)).to.be.revertedWithCustomError(d.tournament, "ZeroAddress");
    expect(await d.tournament.owed(d.wallet)).to.equal(WON);
  });

  for (const name of ["Refuse", "BurnGas", "RevertMuch"] as const) {
    it(`stays owed when the account it names takes no ether, in the way ${name}`, async () => {
      const d = await networkHelpers.loadFixture(owedWallet);
      const refusing = await new Wallet__factory(d.deployer).deploy();
      await refusing.react(REACTION[name], 0n);
      await expect(withdraw(d, await addressOf(refusing)))
        .to.be.revertedWithCustomError(d.tournament, "PaymentFailed")
        .withArgs(await addressOf(refusing));
      expect(await d.tournament.owed(d.wallet)).to.equal(WON);
    });
  }

  it("cannot be sent to the tournament itself", async () => {
    const d = await networkHelpers.loadFixture(owedWallet);
    const itself = await addressOf(d.tournament);
    await expect(withdraw(d, itself)).to.be.revertedWithCustomError(d.tournament, "PaymentFailed").withArgs(itself);
    expect(await d.tournament.owed(d.wallet)).to.equal(WON);
  });

  it("reverts when there is too little gas for the stipend", async () => {
    const d = await networkHelpers.loadFixture(owedWallet);
    await expect(withdraw(d, await addressOf(d.wallet), 110_000n))
      .to.be.revertedWithCustomError(d.tournament, "InsufficientGas")
      .withArgs(88_500n, (available: bigint) => available < 88_500n);
    expect(await d.tournament.owed(d.wallet)).to.equal(WON);
  });
});
