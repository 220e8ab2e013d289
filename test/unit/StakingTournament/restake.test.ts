import { ZeroHash, id, parseEther, type BigNumberish, type ContractTransactionResponse } from "ethers";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { expect } from "chai";

import { addressOf } from "../../fixtures/address-of.js";
import { ethers, networkHelpers } from "../../fixtures/deployed.js";
import { STATUS } from "../../fixtures/every-status.js";
import { expectBalanced } from "../../fixtures/ledger.js";
import { BAD, GOOD, close, openRound, place, resolve } from "../../fixtures/rounds.js";
import { entry, openWith, resolveWith, season, settleWith, type Season } from "../../fixtures/season.js";

const PREDICTIONS = id("newer predictions");
const CONFIDENCE = parseEther("7");
const STAKE = parseEther("4");
const PRIZE = parseEther("10");
/** Bonus of the paid stake: 1,000 NMR × the whole prize × reputation 1 of 20. */
const BONUS = parseEther("50");
const [PAID, BURNED, RETURNED] = [0n, 1n, 2n];

interface Restakable extends Season {
  fromRound: bigint;
  toRound: bigint;
  /** Receives what model 1 wins. */
  payee: HardhatEthersSigner;
}

/** A resolved round in which models 1, 2 and 3 were paid, burned and returned, and an open one to restake in. */
async function restakable(): Promise<Restakable> {
  const d = await season();
  await settleWith(d, [entry(1n)]);
  await d.tournament.connect(d.owners[0]).setPayee(1n, d.stranger);
  const fromRound = await resolveWith(
    d,
    [
      entry(1n, { amount: STAKE, confidence: STAKE / 10n }),
      entry(2n, { amount: STAKE, score: BAD }),
      entry(3n, { amount: STAKE, confidence: 1n }),
    ],
    { prize: PRIZE, bonus: parseEther("1000") },
  );
  const toRound = await openRound(d, PRIZE, { minStake: STAKE });
  return { ...d, fromRound, toRound, payee: d.stranger };
}

async function restake(
  d: Restakable,
  index: BigNumberish,
  changes: { by?: HardhatEthersSigner; from?: bigint; to?: bigint; confidence?: bigint; hash?: string } = {},
): Promise<ContractTransactionResponse> {
  const { from = d.fromRound, to = d.toRound, confidence = CONFIDENCE, hash = PREDICTIONS } = changes;
  const by = changes.by ?? d.owners[Number(index)];
  return d.tournament.connect(by).restake(from, index, to, confidence, hash);
}

