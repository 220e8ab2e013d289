import { expect } from "chai";
import fc from "fast-check";

import { bonus, payout, resolveAuction, type AuctionStake, type AuctionTerms } from "../../sdk/auction.js";
import { NO_CUT, UNSCORED, type Score } from "../../sdk/score-sheet.js";

const ETHER = 10n ** 18n;
const terms: AuctionTerms = { benchmark: 693147, minConsistency: 50, minConfidence: 1n };
const good: Score = { scored: true, concordant: true, original: true, consistency: 60, logloss: 690000 };
const bad: Score = { ...good, logloss: 700000 };

/** The rule restated from the contract's side: no order, no running pool, one cut tried after the other. */
function bruteForce(stakes: AuctionStake[], scores: Score[], rules: AuctionTerms, pool: bigint) {
  const at = (index: number) => {
    const [stake, score] = [stakes[index], scores[index]];
    if (stake === undefined || score === undefined) throw new Error("index");
    return { stake, score };
  };
  const eligible = (index: number) => {
    const { stake, score } = at(index);
    return (
      score.scored &&
      score.concordant &&
      score.original &&
      score.consistency >= rules.minConsistency &&
      stake.confidence >= rules.minConfidence
    );
  };
  const performed = (index: number) => at(index).score.logloss < rules.benchmark;
  const precedes = (a: number, b: number) => {
    const [x, y] = [at(a).stake.confidence, at(b).stake.confidence];
    return x > y || (x === y && a < b);
  };
  const all = stakes.map((_, index) => index);
  const sums = (cut: number) => {
    const before = all.filter((i) => eligible(i) && (cut === NO_CUT || precedes(i, cut)) && pool > 0n);
    const capped = (i: number) => (payout(at(i).stake) < pool ? payout(at(i).stake) : pool);
    return {
      above: before.filter(performed).reduce((sum, i) => sum + capped(i), 0n),
      burned: before.filter((i) => !performed(i)).reduce((sum, i) => sum + at(i).stake.amount, 0n),
    };
  };
  const valid = [...all, NO_CUT].filter((cut) => {
    if (pool === 0n) return cut === NO_CUT;
    const { above } = sums(cut);
    if (cut === NO_CUT) return above < pool;
    return eligible(cut) && performed(cut) && above < pool && above + payout(at(cut).stake) >= pool;
  });
  return valid.map((cut) => ({ cut, ...sums(cut), cutPayout: cut === NO_CUT ? 0n : pool - sums(cut).above }));
}

