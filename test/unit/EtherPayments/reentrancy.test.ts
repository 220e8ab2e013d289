import { expect } from "chai";
import { Interface, dataLength, id, type FunctionFragment } from "ethers";

import { StakingTournament__factory } from "../../../typechain-types/index.js";
import { addressOf } from "../../fixtures/address-of.js";
import { ethers, networkHelpers } from "../../fixtures/deployed.js";
import { people } from "../../fixtures/people.js";
import { openRound } from "../../fixtures/rounds.js";
import { STAKED, WON, wonRound, type WonRound } from "../../fixtures/wallets.js";
import { zeroArguments } from "../../fixtures/zero-arguments.js";

const REENTERED = id("ReentrancyGuardReentrantCall()").slice(0, 10);
/** Move no money and store the whole of their change before anything else can happen; the authority sets itself. */
const UNGUARDED = new Set(["registerModel", "setPayee", "offerModel", "acceptModel", "setAuthority"]);

const abi = new Interface(StakingTournament__factory.abi);
const guarded: FunctionFragment[] = [];
abi.forEachFunction((fragment) => {
  if (!fragment.constant && !UNGUARDED.has(fragment.name)) guarded.push(fragment);
});

/** A wallet with every role, so that nothing but the guard stops it. */
async function powerfulWallet(): Promise<WonRound> {
  const d = await wonRound();
  for (const role of [2n, 3n]) await d.authority.connect(d.deployer).grantRole(role, d.wallet, 0n);
  return d;
}

describe("EtherPayments, given a recipient that calls back while it is paid", () => {
  for (const fragment of guarded) {
    it(`refuses ${fragment.name} and pays exactly once`, async () => {
      const d = await networkHelpers.loadFixture(powerfulWallet);
      const { tournament, nmr, wallet, roundId } = d;
      const settling = wallet.executeWithCallback(
        tournament,
        abi.encodeFunctionData("settle", [roundId, 0, 3]),
        abi.encodeFunctionData(fragment, zeroArguments(fragment)),
      );
      await expect(settling).to.emit(wallet, "CalledBack").withArgs(false, REENTERED);
      await expect(settling).to.changeEtherBalances(ethers, [tournament, wallet], [-3n * WON, WON]);
      await expect(settling).to.changeTokenBalances(ethers, nmr, [tournament, wallet], [-3n * STAKED, STAKED]);
    });
  }

  describe("to change who is paid", () => {
    it("pays the batch as its events say, and the new payee from then on", async () => {
      const d = await networkHelpers.loadFixture(wonRound);
      const { tournament, wallet, models, roundId } = d;
      const { carol, dave } = people(d);
      const [, , third = 0n] = models;
      await tournament.connect(carol).setPayee(third, wallet);
      const settling = wallet.executeWithCallback(
        tournament,
        abi.encodeFunctionData("settle", [roundId, 1, 3]),
        abi.encodeFunctionData("setPayee", [third, dave.address]),
      );
      await expect(settling)
        .to.emit(wallet, "CalledBack")
        .withArgs(true, (result: string) => dataLength(result) === 0);
      await expect(settling)
        .to.emit(tournament, "StakeSettled")
        .withArgs(roundId, third, await addressOf(wallet), 2n, STAKED, 0n, WON, 0n, true);
      await expect(settling).to.changeEtherBalances(ethers, [wallet, dave], [2n * WON, 0n]);
      expect(await tournament.payeeOf(third)).to.equal(dave.address);
    });

    it("keeps the change when a stake is staked again", async () => {
      const d = await networkHelpers.loadFixture(wonRound);
      const { tournament, wallet, models, roundId } = d;
      const { bob, dave } = people(d);
      const [, modelId = 0n] = models;
      const next = await openRound(d);
      await wallet.executeWithCallback(
        tournament,
        abi.encodeFunctionData("modelCount"),
        abi.encodeFunctionData("setPayee", [modelId, dave.address]),
      );
      const restaking = tournament.connect(bob).restake(roundId, 1, next, 1n, id("predictions"));
      await expect(restaking)
        .to.emit(wallet, "CalledBack")
        .withArgs(true, (result: string) => dataLength(result) === 0);
      const model = await tournament.getModel(modelId);
      expect(model.hasPayee).to.equal(true);
      expect(model.lastStakedRound).to.equal(next);
      expect(await tournament.payeeOf(modelId)).to.equal(dave.address);
    });
  });
});
