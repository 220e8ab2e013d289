import { expect } from "chai";
import { parseEther } from "ethers";
import fc from "fast-check";

import { payOut, type Competitor } from "../../scripts/rewards/pay-out.js";
import { DEFAULT_RULE, type PayoutRule } from "../../scripts/rewards/payout-rule.js";

const logloss = (micro: number): bigint => BigInt(micro) * 10n ** 12n;
const SCHEDULE: PayoutRule = {
  schedule: [
    { from: 1, to: 1, amount: 100n },
    { from: 2, to: 3, amount: 31n },
  ],
};

function amounts(rule: PayoutRule, leaderboard: Competitor[], ...rest: Parameters<typeof payOut>[2][]): object {
  return Object.fromEntries(payOut(rule, leaderboard, ...rest));
}

describe("payOut", () => {
  describe("by a schedule", () => {
    it("pays by rank, and nothing beyond the last place", () => {
      const ranks = [3, 1, 4, 2].map((rank) => ({ account: `a${rank}`, rank }));
      expect(amounts(SCHEDULE, ranks)).to.deep.equal({ a1: 100n, a2: 31n, a3: 31n });
    });

    it("ranks by log-loss where there are no ranks", () => {
      const leaderboard = [692_000, 690_000, 691_000, 700_000].map((micro, i) => ({
        account: `a${i}`,
        logloss: logloss(micro),
      }));
      expect(amounts(SCHEDULE, leaderboard)).to.deep.equal({ a1: 100n, a2: 31n, a0: 31n });
    });

    it("shares places among those that tie, rounded down, the last place included", () => {
      const tied = [1, 1, 3, 3].map((rank, i) => ({ account: `a${i}`, rank }));
      // 100 and 31 for the first two; 31 and nothing for the others.
      expect(amounts(SCHEDULE, tied)).to.deep.equal({ a0: 65n, a1: 65n, a2: 15n, a3: 15n });
      const same = [1, 1, 1, 1].map((_, i) => ({ account: `a${i}`, logloss: logloss(690_000) }));
      expect(amounts(SCHEDULE, same)).to.deep.equal({ a0: 40n, a1: 40n, a2: 40n, a3: 40n });
    });

    it("gives no place twice where ranks count those that tie as one", () => {
      // 1, 1, 2 is 1, 1, 3: the second place is shared already.
      const dense = [1, 1, 2, 3].map((rank, i) => ({ account: `a${i}`, rank }));
      expect(amounts(SCHEDULE, dense)).to.deep.equal({ a0: 65n, a1: 65n, a2: 31n });
      const gap = [1, 1, 5, 5, 6].map((rank, i) => ({ account: `a${i}`, rank }));
      const rule = { schedule: [{ from: 1, to: 7, amount: 10n }] };
      expect(amounts(rule, gap)).to.deep.equal({ a0: 10n, a1: 10n, a2: 10n, a3: 10n, a4: 10n });
    });

    it("leaves the places of those out who are not below a benchmark", () => {
      const rule = { ...SCHEDULE, benchmark: logloss(693_147) };
      const leaderboard = [693_147, 693_146, 600_000].map((micro, i) => ({
        account: `a${i}`,
        logloss: logloss(micro),
      }));
      expect(amounts(rule, leaderboard)).to.deep.equal({ a2: 100n, a1: 31n });
    });
  });

  describe("equally", () => {
    it("pays everybody strictly below the benchmark the same, rounded down", () => {
      const rule = { equal: 100n, benchmark: logloss(693_147) };
      const leaderboard = [690_000, 693_146, 693_147, 600_000].map((micro, i) => ({
        account: `a${i}`,
        logloss: logloss(micro),
      }));
      expect(amounts(rule, leaderboard)).to.deep.equal({ a0: 33n, a1: 33n, a3: 33n });
    });

    it("pays nobody when nobody is below it", () => {
      expect(amounts({ equal: 100n, benchmark: 0n }, [{ account: "a", logloss: 0n }])).to.deep.equal({});
    });
  });

  it("shares NMR by reputation, on top of what an account earned otherwise", () => {
    const models = [
      { modelId: 1n, account: "a1", reputation: 20n },
      { modelId: 2n, account: "b", reputation: 1n },
      { modelId: 3n, account: "b", reputation: 2n },
    ];
    const rule = { ...SCHEDULE, reputation: 100n };
    // 86 for 20 of 23, 4 for 1 and 8 for 2, each rounded down.
    expect(amounts(rule, [{ account: "a1", rank: 1 }], models)).to.deep.equal({ a1: 186n, b: 12n });
    expect(amounts(rule, [{ account: "a1", rank: 1 }], [])).to.deep.equal({ a1: 100n });
  });

  it("never pays more than the rule, whatever the ranks", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 160 }), (ranks) => {
        const leaderboard = ranks.map((rank, i) => ({ account: `a${i}`, rank }));
        const paid = [...payOut(DEFAULT_RULE, leaderboard).values()].reduce((sum, amount) => sum + amount, 0n);
        expect(paid <= parseEther("2000")).to.equal(true);
      }),
    );
  });

  it("never pays more than the rule, whatever ties", () => {
    const places = fc.array(fc.integer({ min: 600_000, max: 600_020 }), { maxLength: 120 });
    fc.assert(
      fc.property(places, (logLosses) => {
        const leaderboard = logLosses.map((micro, i) => ({ account: `a${i}`, logloss: logloss(micro) }));
        const paid = [...payOut(DEFAULT_RULE, leaderboard).values()].reduce((sum, amount) => sum + amount, 0n);
        expect(paid <= parseEther("2000")).to.equal(true);
        if (leaderboard.length >= 100) expect(parseEther("2000") - paid < 200n).to.equal(true);
      }),
    );
  });
});
