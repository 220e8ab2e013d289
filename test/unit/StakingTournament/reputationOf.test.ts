import { parseEther } from "ethers";
import { expect } from "chai";

import { UNSCORED } from "../../../sdk/index.js";
import { networkHelpers } from "../../fixtures/deployed.js";
import { BAD, DAY, GOOD, approve, close, openRound, place, score } from "../../fixtures/rounds.js";
import { entry, openWith, resolveWith, season, settleWith, voidRound, type Season } from "../../fixtures/season.js";

const MODEL = 1n;
const OTHER = 2n;

/** Model 1 qualified in the first two rounds, model 2 in all of twenty. */
async function twentyRounds(): Promise<Season> {
  const d = await season();
  for (let round = 1; round <= 20; ++round) {
    await settleWith(d, round <= 2 ? [entry(MODEL), entry(OTHER)] : [entry(OTHER)]);
  }
  return d;
}

/** Model 1 qualified in the first and the third of three rounds, none of which is settled. */
async function threeResolved(): Promise<Season> {
  const d = await season();
  for (const result of [GOOD, BAD, GOOD]) await resolveWith(d, [entry(MODEL, { score: result })]);
  return d;
}

const reputations = async ({ tournament }: Season): Promise<bigint[]> =>
  Promise.all([tournament.reputationOf(MODEL), tournament.reputationOf(OTHER)]);

