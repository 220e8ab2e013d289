import { expect } from "chai";

import { FEATURE_NAMES } from "../../scripts/demo/features.js";
import { baseRate } from "../../scripts/demo/models/base-rate.js";
import { coinFlip } from "../../scripts/demo/models/coin-flip.js";
import { decisionTree } from "../../scripts/demo/models/decision-tree.js";
import { featureColumns } from "../../scripts/demo/models/feature-columns.js";
import { logistic } from "../../scripts/demo/models/logistic.js";
import type { TrainingRow } from "../../scripts/demo/models/model.js";
import { nearCopy } from "../../scripts/demo/models/near-copy.js";
import { nearestNeighbours } from "../../scripts/demo/models/nearest-neighbours.js";
import { noise } from "../../scripts/demo/models/noise.js";
import { rule } from "../../scripts/demo/models/rule.js";
import { NumeraireError } from "../../sdk/numeraire-error.js";
import { expectNear } from "../fixtures/expect-near.js";

/** A row whose features are all one half but for some given by name. */
function features(given: Readonly<Record<string, number>>): number[] {
  return FEATURE_NAMES.map((name) => given[name] ?? 0.5);
}

/** 400 rows on a grid: the target is 1 where return5 is above one half, whatever return20 is. */
const rows: TrainingRow[] = Array.from({ length: 400 }, (_, i) => {
  const return5 = ((i % 20) + 0.5) / 20;
  return { features: features({ return5, return20: (Math.floor(i / 20) + 0.5) / 20 }), target: return5 > 0.5 ? 1 : 0 };
});

describe("models", () => {
  describe("noise", () => {
    const samples = Array.from({ length: 4000 }, (_, i) => noise(1, [i / 4000, 0.5]));

    it("is uniform in [-1, 1)", () => {
      expect(samples.every((value) => value >= -1 && value < 1)).to.equal(true);
      const bins = Array.from({ length: 8 }, (_, bin) => samples.filter((v) => Math.floor((v + 1) * 4) === bin).length);
      // 500 expected a bin; five standard deviations
      for (const count of bins) expect(count).to.be.within(395, 605);
    });

    it("does not carry over from one row to the next", () => {
      const lagged = samples.slice(1).reduce((sum, value, i) => sum + value * (samples[i] ?? 0), 0) / samples.length;
      expect(Math.abs(lagged)).to.be.lessThan(0.03);
    });

    it("depends on the seed and on every feature", () => {
      expect(noise(1, [0.25, 0.5])).to.equal(noise(1, [0.25, 0.5]));
      const others = [noise(2, [0.25, 0.5]), noise(1, [0.5, 0.25]), noise(1, [0.25, 0.75])];
      for (const other of others) expect(other).not.to.equal(noise(1, [0.25, 0.5]));
    });
  });

  it("base rate stays within its spread of the training share", () => {
    const predict = baseRate("m", { spread: 0.01, seed: 1 }).fit(rows.slice(0, 15));
    const predictions = rows.map((row) => predict(row.features));
    // 5 rises among 15, and one rise and one fall added
    const share = 6 / 17;
    expect(Math.min(...predictions)).to.be.within(share - 0.01, share - 0.009);
    expect(Math.max(...predictions)).to.be.within(share + 0.009, share + 0.01);
  });

  it("coin flip says everything up to its conviction, whatever it was shown", () => {
    const predict = coinFlip("m", { conviction: 0.4, seed: 1 }).fit(rows);
    const predictions = rows.map((row) => predict(row.features));
    expect(Math.min(...predictions)).to.be.within(0.1, 0.12);
    expect(Math.max(...predictions)).to.be.within(0.88, 0.9);
  });

  it("logistic regression finds the feature that matters and its sign", () => {
    const predict = logistic("m", ["return5", "return20"]).fit(rows);
    expect(predict(features({ return5: 0.9 }))).to.be.greaterThan(0.9);
    expect(predict(features({ return5: 0.1 }))).to.be.lessThan(0.1);
    const change = predict(features({ return20: 0.9 })) - predict(features({ return20: 0.1 }));
    expect(Math.abs(change)).to.be.lessThan(0.01);
  });

  it("logistic regression learns the intercept: with no signal it says the share of rises", () => {
    const predict = logistic("m", ["volatility20"]).fit(
      rows.map((row, i) => ({ ...row, target: i % 4 === 0 ? 1 : 0 })),
    );
    expectNear(predict(features({})), 0.25, 1e-6);
  });

  it("a decision tree splits where the target changes, and trust keeps it from being certain", () => {
    const settings = { features: ["return20", "return5"], depth: 1, minSplit: 10, trust: 0.9 };
    // one rise among the 200 falls
    const predict = decisionTree("m", settings).fit(rows.map((row, i) => (i === 0 ? { ...row, target: 1 } : row)));
    expectNear(predict(features({ return5: 0.51 })), 0.95, 1e-12);
    expectNear(predict(features({ return5: 0.49 })), 0.5 + 0.9 * (1 / 200 - 0.5), 1e-12);
  });

  it("nearest neighbours counts the rises among exactly the nearest days", () => {
    const names = ["return5", "return20"];
    const noisy = rows.map((row, i): TrainingRow => ({ ...row, target: noise(3, [i]) > 0 ? 1 : 0 }));
    const choose = featureColumns(names);
    for (const k of [1, 7, 60]) {
      const predict = nearestNeighbours("m", names, k).fit(noisy);
      for (let query = 0; query < 40; query++) {
        const point = features({ return5: (noise(4, [query]) + 1) / 2, return20: (noise(5, [query]) + 1) / 2 });
        const [x = 0, y = 0] = choose(point);
        const rises = noisy
          .map((row) => {
            const [a = 0, b = 0] = choose(row.features);
            return { distance: Math.hypot(a - x, b - y), target: row.target };
          })
          .sort((a, b) => a.distance - b.distance)
          .slice(0, k)
          .filter((row) => row.target === 1).length;
        expect(predict(point)).to.equal((rises + 1) / (k + 2));
      }
    }
  });

  it("a rule moves with its one feature by its slope", () => {
    const predict = rule("m", "return20", -0.2).fit([]);
    expectNear(predict(features({ return20: 0 })), 0.6, 1e-12);
    expectNear(predict(features({ return20: 1 })), 0.4, 1e-12);
    expect(predict(features({ return5: 1 }))).to.equal(0.5);
  });

  it("a near-copy is never the original and never further away than its blur", () => {
    const source = rule("m", "return20", 0.999);
    const [original, copy] = [source.fit(rows), nearCopy("n", source, { blur: 0.01, seed: 1 }).fit(rows)];
    for (const row of rows) {
      const distance = Math.abs(copy(row.features) - original(row.features));
      expect(distance).to.be.within(Number.MIN_VALUE, 0.01);
      expect(copy(row.features)).to.be.within(0.0001, 0.9999);
    }
  });

  it("refuses a feature that the market does not have", () => {
    expect(() => logistic("m", ["return7"])).to.throw(NumeraireError, 'feature "return7" is unknown');
  });
});
