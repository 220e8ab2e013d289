import { expect } from "chai";

import type { ScoreCost } from "../../scripts/bench/score-process.js";
import { type ScoreResult, brokenScorePromises } from "../../scripts/bench/score-promises.js";
import {
  referenceAccuracy,
  referenceConcordance,
  referenceOriginality,
  type ReferenceRows,
  type ReferenceScore,
} from "../../scripts/bench/score-reference.js";
import { seededRandom, tournamentRows } from "../fixtures/round-files.js";
import { expectNear } from "../fixtures/expect-near.js";
import { concordanceOf, consistencyOf, loglossOf, originalityOf } from "../fixtures/slow-scores.js";

const score: ReferenceScore = {
  logloss: 0.69,
  consistency: 58,
  concordanceValue: 0.03,
  originalityRule: "",
  originalityOther: -1,
  originalityValue: 0,
};

const cost = (changes: Partial<ScoreCost> = {}): ScoreCost => ({
  seconds: { accuracy: 5, concordance: 100, originality: 100 },
  processorSeconds: { accuracy: 10, concordance: 100, originality: 100 },
  peakMiB: { accuracy: 1_000, concordance: 1_000, originality: 2_048 },
  scores: [score],
  ...changes,
});

const result = (oracle: Partial<ScoreCost> = {}, reference: Partial<ScoreCost> = {}, models = 1): ScoreResult => ({
  size: { models, live: 40_000, validation: 10, test: 10, format: "parquet" },
  oracle: cost(oracle),
  reference: cost({ seconds: { accuracy: 900, concordance: 0, originality: 0 }, ...reference }),
});

describe("promises of the scoring benchmark", () => {
  it("hold at the very budget, whatever the reference takes, and to the ninth digit", () => {
    expect(brokenScorePromises(result({ scores: [{ ...score, logloss: 0.69 + 9e-10 }] }))).to.deep.equal([]);
  });

  const slow = { accuracy: 5.1, concordance: 1, originality: 1 };
  for (const [what, one, message] of [
    ["slow log-losses", result({ seconds: slow }), "log-loss and consistency took 5.1 s, expected at most 5"],
    [
      "much memory",
      result({ peakMiB: { accuracy: 1, concordance: 1, originality: 2_049 } }),
      "scoring took 2049 MiB, expected at most 2048",
    ],
    ["a model left out", result({ scores: [] }), "found 0 and 1 scores, expected 1"],
    ["a model too many", result({}, { scores: [score, score] }), "found 1 and 2 scores, expected 1"],
    [
      "another log-loss",
      result({ scores: [{ ...score, logloss: 0.690_000_002 }] }),
      "model 1: found logloss 0.690000002, the reference 0.69",
    ],
    [
      "a measurement that is no number",
      result({ scores: [{ ...score, concordanceValue: NaN }] }),
      "model 1: found concordanceValue NaN, the reference 0.03",
    ],
    [
      "another rule",
      result({ scores: [{ ...score, originalityRule: "KS <= 0.03" }] }),
      "model 1: found originalityRule KS <= 0.03, the reference ",
    ],
  ] as const) {
    it(`are broken by ${what}`, () => {
      expect(brokenScorePromises(one)).to.deep.equal([message]);
    });
  }

  it("have no limit of time for more predictions than the budget is for", () => {
    const scores = Array.from({ length: 501 }, () => score);
    expect(brokenScorePromises(result({ seconds: slow, scores }, { scores }, 501))).to.deep.equal([]);
  });
});

describe("the reference of the scoring benchmark", () => {
  it("is what the definitions give", () => {
    const random = seededRandom(41);
    const rows = tournamentRows(random, 400);
    const columns: ReferenceRows = {
      dataType: rows.map(({ dataType }) => dataType),
      era: rows.map(({ era }) => era),
      target: Float64Array.from(rows, ({ y }) => y ?? NaN),
      cluster: rows.map(({ cluster }) => cluster),
    };
    const base = rows.map(() => 0.2 + 0.6 * random());
    const models = [base, base.map((p) => 1 - p), base.toReversed(), rows.map(() => random()), rows.map(() => 0.5)];
    const found = referenceOriginality(models.map((p) => Float64Array.from(p)));
    for (const [index, p] of models.entries()) {
      const column = Float64Array.from(p);
      const { logloss, consistency } = referenceAccuracy(columns, column);
      expectNear(
        logloss,
        loglossOf(rows, p, ({ dataType }) => dataType === "live"),
        1e-12,
      );
      expect(consistency).to.equal(consistencyOf(rows, p));
      expectNear(referenceConcordance(columns, column), concordanceOf(rows, p), 1e-12);
      const expected = originalityOf(models, index);
      expect(found[index]?.originalityRule).to.equal(expected?.rule ?? "");
      expect(found[index]?.originalityOther).to.equal(expected?.other ?? -1);
      expectNear(found[index]?.originalityValue ?? NaN, expected?.value ?? 0, 1e-9);
    }
    expect(found.map(({ originalityRule }) => originalityRule)).to.deep.equal(["", "|r| > 0.95", "KS < 0.005", "", ""]);
  });
});