describe("auction", () => {
  it("resolves the worked example of the specification", () => {
    const stakes = [
      { amount: 10000n * ETHER, confidence: 5n * ETHER },
      { amount: 2000n * ETHER, confidence: 4n * ETHER },
      { amount: 3000n * ETHER, confidence: (3n * ETHER) / 2n },
      { amount: 5000n * ETHER, confidence: 1n * ETHER },
      { amount: 300n * ETHER, confidence: ETHER / 2n },
      { amount: 400n * ETHER, confidence: ETHER / 4n },
      { amount: 400n * ETHER, confidence: ETHER / 5n },
    ];
    const result = resolveAuction({
      stakes,
      scores: [bad, good, good, bad, good, bad, good],
      terms,
      prizePool: 3000n * ETHER,
    });
    expect(result.cut).to.equal(4);
    expect(result.above).to.equal(2500n * ETHER);
    expect(result.cutPayout).to.equal(500n * ETHER);
    expect(result.burned).to.equal(15000n * ETHER);
    expect(result.outcomes.map(({ verdict }) => verdict)).to.deep.equal([
      "destroyed",
      "paid",
      "paid",
      "destroyed",
      "paid",
      "returned",
      "returned",
    ]);
    expect(result.outcomes.map(({ etherPaid }) => etherPaid / ETHER)).to.deep.equal([
      0n,
      500n,
      2000n,
      0n,
      500n,
      0n,
      0n,
    ]);
    expect(result.outcomes[5]?.reason).to.equal("below the cut (stake 4)");
  });

  it("serves the older of equal confidences first", () => {
    const stakes = [1, 2].map(() => ({ amount: 10n, confidence: ETHER }));
    const result = resolveAuction({ stakes, scores: [good, good], terms, prizePool: 10n });
    expect(result.cut).to.equal(0);
    expect(result.outcomes.map(({ etherPaid }) => etherPaid)).to.deep.equal([10n, 0n]);
    expect(result.outcomes.map(({ qualified }) => qualified)).to.deep.equal([true, false]);
  });

  it("returns everything when the prize pool is empty", () => {
    const stakes = [1, 2].map(() => ({ amount: 10n, confidence: ETHER }));
    const result = resolveAuction({ stakes, scores: [good, bad], terms, prizePool: 0n });
    expect(result).to.deep.include({ cut: NO_CUT, above: 0n, burned: 0n, cutPayout: 0n });
    expect(result.outcomes.map(({ reason, qualified }) => [reason, qualified])).to.deep.equal([
      ["no prize pool", false],
      ["no prize pool", false],
    ]);
  });

  it("destroys a log-loss equal to the benchmark", () => {
    const stakes = [{ amount: 10n, confidence: ETHER }];
    const result = resolveAuction({ stakes, scores: [{ ...good, logloss: 693147 }], terms, prizePool: 10n });
    expect(result.outcomes[0]?.verdict).to.equal("destroyed");
  });

  for (const [what, score, reason] of [
    ["is unscored", UNSCORED, "unscored"],
    ["is not concordant", { ...bad, concordant: false }, "ineligible: not concordant"],
    ["is not original", { ...bad, original: false }, "ineligible: not original"],
    ["is too inconsistent", { ...bad, consistency: 49 }, "ineligible: consistency 49 % below 50 %"],
  ] as const) {
    it(`returns a stake that ${what}, and says so`, () => {
      const { outcomes, burned } = resolveAuction({
        stakes: [{ amount: 10n, confidence: ETHER }],
        scores: [score],
        terms,
        prizePool: 10n,
      });
      expect(burned).to.equal(0n);
      expect(outcomes[0]).to.deep.include({ returned: 10n, verdict: "returned", reason });
    });
  }

  it("returns a stake below the least confidence", () => {
    const { outcomes } = resolveAuction({
      stakes: [{ amount: 10n, confidence: 1n }],
      scores: [bad],
      terms: { ...terms, minConfidence: 2n },
      prizePool: 10n,
    });
    expect(outcomes[0]?.reason).to.equal("ineligible: confidence below the round's minimum");
  });

  it("agrees with a restatement without order or running pool, which finds no other cut", () => {
    const stake = fc.record({ amount: fc.bigInt(0n, 40n), confidence: fc.bigInt(1n, 8n).map((c) => (c * ETHER) / 4n) });
    const score = fc.oneof(
      { weight: 5, arbitrary: fc.constantFrom(good, bad) },
      {
        weight: 1,
        arbitrary: fc.constantFrom(UNSCORED, { ...good, original: false }, { ...bad, consistency: 49 }),
      },
    );
    const minConfidence = fc.constantFrom(1n, ETHER / 2n);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(stake, score), { maxLength: 9 }),
        fc.bigInt(0n, 120n),
        minConfidence,
        (round, prizePool, minimum) => {
          const stakes = round.map(([one]) => one);
          const scores = round.map(([, one]) => one);
          const rules = { ...terms, minConfidence: minimum };
          const { outcomes, ...sums } = resolveAuction({ stakes, scores, terms: rules, prizePool });
          expect(bruteForce(stakes, scores, rules, prizePool)).to.deep.equal([sums]);
          const paid = outcomes.reduce((sum, one) => sum + one.etherPaid, 0n);
          expect(paid).to.equal(sums.above + sums.cutPayout);
          expect(outcomes.reduce((sum, one) => sum + one.burned, 0n)).to.equal(sums.burned);
          outcomes.forEach((outcome, index) => {
            expect(outcome.returned + outcome.burned).to.equal(stakes[index]?.amount);
            if (outcome.etherPaid > 0n) expect(outcome.qualified).to.equal(true);
          });
        },
      ),
      { numRuns: 500 },
    );
  });

  it("refuses scores that do not match the stakes", () => {
    expect(() => resolveAuction({ stakes: [], scores: [good], terms, prizePool: 1n })).to.throw(RangeError);
    expect(() =>
      resolveAuction({ stakes: [{ amount: 1n, confidence: 0n }], scores: [good], terms, prizePool: 1n }),
    ).to.throw(RangeError);
  });
});

describe("bonus", () => {
  it("is the share of the pool by payment and reputation, rounded down", () => {
    expect(bonus(1000n, 1n, 20, 3n)).to.equal(333n);
    expect(bonus(1000n, 3n, 1, 3n)).to.equal(50n);
    expect(bonus(1000n, 3n, 0, 3n)).to.equal(0n);
  });

  it("is nothing where nothing is paid", () => {
    expect(bonus(1000n, 0n, 20, 3n)).to.equal(0n);
    expect(bonus(1000n, 0n, 20, 0n)).to.equal(0n);
  });
});
