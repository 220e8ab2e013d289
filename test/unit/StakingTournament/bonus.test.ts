import { id, parseEther } from "ethers";
import { expect } from "chai";

import { ethers, networkHelpers } from "../../fixtures/deployed.js";
import { expectBalanced } from "../../fixtures/ledger.js";
import { BAD, GOOD, openRound } from "../../fixtures/rounds.js";
import {
  entry,
  resolveWith,
  season,
  settleWith,
  type Entry,
  type Season,
  type SeasonRound,
} from "../../fixtures/season.js";

/** Model 1 qualified in three rounds, model 2 in two, model 3 in one, model 4 in none. */
async function veterans(): Promise<Season> {
  const d = await season();
  for (const models of [[1n, 2n, 3n], [1n, 2n], [1n]]) {
    await settleWith(
      d,
      models.map((modelId) => entry(modelId)),
    );
  }
  return d;
}

/** Model 1 qualified in twenty rounds: its reputation is full. */
async function champion(): Promise<Season> {
  const d = await season();
  for (let round = 1; round <= 20; ++round) await settleWith(d, [entry(1n)]);
  return d;
}

/** Plays a round and settles it; gives the bonuses in index order, in wei. */
async function bonuses(d: Season, entries: readonly Entry[], round: SeasonRound): Promise<bigint[]> {
  const roundId = await settleWith(d, entries, round);
  const settled = await d.tournament.queryFilter(d.tournament.filters.StakeSettled(roundId));
  return settled.map(({ args }) => args.bonus);
}

