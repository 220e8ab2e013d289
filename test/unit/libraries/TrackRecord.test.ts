import { expect } from "chai";
import fc from "fast-check";

import { NO_RECORD, record, reputationBefore } from "../../../sdk/track-record.js";
import { TrackRecordHarness__factory, type TrackRecordHarness } from "../../../typechain-types/index.js";
import { ethers, networkHelpers } from "../../fixtures/deployed.js";

const NEWEST = 2n ** 24n - 1n;
const ALL_KEPT = 2n ** 40n - 1n;

interface Settlement {
  ordinal: number;
  qualified: boolean;
}

async function harness(): Promise<TrackRecordHarness> {
  return new TrackRecordHarness__factory(await ethers.provider.getSigner()).deploy();
}

/** Rounds settled in any order, once each, close enough together for the order to matter. */
const settlements = fc
  .tuple(
    fc.integer({ min: 0, max: Number(NEWEST) - 120 }),
    fc.uniqueArray(fc.record({ offset: fc.integer({ min: 1, max: 120 }), qualified: fc.boolean() }), {
      selector: ({ offset }) => offset,
      maxLength: 50,
    }),
  )
  .map(([start, rounds]) =>
    rounds.map(({ offset, qualified }): Settlement => ({ ordinal: start + offset, qualified })),
  );

describe("TrackRecord", () => {
  it("records and counts as the sdk does, whatever the order of settling", async () => {
    const library = await networkHelpers.loadFixture(harness);
    await fc.assert(
      fc.asyncProperty(settlements, fc.integer({ min: -45, max: 65 }), async (rounds, later) => {
        const expected = rounds.reduce((sum, { ordinal, qualified }) => record(sum, ordinal, qualified), NO_RECORD);
        const { history, lastOrdinal } = await library.recordAll(rounds);
        expect({ history, lastOrdinal: Number(lastOrdinal) }).to.deep.equal(expected);

        const ordinal = Math.max(1, expected.lastOrdinal + later);
        expect(await library.reputation(history, lastOrdinal, ordinal)).to.equal(reputationBefore(expected, ordinal));
      }),
      { numRuns: 200 },
    );
  });

  describe("record", () => {
    it("puts the newest round that the model qualified in into bit 0", async () => {
      const library = await networkHelpers.loadFixture(harness);
      const { history, lastOrdinal } = await library.recordAll([
        { ordinal: 1, qualified: true },
        { ordinal: 2, qualified: false },
        { ordinal: 4, qualified: true },
        { ordinal: 5, qualified: false },
      ]);
      expect(history).to.equal(0b1001n);
      expect(lastOrdinal).to.equal(4n);
    });

    it("keeps a round for 39 more, and forgets it in the 40th", async () => {
      const library = await networkHelpers.loadFixture(harness);
      const after = async (ordinal: number) =>
        (
          await library.recordAll([
            { ordinal: 1, qualified: true },
            { ordinal, qualified: true },
          ])
        ).history;
      expect(await after(40)).to.equal(2n ** 39n + 1n);
      expect(await after(41)).to.equal(1n);
    });

    it("sets the bit of a round settled late, up to 39 rounds back", async () => {
      const library = await networkHelpers.loadFixture(harness);
      const settledLate = async (late: bigint) =>
        (
          await library.recordAll([
            { ordinal: 100, qualified: true },
            { ordinal: late, qualified: true },
          ])
        ).history;
      expect(await settledLate(99n)).to.equal(0b11n);
      expect(await settledLate(61n)).to.equal(2n ** 39n + 1n);
      expect(await settledLate(60n)).to.equal(1n);
    });

    it("survives the whole range of ordinals", async () => {
      const library = await networkHelpers.loadFixture(harness);
      const forth = await library.recordAll([
        { ordinal: 1, qualified: true },
        { ordinal: NEWEST, qualified: true },
      ]);
      expect([...forth]).to.deep.equal([1n, NEWEST]);
      const back = await library.recordAll([
        { ordinal: NEWEST, qualified: true },
        { ordinal: 1, qualified: true },
      ]);
      expect([...back]).to.deep.equal([1n, NEWEST]);
    });
  });

  describe("reputation", () => {
    const cases = [
      { when: "at most 20, of more than that", lastOrdinal: 40n, ordinal: 41n, reputation: 20n },
      {
        when: "of the 20 rounds before, for a round settled late",
        lastOrdinal: 40n,
        ordinal: 30n,
        reputation: 20n,
      },
      { when: "only what is kept of 20 rounds long ago", lastOrdinal: 40n, ordinal: 11n, reputation: 10n },
      { when: "nothing before the first round", lastOrdinal: 40n, ordinal: 1n, reputation: 0n },
      { when: "one less after a round away", lastOrdinal: 40n, ordinal: 42n, reputation: 19n },
      { when: "one after 19 rounds away", lastOrdinal: 40n, ordinal: 60n, reputation: 1n },
      { when: "nothing after 20 rounds away", lastOrdinal: 40n, ordinal: 61n, reputation: 0n },
      { when: "nothing after all the rounds there can be", lastOrdinal: 40n, ordinal: NEWEST + 1n, reputation: 0n },
    ];
    for (const { when, lastOrdinal, ordinal, reputation } of cases) {
      it(`is ${when}`, async () => {
        const library = await networkHelpers.loadFixture(harness);
        expect(await library.reputation(ALL_KEPT, lastOrdinal, ordinal)).to.equal(reputation);
      });
    }
  });
});