describe("StakingTournament.reputationOf", () => {
  describe("given a model without a settled stake", () => {
    it("is zero, for a model nobody registered as well", async () => {
      const d = await networkHelpers.loadFixture(season);
      expect(await d.tournament.reputationOf(MODEL)).to.equal(0n);
      expect(await d.tournament.reputationOf(99n)).to.equal(0n);
    });

    it("is zero until the stake is settled", async () => {
      const d = await networkHelpers.loadFixture(season);
      const roundId = await resolveWith(d, [entry(MODEL)]);
      expect(await d.tournament.reputationOf(MODEL)).to.equal(0n);
      await d.tournament.settle(roundId, 0n, 1n);
      expect(await d.tournament.reputationOf(MODEL)).to.equal(1n);
    });
  });

  describe("given a round the model qualified in", () => {
    it("counts it, and keeps it in the history", async () => {
      const d = await networkHelpers.loadFixture(season);
      await settleWith(d, [entry(MODEL)]);
      const { history, lastOrdinal } = await d.tournament.getModel(MODEL);
      expect([history, lastOrdinal]).to.deep.equal([1n, 1n]);
      expect(await d.tournament.reputationOf(MODEL)).to.equal(1n);
    });

    it("counts a stake at risk that earned less than a wei", async () => {
      const d = await networkHelpers.loadFixture(season);
      await settleWith(d, [entry(MODEL, { amount: 1n, confidence: parseEther("2") })]);
      expect(await d.tournament.reputationOf(MODEL)).to.equal(1n);
    });

    it("counts the cut", async () => {
      const d = await networkHelpers.loadFixture(season);
      await settleWith(d, [entry(MODEL)], { prize: 1n });
      expect(await d.tournament.reputationOf(MODEL)).to.equal(1n);
    });

    it("says so when it is settled", async () => {
      const d = await networkHelpers.loadFixture(season);
      const roundId = await resolveWith(d, [entry(MODEL), entry(OTHER, { score: BAD })]);
      const settling = d.tournament.settle(roundId, 0n, 2n);
      await expect(settling)
        .to.emit(d.tournament, "StakeSettled")
        .withArgs(roundId, MODEL, d.owners[0], 0n, parseEther("1"), 0n, parseEther("1"), 0n, true);
      await expect(settling)
        .to.emit(d.tournament, "StakeSettled")
        .withArgs(roundId, OTHER, d.owners[1], 1n, 0n, parseEther("1"), 0n, 0n, false);
    });
  });

  describe("given a round that proves nothing", () => {
    const rival = entry(OTHER, { amount: parseEther("20"), confidence: parseEther("2") }); // empties the pool
    for (const [what, entries, round] of [
      ["the model failed", [entry(MODEL, { score: BAD })], {}],
      ["the model was not scored", [entry(MODEL, { score: UNSCORED })], {}],
      ["the model was not original", [entry(MODEL, { score: { ...GOOD, original: false } })], {}],
      ["the bid was below the least confidence", [entry(MODEL)], { changes: { minConfidence: parseEther("2") } }],
      ["the stake was below the cut, at no risk", [entry(MODEL), rival], {}],
      ["there was no prize", [entry(MODEL)], { prize: 0n }],
    ] as const) {
      it(`earns nothing when ${what}`, async () => {
        const d = await networkHelpers.loadFixture(season);
        await settleWith(d, entries, round);
        const { history, lastOrdinal } = await d.tournament.getModel(MODEL);
        expect([history, lastOrdinal]).to.deep.equal([0n, 0n]);
        expect(await d.tournament.reputationOf(MODEL)).to.equal(0n);
      });
    }
  });

  describe("given rounds that were never resolved", () => {
    it("washes nothing away, however they ended", async () => {
      const d = await networkHelpers.loadFixture(season);
      await settleWith(d, [entry(MODEL)]);
      for (let i = 0; i < 3; ++i) await voidRound(d);
      const overdue = await openWith(d, [entry(MODEL)]);
      await networkHelpers.time.increase(15 * DAY);
      await d.tournament.voidRound(overdue);
      await d.tournament.settle(overdue, 0n, 1n);
      const empty = await openRound(d, 0n);
      await close(d, empty);
      await d.tournament.voidRound(empty);

      const { history, lastOrdinal } = await d.tournament.getModel(MODEL);
      expect([history, lastOrdinal]).to.deep.equal([1n, 1n]);
      expect(await d.tournament.resolvedCount()).to.equal(1n);
      expect(await d.tournament.reputationOf(MODEL)).to.equal(1n);
      await settleWith(d, [entry(MODEL)]);
      expect((await d.tournament.getModel(MODEL)).history).to.equal(0b11n);
    });
  });

  describe("given stakes settled in another order than their rounds were resolved in", () => {
    for (const order of [
      [1n, 2n, 3n],
      [1n, 3n, 2n],
      [2n, 1n, 3n],
      [2n, 3n, 1n],
      [3n, 1n, 2n],
      [3n, 2n, 1n],
    ]) {
      it(`ends with the same history after ${order.join(", ")}`, async () => {
        const d = await networkHelpers.loadFixture(threeResolved);
        for (const roundId of order) await d.tournament.settle(roundId, 0n, 1n);
        const { history, lastOrdinal } = await d.tournament.getModel(MODEL);
        expect([history, lastOrdinal]).to.deep.equal([0b101n, 3n]);
        expect(await d.tournament.reputationOf(MODEL)).to.equal(2n);
      });
    }

    it("counts by the order of resolution, not by the number of the round", async () => {
      const d = await networkHelpers.loadFixture(season);
      const [early, late] = [await openRound(d), await openRound(d)];
      for (const roundId of [early, late]) await place(d, roundId, MODEL, entry(MODEL));
      await close(d, late);
      const attempts = [await score(d, early, [BAD]), await score(d, late, [GOOD])] as const;
      await approve(d, early, attempts[0]);
      await approve(d, late, attempts[1]);
      await networkHelpers.time.increase(DAY);
      await d.tournament.finalize(late, attempts[1]);
      await d.tournament.finalize(early, attempts[0]);
      for (const roundId of [early, late]) await d.tournament.settle(roundId, 0n, 1n);
      const { history, lastOrdinal } = await d.tournament.getModel(MODEL);
      expect([history, lastOrdinal]).to.deep.equal([1n, 1n]);
    });
  });

  describe("given twenty resolved rounds", () => {
    it("counts all of them and no more", async () => {
      const d = await networkHelpers.loadFixture(twentyRounds);
      expect(await reputations(d)).to.deep.equal([2n, 20n]);
    });

    it("forgets a round at a time as a model stays away, and keeps the one that stays at twenty", async () => {
      const d = await networkHelpers.loadFixture(twentyRounds);
      await settleWith(d, [entry(OTHER)]);
      expect(await reputations(d)).to.deep.equal([1n, 20n]);
      await settleWith(d, [entry(OTHER)]);
      expect(await reputations(d)).to.deep.equal([0n, 20n]);
    });

    it("falls with a failed round", async () => {
      const d = await networkHelpers.loadFixture(twentyRounds);
      await settleWith(d, [entry(OTHER, { score: BAD })]);
      expect(await d.tournament.reputationOf(OTHER)).to.equal(19n);
    });
  });

  describe("given more resolved rounds than the history keeps", () => {
    it("forgets what is older than forty, settled in time or late", async () => {
      const d = await networkHelpers.loadFixture(twentyRounds);
      const [LATE, PUNCTUAL] = [3n, 4n];
      const unsettled = [await resolveWith(d, [entry(LATE)]), await resolveWith(d, [entry(LATE)])] as const; // 21, 22
      await settleWith(d, [entry(PUNCTUAL)]); // 23
      for (let ordinal = 24; ordinal <= 60; ++ordinal) await settleWith(d, [entry(OTHER)]);
      await settleWith(d, [entry(LATE)]); // 61: its bit 39 stands for 22
      await d.tournament.settle(unsettled[0], 0n, 1n);
      expect((await d.tournament.getModel(LATE)).history).to.equal(1n);
      await d.tournament.settle(unsettled[1], 0n, 1n);
      expect((await d.tournament.getModel(LATE)).history).to.equal(2n ** 39n + 1n);
      await settleWith(d, [entry(LATE)]); // 62: 22 falls out
      expect((await d.tournament.getModel(LATE)).history).to.equal(0b11n);

      expect((await d.tournament.getModel(PUNCTUAL)).history).to.equal(1n);
      await settleWith(d, [entry(PUNCTUAL)]); // 63: 40 after
      const { history, lastOrdinal } = await d.tournament.getModel(PUNCTUAL);
      expect([history, lastOrdinal]).to.deep.equal([1n, 63n]);
    });
  });
});