describe("StakingTournament: bonus", () => {
  describe("given models with different reputations", () => {
    it("shares the pool by ether paid and reputation", async () => {
      const d = await networkHelpers.loadFixture(veterans);
      const paid = [1n, 2n, 3n, 4n].map((modelId) => entry(modelId, { amount: parseEther("2") }));
      // 1,000 NMR × 2 of 10 ether × reputation of 20
      expect(await bonuses(d, paid, { bonus: parseEther("1000") })).to.deep.equal([
        parseEther("30"),
        parseEther("20"),
        parseEther("10"),
        0n,
      ]);
      await expectBalanced(d);
    });

    it("sends it with the stake, to the payee", async () => {
      const d = await networkHelpers.loadFixture(veterans);
      await d.tournament.connect(d.owners[0]).setPayee(1n, d.stranger);
      const roundId = await resolveWith(d, [entry(1n)], { bonus: parseEther("1000") });
      const settling = d.tournament.settle(roundId, 0n, 1n);
      await expect(settling)
        .to.emit(d.tournament, "StakeSettled")
        .withArgs(roundId, 1n, d.stranger, 0n, parseEther("1"), 0n, parseEther("1"), parseEther("15"), true);
      await expect(settling).to.emit(d.nmr, "Transfer").withArgs(d.tournament, d.stranger, parseEther("16"));
    });

    it("rounds down to the wei", async () => {
      const d = await networkHelpers.loadFixture(veterans);
      // 199 × 1 × 3 / (10 × 20) is 2.985, 199 × 2 × 2 / (10 × 20) is 3.98
      const entries = [entry(1n, { amount: 1n }), entry(2n, { amount: 2n })];
      expect(await bonuses(d, entries, { prize: 10n, bonus: 199n })).to.deep.equal([2n, 3n]);
      await expectBalanced(d);
    });

    it("uses what the cut is paid, not what it asked for", async () => {
      const d = await networkHelpers.loadFixture(veterans);
      const entries = [entry(1n, { amount: parseEther("100") })];
      expect(await bonuses(d, entries, { prize: parseEther("1"), bonus: 20n })).to.deep.equal([3n]);
    });

    it("is nothing for a stake that is paid nothing, whatever its reputation", async () => {
      const d = await networkHelpers.loadFixture(veterans);
      const winner = entry(4n, { amount: parseEther("30"), confidence: parseEther("3") }); // empties the pool
      const entries = [
        entry(1n),
        entry(2n, { score: BAD, confidence: parseEther("4") }),
        entry(3n, { score: { ...GOOD, concordant: false }, confidence: parseEther("4") }),
        winner,
      ];
      expect(await bonuses(d, entries, { bonus: parseEther("1000") })).to.deep.equal([0n, 0n, 0n, 0n]);
      await expectBalanced(d);
    });

    it("is nothing for a stake that earns less than a wei of ether", async () => {
      const d = await networkHelpers.loadFixture(veterans);
      const dust = entry(1n, { amount: 1n, confidence: parseEther("2") });
      expect(await bonuses(d, [dust], { bonus: parseEther("1000") })).to.deep.equal([0n]);
    });

    it("is nothing without a prize pool", async () => {
      const d = await networkHelpers.loadFixture(veterans);
      expect(await bonuses(d, [entry(1n)], { prize: 0n, bonus: parseEther("1000") })).to.deep.equal([0n]);
      await expectBalanced(d);
    });

    it("pays and books a single wei of ether and of bonus", async () => {
      const d = await networkHelpers.loadFixture(veterans);
      // 40 × 1 × 1 / (2 × 20)
      const roundId = await settleWith(d, [entry(3n, { amount: 1n })], { prize: 2n, bonus: 40n });
      await expect(d.tournament.sweepRemainder(roundId))
        .to.emit(d.tournament, "RemainderSwept")
        .withArgs(roundId, 1n, 39n);
      await expectBalanced(d);
    });

    it("is paid to the wei when the stake is staked again", async () => {
      const d = await networkHelpers.loadFixture(veterans);
      const fromRound = await resolveWith(d, [entry(3n, { amount: 1n })], { prize: 2n, bonus: 40n });
      const toRound = await openRound(d);
      const restaking = d.tournament
        .connect(d.owners[2])
        .restake(fromRound, 0n, toRound, parseEther("1"), id("predictions"));
      await expect(restaking).to.changeTokenBalances(ethers, d.nmr, [d.owners[2], d.tournament], [1n, -1n]);
      await expectBalanced(d);
    });

    it("leaves what nobody earned to the treasury", async () => {
      const d = await networkHelpers.loadFixture(veterans);
      const roundId = await settleWith(d, [entry(1n)], { bonus: parseEther("1000") });
      await expect(d.tournament.sweepRemainder(roundId))
        .to.emit(d.tournament, "RemainderSwept")
        .withArgs(roundId, parseEther("9"), parseEther("985"));
      await expectBalanced(d);
    });
  });

  describe("given a model with a full reputation", () => {
    it("is the whole pool for the whole prize, and not a wei more", async () => {
      const d = await networkHelpers.loadFixture(champion);
      const entries = [entry(1n, { amount: parseEther("20") })];
      expect(await bonuses(d, entries, { bonus: 1_000_000_007n })).to.deep.equal([1_000_000_007n]);
      await expectBalanced(d);
    });
  });

  describe("given a model with a full reputation and a pool of a single wei", () => {
    it("is that wei", async () => {
      const d = await networkHelpers.loadFixture(champion);
      expect(await bonuses(d, [entry(1n, { amount: parseEther("20") })], { bonus: 1n })).to.deep.equal([1n]);
    });
  });

  describe("given stakes of two rounds settled late", () => {
    const bonus = 200n;

    it("counts the older round for the newer when it is settled first", async () => {
      const d = await networkHelpers.loadFixture(season);
      const whole = entry(1n, { amount: parseEther("10") });
      const rounds = [await resolveWith(d, [whole], { bonus }), await resolveWith(d, [whole], { bonus })] as const;
      for (const roundId of rounds) await d.tournament.settle(roundId, 0n, 1n);
      const settled = await d.tournament.queryFilter(d.tournament.filters.StakeSettled());
      expect(settled.map(({ args }) => args.bonus)).to.deep.equal([0n, 10n]);
    });

    it("counts only what is recorded by then, and never a later round for an earlier one", async () => {
      const d = await networkHelpers.loadFixture(season);
      const whole = entry(1n, { amount: parseEther("10") });
      const rounds = [await resolveWith(d, [whole], { bonus }), await resolveWith(d, [whole], { bonus })] as const;
      for (const roundId of [rounds[1], rounds[0]]) await d.tournament.settle(roundId, 0n, 1n);
      const settled = await d.tournament.queryFilter(d.tournament.filters.StakeSettled());
      expect(settled.map(({ args }) => args.bonus)).to.deep.equal([0n, 0n]);
      expect(await d.tournament.reputationOf(1n)).to.equal(2n);
      await expectBalanced(d);
    });

    it("counts no later round for an earlier one when there are later ones still", async () => {
      const d = await networkHelpers.loadFixture(season);
      const rounds: bigint[] = [];
      for (let i = 0; i < 3; ++i) {
        rounds.push(await resolveWith(d, [entry(1n, { amount: parseEther("10") })], { bonus }));
      }
      const [first = 0n, second = 0n] = rounds;
      await d.tournament.settle(second, 0n, 1n);
      expect((await d.tournament.previewOutcome(first, 0n)).bonus).to.equal(0n);
      await d.tournament.settle(first, 0n, 1n);
      const settled = await d.tournament.queryFilter(d.tournament.filters.StakeSettled());
      expect(settled.map(({ args }) => args.bonus)).to.deep.equal([0n, 0n]);
    });
  });
});
