import { expect } from "chai";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

import { readDailyBars, type DailyBar } from "../../scripts/demo/daily-bars.js";
import { FEATURE_NAMES, featuresOf, WARM_UP_DAYS } from "../../scripts/demo/features.js";
import { buildMarket, type MarketRow } from "../../scripts/demo/market.js";

const HORIZON = 5;
const bars = readDailyBars();
const market = buildMarket(bars);
const dayOf = new Map(bars.map((bar, day) => [bar.date, day]));

function day(row: MarketRow): number {
  return dayOf.get(row.date) ?? Number.NaN;
}

function close(at: number): number {
  return bars[at]?.close ?? Number.NaN;
}

/** The series with every price and volume of the given days replaced by something else that is a possible bar. */
function altered(isAltered: (day: number) => boolean, seed: number): DailyBar[] {
  const random = xoroshiro128plus(seed);
  const factor = (): number => 0.5 + uniformFloat64(random);
  return bars.map((bar, at) => {
    if (!isAltered(at)) return bar;
    const low = bar.low * factor();
    const high = low * (1 + uniformFloat64(random));
    const between = (): number => low + (high - low) * uniformFloat64(random);
    return { date: bar.date, open: between(), high, low, close: between(), volume: bar.volume * factor() };
  });
}

describe("market", () => {
  describe("look-ahead", () => {
    const random = xoroshiro128plus(42);
    const days = Array.from({ length: 10 }, () => uniformInt(random, WARM_UP_DAYS, bars.length - HORIZON - 2));

    for (const last of days) {
      it(`knows on day ${last} nothing of the days after it`, () => {
        const changed = buildMarket(altered((at) => at > last, last));
        const known = (rows: readonly MarketRow[]): object[] =>
          rows
            .filter((row) => day(row) <= last)
            .map(({ id, era, features, cluster }) => ({ id, era, features, cluster }));
        expect(known(changed.rows)).to.deep.equal(known(market.rows)).and.not.be.empty;
      });

      it(`depends on day ${last} itself in most features, and in none on a day long past`, () => {
        const before = featuresOf(bars)[last] ?? [];
        const moved = (after: readonly number[]): number => after.filter((value, i) => value !== before[i]).length;
        expect(moved(featuresOf(altered((at) => at === last, last))[last] ?? [])).to.be.greaterThan(6);
        expect(moved(featuresOf(altered((at) => at < last - WARM_UP_DAYS, last))[last] ?? [])).to.equal(0);
      });
    }

    it("takes a target from the closes of its own day and of the fifth day after, and from nothing else", () => {
      const random = xoroshiro128plus(7);
      for (let round = 0; round < 10; round++) {
        const row = market.rows[uniformInt(random, 0, market.rows.length - 1)];
        if (row === undefined) throw new Error("no row");
        const t = day(row);
        const other = buildMarket(altered((at) => at !== t && at !== t + HORIZON, round));
        expect(other.rows.find(({ id }) => id === row.id)?.target).to.equal(row.target);
      }
    });
  });

  it("has a target of 1 exactly where the index closes higher five trading days later", () => {
    for (const row of market.rows)
      expect(row.target, row.date).to.equal(close(day(row) + HORIZON) > close(day(row)) ? 1 : 0);
    expect(new Set(market.rows.map((row) => row.target))).to.have.lengthOf(2);
  });

  const sets = [
    { dataType: "train", from: "2000-05-26", before: "2010-01-01", eras: 116 },
    { dataType: "validation", from: "2010-01-01", before: "2015-01-01", eras: 60 },
    { dataType: "test", from: "2015-01-01", before: "2018-01-01", eras: 36 },
    { dataType: "live", from: "2018-01-01", before: "2019-01-01", eras: 12 },
  ];
  for (const { dataType, from, before, eras } of sets) {
    it(`has in ${dataType} every day whose target's day lies in the set too, and no other`, () => {
      const rows = market.rows.filter((row) => row.dataType === dataType);
      const expected = bars
        .filter(({ date }, at) => date >= from && (bars[at + HORIZON]?.date ?? "9999") < before)
        .map(({ date }) => date);
      expect(rows.map((row) => row.date).sort()).to.deep.equal(expected);
      expect(new Set(rows.map((row) => row.era))).to.have.lengthOf(eras);
    });
  }

  it("gives each month its own era", () => {
    const months = new Set(market.rows.map((row) => `${row.date.slice(0, 7)} ${row.era}`));
    expect(months.size).to.equal(new Set(market.rows.map((row) => row.era)).size);
    expect(months.size).to.equal(new Set(market.rows.map((row) => row.date.slice(0, 7))).size);
  });

  it("has features in (0, 1), one for each name", () => {
    expect(market.featureNames).to.deep.equal(FEATURE_NAMES).and.have.lengthOf(12);
    for (const row of market.rows) {
      expect(row.features).to.have.lengthOf(FEATURE_NAMES.length);
      expect(row.features.every((value) => value > 0 && value < 1)).to.equal(true, row.date);
    }
  });

  it("ranks the day's return among the last 42", () => {
    const at = 1234;
    const returns = Array.from({ length: 42 }, (_, back) => Math.log(close(at - back) / close(at - back - 1)));
    const today = returns[0] ?? Number.NaN;
    const below = returns.filter((value) => value < today).length;
    const equal = returns.filter((value) => value === today).length;
    expect(featuresOf(bars)[at]?.[FEATURE_NAMES.indexOf("return1")]).to.equal((below + equal / 2) / 42);
  });

  it("has both clusters in every set, neither a small minority", () => {
    for (const { dataType } of sets) {
      const rows = market.rows.filter((row) => row.dataType === dataType);
      const turbulent = rows.filter((row) => row.cluster === 1).length / rows.length;
      expect(turbulent, dataType).to.be.within(0.3, 0.7);
    }
  });

  it("has unique ids that sort into another order than time", () => {
    const ids = market.rows.map((row) => row.id);
    expect(new Set(ids).size).to.equal(ids.length);
    expect([...ids].sort()).to.deep.equal(ids);
    const rises = market.rows.filter((row, i) => row.date > (market.rows[i - 1]?.date ?? "9999")).length;
    expect(rises / ids.length).to.be.within(0.45, 0.55);
  });
});
