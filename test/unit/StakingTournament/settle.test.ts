import { parseEther } from "ethers";
import { expect } from "chai";

import { Wallet__factory } from "../../../typechain-types/index.js";
import { addressOf } from "../../fixtures/address-of.js";
import { ethers, networkHelpers, type Deployed } from "../../fixtures/deployed.js";
import { STATUS, everyStatus } from "../../fixtures/every-status.js";
import { expectBalanced } from "../../fixtures/ledger.js";
import {
  MIXED,
  MIXED_BIDS,
  openMixedRound,
  resolvedByOlderAttempt,
  resolvedMixedRound,
  voidMixedRound,
  type MixedRound,
} from "../../fixtures/mixed-round.js";
import { openRound, place } from "../../fixtures/rounds.js";

const AMOUNTS = MIXED_BIDS.map(({ amount }) => amount);
/** What the mixed round returns of its stakes, and pays, in index order. */
const RETURNED = AMOUNTS.map((amount, index) => (index === 1 ? 0n : amount));
const PAID = [parseEther("2"), 0n, parseEther("8"), 0n];
const TOTAL_RETURNED = parseEther("46");

const owners = (d: Deployed, count = 4): Deployed["others"] => d.others.slice(0, count);

/** Settles ranges one after another, by somebody who has no part in it. */
async function settleRanges(d: MixedRound, ranges: readonly (readonly [number, number])[]): Promise<void> {
  for (const [from, to] of ranges) await d.tournament.connect(d.stranger).settle(d.roundId, from, to);
}

/** NMR and ether that came to each owner since, in index order; settling costs them nothing. */
async function receipts(d: MixedRound, settle: () => Promise<unknown>): Promise<{ nmr: bigint[]; ether: bigint[] }> {
  const balances = async (): Promise<[bigint[], bigint[]]> => [
    await Promise.all(owners(d).map((owner) => d.nmr.balanceOf(owner))),
    await Promise.all(owners(d).map((owner) => ethers.provider.getBalance(owner))),
  ];
  const before = await balances();
  await settle();
  const after = await balances();
  const [nmr = [], ether = []] = after.map((kind, k) => kind.map((balance, i) => balance - (before[k]?.[i] ?? 0n)));
  return { nmr, ether };
}

