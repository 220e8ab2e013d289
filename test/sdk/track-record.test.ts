import { expect } from "chai";
import fc from "fast-check";

import { NO_RECORD, record, reputationBefore } from "../../sdk/track-record.js";

describe("track record", () => {
  it("counts the rounds a model qualified in", () => {
    const after = record(record(record(NO_RECORD, 1, true), 2, false), 3, true);
    expect(after).to.deep.equal({ history: 0b101n, lastOrdinal: 3 });
    expect(reputationBefore(after, 4)).to.equal(2);
    expect(reputationBefore(after, 3)).to.equal(1);
    expect(reputationBefore(after, 1)).to.equal(0);
  });

  it("forgets rounds that fell out of the window", () => {
    const once = record(NO_RECORD, 5, true);
    expect(reputationBefore(once, 25)).to.equal(1);
    expect(reputationBefore(once, 26)).to.equal(0);
    expect(record(once, 44, true).history).to.equal((1n << 39n) + 1n);
    expect(record(once, 45, true).history).to.equal(1n);
  });

  it("leaves the record alone where the model did not qualify", () => {
    const once = record(NO_RECORD, 5, true);
    expect(record(once, 9, false)).to.deep.equal(once);
    expect(record(once, 2, false)).to.deep.equal(once);
  });

  it("does not depend on the order of settling", () => {
    const rounds = fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { maxLength: 25 });
    fc.assert(
      fc.property(rounds, fc.integer(), fc.integer({ min: 1, max: 60 }), (ordinals, seed, asOf) => {
        const qualified = (ordinal: number) => ((seed >> (ordinal % 31)) & 1) === 1;
        const settle = (order: number[]) => order.reduce((sum, o) => record(sum, o, qualified(o)), NO_RECORD);
        const sorted = [...ordinals].sort((a, b) => a - b);
        const final = settle(sorted);
        expect(settle(ordinals)).to.deep.equal(final);
        expect(settle([...sorted].reverse())).to.deep.equal(final);
        // Bits older than the 40 kept count as zero.
        const counted = ordinals.filter(
          (o) => qualified(o) && o < asOf && o >= asOf - 20 && o > final.lastOrdinal - 40,
        );
        expect(reputationBefore(final, asOf)).to.equal(counted.length);
      }),
    );
  });
});