describe("StakingTournament.restake", () => {
  describe("given a stake that comes back", () => {
    it("stakes it in the new round without moving tokens", async () => {
      const d = await networkHelpers.loadFixture(restakable);
      const restaking = restake(d, RETURNED);
      await expect(restaking).to.not.emit(d.nmr, "Transfer");
      await expect(restaking).to.changeEtherBalance(ethers, d.tournament, 0n);
      expect(await d.tournament.getStake(d.toRound, 0n)).to.deep.equal([3n, STAKE, CONFIDENCE]);
      expect((await d.tournament.getStake(d.fromRound, RETURNED)).amount).to.equal(0n);
      await expectBalanced(d);
    });

    it("tells of both, and keeps the count of both rounds", async () => {
      const d = await networkHelpers.loadFixture(restakable);
      const restaking = restake(d, RETURNED);
      await expect(restaking)
        .to.emit(d.tournament, "StakeSettled")
        .withArgs(d.fromRound, 3n, d.owners[2], RETURNED, STAKE, 0n, 0n, 0n, false);
      await expect(restaking)
        .to.emit(d.tournament, "StakePlaced")
        .withArgs(d.toRound, 3n, d.owners[2], 0n, STAKE, CONFIDENCE, PREDICTIONS);
      expect((await d.tournament.getRound(d.fromRound)).settledCount).to.equal(1n);
      const { stakeCount, totalStaked } = await d.tournament.getRound(d.toRound);
      expect([stakeCount, totalStaked]).to.deep.equal([1n, STAKE]);
    });

    it("is not paid again when its old round is settled", async () => {
      const d = await networkHelpers.loadFixture(restakable);
      await restake(d, RETURNED);
      await expect(d.tournament.settle(d.fromRound, 0n, 3n)).to.changeTokenBalance(ethers, d.nmr, d.owners[2], 0n);
      await expectBalanced(d);
      await resolve(d, d.toRound, [BAD]);
      await expectBalanced(d);
    });
  });

  describe("given a stake that was paid", () => {
    it("sends ether and bonus to the payee, and stakes the stake alone", async () => {
      const d = await networkHelpers.loadFixture(restakable);
      const restaking = restake(d, PAID);
      await expect(restaking).to.changeTokenBalances(
        ethers,
        d.nmr,
        [d.owners[0], d.payee, d.tournament],
        [0n, BONUS, -BONUS],
      );
      await expect(restaking).to.changeEtherBalances(ethers, [d.payee, d.tournament], [PRIZE, -PRIZE]);
      expect(await d.tournament.getStake(d.toRound, 0n)).to.deep.equal([1n, STAKE, CONFIDENCE]);
      await expectBalanced(d);
    });

    it("tells so, and writes round and record of the model together", async () => {
      const d = await networkHelpers.loadFixture(restakable);
      await expect(restake(d, PAID))
        .to.emit(d.tournament, "StakeSettled")
        .withArgs(d.fromRound, 1n, d.payee, PAID, STAKE, 0n, PRIZE, BONUS, true);
      expect(await d.tournament.getModel(1n)).to.deep.equal([d.owners[0].address, d.toRound, 2n, 0b11n, true]);
    });

    it("keeps ether that the payee refuses, and stakes all the same", async () => {
      const d = await networkHelpers.loadFixture(restakable);
      await d.tournament.connect(d.payee).setPayee(1n, d.committee);
      await expect(restake(d, PAID))
        .to.emit(d.tournament, "PaymentOwed")
        .withArgs(await addressOf(d.committee), PRIZE);
      expect(await d.tournament.owed(d.committee)).to.equal(PRIZE);
      expect((await d.tournament.getRound(d.toRound)).stakeCount).to.equal(1n);
      await expectBalanced(d);
    });
  });

  describe("given a stake of a void round", () => {
    it("stakes it in full and records nothing", async () => {
      const d = await networkHelpers.loadFixture(restakable);
      const from = await openWith(d, [entry(4n, { amount: STAKE })]);
      await d.tournament.connect(d.guardian).cancelRound(from);
      const to = await openRound(d);
      const restaking = restake(d, 0n, { by: d.owners[3], from, to });
      await expect(restaking)
        .to.emit(d.tournament, "StakeSettled")
        .withArgs(from, 4n, d.owners[3], 0n, STAKE, 0n, 0n, 0n, false);
      await expect(restaking).to.not.emit(d.nmr, "Transfer");
      expect(await d.tournament.getStake(to, 0n)).to.deep.equal([4n, STAKE, CONFIDENCE]);
      expect(await d.tournament.getModel(4n)).to.deep.equal([d.owners[3].address, to, 0n, 0n, false]);
      await expectBalanced(d);
    });
  });

  describe("given a stake that does not suffice", () => {
    it("refuses a destroyed one", async () => {
      const d = await networkHelpers.loadFixture(restakable);
      await expect(restake(d, BURNED)).to.be.revertedWithCustomError(d.tournament, "StakeTooSmall").withArgs(STAKE, 0n);
    });

    it("refuses one that is a wei below the least stake of the new round, bonus or not", async () => {
      const d = await networkHelpers.loadFixture(restakable);
      const to = await openRound(d, PRIZE, { minStake: STAKE + 1n });
      for (const index of [PAID, RETURNED]) {
        await expect(restake(d, index, { to }))
          .to.be.revertedWithCustomError(d.tournament, "StakeTooSmall")
          .withArgs(STAKE + 1n, STAKE);
      }
    });
  });

  describe("given a caller that does not own the model", () => {
    it("refuses somebody else, the payee as well", async () => {
      const d = await networkHelpers.loadFixture(restakable);
      for (const by of [d.owners[1], d.payee]) {
        await expect(restake(d, PAID, { by }))
          .to.be.revertedWithCustomError(d.tournament, "NotModelOwner")
          .withArgs(1n, d.owners[0], by);
      }
    });

    it("lets whoever bought the model restake, and no longer who sold it", async () => {
      const d = await networkHelpers.loadFixture(restakable);
      const [, , seller, buyer] = d.owners;
      await d.tournament.connect(seller).offerModel(3n, buyer);
      await d.tournament.connect(buyer).acceptModel(3n);
      await expect(restake(d, RETURNED))
        .to.be.revertedWithCustomError(d.tournament, "NotModelOwner")
        .withArgs(3n, buyer, seller);
      await expect(restake(d, RETURNED, { by: buyer }))
        .to.emit(d.tournament, "StakePlaced")
        .withArgs(d.toRound, 3n, buyer, 0n, STAKE, CONFIDENCE, PREDICTIONS);
    });
  });

  describe("given a stake that cannot be settled", () => {
    it("refuses one that is settled already", async () => {
      const d = await networkHelpers.loadFixture(restakable);
      await d.tournament.settle(d.fromRound, RETURNED, RETURNED + 1n);
      await expect(restake(d, RETURNED))
        .to.be.revertedWithCustomError(d.tournament, "StakeAlreadySettled")
        .withArgs(d.fromRound, RETURNED);
    });

    it("refuses one that was restaked before", async () => {
      const d = await networkHelpers.loadFixture(restakable);
      await restake(d, RETURNED);
      const to = await openRound(d);
      await expect(restake(d, RETURNED, { to }))
        .to.be.revertedWithCustomError(d.tournament, "StakeAlreadySettled")
        .withArgs(d.fromRound, RETURNED);
    });

    it("refuses one of a round that is open or closed", async () => {
      const d = await networkHelpers.loadFixture(restakable);
      const by = d.owners[3];
      await place(d, d.toRound, 4n, { amount: STAKE, confidence: 1n });
      const to = await openRound(d, 0n, { closesAt: BigInt((await networkHelpers.time.latest()) + 5_000_000) });
      const refused = { by, from: d.toRound, to };
      await expect(restake(d, 0n, refused))
        .to.be.revertedWithCustomError(d.tournament, "RoundNotSettleable")
        .withArgs(d.toRound, STATUS.Open);
      await close(d, d.toRound);
      await expect(restake(d, 0n, refused))
        .to.be.revertedWithCustomError(d.tournament, "RoundNotSettleable")
        .withArgs(d.toRound, STATUS.Closed);
    });

    it("refuses one that is not there", async () => {
      const d = await networkHelpers.loadFixture(restakable);
      for (const index of [3n, 2n ** 32n - 1n, 2n ** 256n - 1n]) {
        await expect(restake(d, index, { by: d.owners[0] }))
          .to.be.revertedWithCustomError(d.tournament, "StakeNotFound")
          .withArgs(d.fromRound, index, 3n);
      }
    });
  });

  describe("given a new round that does not take the stake", () => {
    it("refuses a round that is not open", async () => {
      const d = await networkHelpers.loadFixture(restakable);
      const cancelled = await openRound(d);
      await d.tournament.connect(d.guardian).cancelRound(cancelled);
      for (const [to, status] of [
        [99n, STATUS.None],
        [cancelled, STATUS.Void],
        [d.fromRound, STATUS.Resolved],
      ] as const) {
        await expect(restake(d, RETURNED, { to }))
          .to.be.revertedWithCustomError(d.tournament, "UnexpectedRoundStatus")
          .withArgs(to, STATUS.Open, status);
      }
      await close(d, d.toRound);
      await expect(restake(d, RETURNED))
        .to.be.revertedWithCustomError(d.tournament, "UnexpectedRoundStatus")
        .withArgs(d.toRound, STATUS.Open, STATUS.Closed);
    });

    it("refuses a round the model has a stake in, and any older one", async () => {
      const d = await networkHelpers.loadFixture(restakable);
      const newer = await openRound(d);
      await place(d, newer, 3n, { amount: 1n, confidence: 1n });
      for (const to of [newer, d.toRound]) {
        await expect(restake(d, RETURNED, { to }))
          .to.be.revertedWithCustomError(d.tournament, "ModelAlreadyStaked")
          .withArgs(3n, newer, to);
      }
    });

    it("refuses a confidence of zero and a missing commitment", async () => {
      const d = await networkHelpers.loadFixture(restakable);
      await expect(restake(d, RETURNED, { confidence: 0n })).to.be.revertedWithCustomError(
        d.tournament,
        "ZeroConfidence",
      );
      await expect(restake(d, RETURNED, { hash: ZeroHash })).to.be.revertedWithCustomError(
        d.tournament,
        "ZeroPredictionsHash",
      );
    });
  });

  describe("given the restaked stake wins in its new round", () => {
    it("counts the round it came from for the bonus", async () => {
      const d = await networkHelpers.loadFixture(restakable);
      await d.tournament.connect(d.sponsor).fundBonus(d.toRound, 20n);
      await restake(d, PAID, { confidence: STAKE / 10n });
      await resolve(d, d.toRound, [GOOD]);
      expect(await d.tournament.previewOutcome(d.toRound, 0n)).to.deep.equal([STAKE, 0n, PRIZE, 2n]);
      await d.tournament.settle(d.toRound, 0n, 1n);
      await expectBalanced(d);
    });
  });
});