describe("StakingTournament.settle", () => {
  describe("given a resolved round", () => {
    it("pays and returns by the attempt that resolved it, whatever was posted since", async () => {
      const d = await networkHelpers.loadFixture(resolvedByOlderAttempt);
      expect((await d.tournament.getRound(d.roundId)).attemptCount).to.equal(2n);
      expect((await d.tournament.previewOutcome(d.roundId, 2n)).etherPaid).to.equal(MIXED.cutPayout);
      const { nmr, ether } = await receipts(d, () => d.tournament.connect(d.stranger).settle(d.roundId, 0n, 4n));
      expect({ nmr, ether }).to.deep.equal({ nmr: RETURNED, ether: PAID });
      await expectBalanced(d);
    });

    it("returns stakes and pays ether, all out of the tournament", async () => {
      const d = await networkHelpers.loadFixture(resolvedMixedRound);
      const settling = d.tournament.connect(d.stranger).settle(d.roundId, 0n, 4n);
      await expect(settling).to.changeTokenBalances(
        ethers,
        d.nmr,
        [...owners(d), d.tournament, d.stranger],
        [...RETURNED, -TOTAL_RETURNED, 0n],
      );
      await expect(settling).to.changeEtherBalances(
        ethers,
        [...owners(d), d.tournament, d.stranger],
        [...PAID, -parseEther("10"), 0n],
      );
      await expectBalanced(d);
    });

    it("tells of every stake what became of it", async () => {
      const d = await networkHelpers.loadFixture(resolvedMixedRound);
      const settling = d.tournament.settle(d.roundId, 0n, 4n);
      for (const [index, owner] of owners(d).entries()) {
        const returned = RETURNED[index] ?? 0n;
        await expect(settling)
          .to.emit(d.tournament, "StakeSettled")
          .withArgs(
            d.roundId,
            d.models[index],
            owner,
            BigInt(index),
            returned,
            (AMOUNTS[index] ?? 0n) - returned,
            PAID[index],
            0n,
            index === 0 || index === 2,
          );
      }
    });

    it("moves no NMR for a stake that was destroyed", async () => {
      const d = await networkHelpers.loadFixture(resolvedMixedRound);
      await expect(d.tournament.settle(d.roundId, 1n, 2n)).to.not.emit(d.nmr, "Transfer");
    });

    it("counts what is settled, zeroes it and keeps the rest of the stake", async () => {
      const d = await networkHelpers.loadFixture(resolvedMixedRound);
      await d.tournament.settle(d.roundId, 1n, 3n);
      expect((await d.tournament.getRound(d.roundId)).settledCount).to.equal(2n);
      const stakes = await d.tournament.getStakes(d.roundId, 0n, 4n);
      expect(stakes.map(({ amount }) => amount)).to.deep.equal([AMOUNTS[0], 0n, 0n, AMOUNTS[3]]);
      expect(stakes.map(({ confidence }) => confidence)).to.deep.equal(MIXED_BIDS.map(({ confidence }) => confidence));
      expect(stakes.map(({ modelId }) => modelId)).to.deep.equal(d.models);
      await expectBalanced(d);
    });

    for (const [what, ranges] of [
      [
        "one by one, backwards",
        [
          [3, 4],
          [2, 3],
          [1, 2],
          [0, 1],
        ],
      ],
      [
        "in overlapping ranges",
        [
          [1, 3],
          [0, 2],
          [2, 4],
        ],
      ],
      [
        "all, and all again",
        [
          [0, 4],
          [0, 4],
        ],
      ],
      [
        "with empty ranges in between",
        [
          [0, 0],
          [0, 2],
          [2, 2],
          [2, 4],
          [4, 4],
        ],
      ],
    ] as const) {
      it(`pays the same when settled ${what}`, async () => {
        const d = await networkHelpers.loadFixture(resolvedMixedRound);
        const received = await receipts(d, () => settleRanges(d, ranges));
        expect(received).to.deep.equal({ nmr: RETURNED, ether: PAID });
        expect((await d.tournament.getRound(d.roundId)).settledCount).to.equal(4n);
        await expectBalanced(d);
      });
    }

    it("says and pays nothing for what is settled, and for an empty range", async () => {
      const d = await networkHelpers.loadFixture(resolvedMixedRound);
      await d.tournament.settle(d.roundId, 0n, 4n);
      for (const [from, to] of [
        [0n, 4n],
        [2n, 2n],
        [4n, 4n],
      ] as const) {
        const settling = d.tournament.settle(d.roundId, from, to);
        await expect(settling).to.not.emit(d.tournament, "StakeSettled");
        await expect(settling).to.changeTokenBalance(ethers, d.nmr, d.tournament, 0n);
        await expect(settling).to.changeEtherBalance(ethers, d.tournament, 0n);
      }
      expect((await d.tournament.getRound(d.roundId)).settledCount).to.equal(4n);
    });

    it("refuses a range that is not within the round", async () => {
      const d = await networkHelpers.loadFixture(resolvedMixedRound);
      for (const [from, to] of [
        [0n, 5n],
        [5n, 5n],
        [2n, 1n],
        [0n, 2n ** 256n - 1n],
        [2n ** 256n - 1n, 0n],
      ] as const) {
        await expect(d.tournament.settle(d.roundId, from, to))
          .to.be.revertedWithCustomError(d.tournament, "InvalidRange")
          .withArgs(from, to, 4n);
      }
    });

    it("changes no other round's money", async () => {
      const d = await networkHelpers.loadFixture(resolvedMixedRound);
      const other = await openRound(d, parseEther("3"));
      const [model = 0n] = d.models;
      await d.tournament.settle(d.roundId, 0n, 1n);
      await place(d, other, model, { amount: parseEther("1"), confidence: 1n });
      const before = [await d.tournament.getRound(other), await d.tournament.getStake(other, 0n)];
      await d.tournament.settle(d.roundId, 0n, 4n);
      expect([await d.tournament.getRound(other), await d.tournament.getStake(other, 0n)]).to.deep.equal(before);
      await expectBalanced(d);
    });
  });

  describe("given a model whose payee or owner changed after staking", () => {
    it("pays stake and ether to the payee set since", async () => {
      const d = await networkHelpers.loadFixture(resolvedMixedRound);
      const [owner] = owners(d);
      await d.tournament.connect(owner).setPayee(d.models[0] ?? 0n, d.stranger);
      const settling = d.tournament.settle(d.roundId, 0n, 1n);
      await expect(settling).to.changeTokenBalances(ethers, d.nmr, [owner, d.stranger], [0n, AMOUNTS[0]]);
      await expect(settling).to.changeEtherBalances(ethers, [owner, d.stranger], [0n, PAID[0]]);
    });

    it("pays whoever bought the model: the unsettled stake follows it", async () => {
      const d = await networkHelpers.loadFixture(resolvedMixedRound);
      const [seller] = owners(d);
      const modelId = d.models[0] ?? 0n;
      await d.tournament.connect(seller).offerModel(modelId, d.stranger);
      await d.tournament.connect(d.stranger).acceptModel(modelId);
      const settling = d.tournament.settle(d.roundId, 0n, 1n);
      await expect(settling).to.changeTokenBalances(ethers, d.nmr, [seller, d.stranger], [0n, AMOUNTS[0]]);
      await expect(settling).to.changeEtherBalances(ethers, [seller, d.stranger], [0n, PAID[0]]);
    });
  });

  describe("given a payee that does harm", () => {
    it("keeps ether that is refused, and pays the NMR and everybody else", async () => {
      const d = await networkHelpers.loadFixture(resolvedMixedRound);
      // The committee has no way to receive ether.
      await d.tournament.connect(owners(d)[0]).setPayee(d.models[0] ?? 0n, d.committee);
      const settling = d.tournament.settle(d.roundId, 0n, 4n);
      await expect(settling)
        .to.emit(d.tournament, "PaymentOwed")
        .withArgs(await addressOf(d.committee), PAID[0]);
      await expect(settling).to.changeTokenBalance(ethers, d.nmr, d.committee, AMOUNTS[0]);
      await expect(settling).to.changeEtherBalances(ethers, owners(d), [0n, 0n, PAID[2], 0n]);
      expect(await d.tournament.owed(d.committee)).to.equal(PAID[0]);
      await expectBalanced(d);
    });

    it("is not entered again while it pays: nobody is paid twice", async () => {
      const d = await networkHelpers.loadFixture(resolvedMixedRound);
      const wallet = await new Wallet__factory(d.deployer).deploy();
      await d.tournament.connect(owners(d)[0]).setPayee(d.models[0] ?? 0n, wallet);
      const settle = d.tournament.interface.encodeFunctionData("settle", [d.roundId, 0n, 4n]);
      const settling = wallet.executeWithCallback(d.tournament, settle, settle);
      const guard = d.tournament.interface.getError("ReentrancyGuardReentrantCall")?.selector;
      await expect(settling).to.emit(wallet, "CalledBack").withArgs(false, guard);
      await expect(settling).to.changeTokenBalances(
        ethers,
        d.nmr,
        [wallet, ...owners(d), d.tournament],
        [AMOUNTS[0], 0n, 0n, RETURNED[2], RETURNED[3], -TOTAL_RETURNED],
      );
      await expect(settling).to.changeEtherBalances(ethers, [wallet, d.tournament], [PAID[0], -parseEther("10")]);
      await expectBalanced(d);
    });
  });

  describe("given a void round", () => {
    it("gives every stake back in full, whatever the order, and pays no ether", async () => {
      const d = await networkHelpers.loadFixture(voidMixedRound);
      const received = await receipts(d, () =>
        settleRanges(d, [
          [2, 4],
          [0, 3],
        ]),
      );
      expect(received).to.deep.equal({ nmr: AMOUNTS, ether: [0n, 0n, 0n, 0n] });
      await expectBalanced(d);
    });

    it("tells so, and records nothing about the models", async () => {
      const d = await networkHelpers.loadFixture(voidMixedRound);
      const settling = d.tournament.settle(d.roundId, 0n, 4n);
      for (const [index, owner] of owners(d).entries()) {
        await expect(settling)
          .to.emit(d.tournament, "StakeSettled")
          .withArgs(d.roundId, d.models[index], owner, BigInt(index), AMOUNTS[index], 0n, 0n, 0n, false);
      }
      for (const [index, owner] of owners(d).entries()) {
        const model = await d.tournament.getModel(d.models[index] ?? 0n);
        expect(model).to.deep.equal([owner.address, d.roundId, 0n, 0n, false]);
      }
    });

    it("gives the stakes of a cancelled round back, to the payee", async () => {
      const d = await networkHelpers.loadFixture(openMixedRound);
      await d.tournament.connect(owners(d)[0]).setPayee(d.models[0] ?? 0n, d.patron);
      await d.tournament.connect(d.guardian).cancelRound(d.roundId);
      await expect(d.tournament.settle(d.roundId, 0n, 4n)).to.changeTokenBalances(
        ethers,
        d.nmr,
        [d.patron, ...owners(d)],
        [AMOUNTS[0], 0n, ...AMOUNTS.slice(1)],
      );
      await expectBalanced(d);
    });
  });

  describe("given a round that is not over", () => {
    for (const status of ["None", "Open", "Closed"] as const) {
      it(`refuses a round that is ${status}`, async () => {
        const d = await networkHelpers.loadFixture(everyStatus);
        const roundId = d.rounds[status];
        const { stakeCount } = await d.tournament.getRound(roundId);
        await expect(d.tournament.settle(roundId, 0n, stakeCount))
          .to.be.revertedWithCustomError(d.tournament, "RoundNotSettleable")
          .withArgs(roundId, STATUS[status]);
      });
    }
  });
});
