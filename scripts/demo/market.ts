import { createHash } from "node:crypto";

import { readDailyBars, type DailyBar } from "./daily-bars.js";
import { FEATURE_NAMES, featuresOf } from "./features.js";

/** Sets of rows, in the order of time. Test targets are known to nobody but the operator; live ones lie ahead. */
export type DataType = "train" | "validation" | "test" | "live";

/** One day to be predicted. */
export interface MarketRow {
  /** Opaque name: says nothing of the day. */
  readonly id: string;
  /** Month of the day, numbered through from `era1`. */
  readonly era: string;
  readonly dataType: DataType;
  /** 1 when the index closes higher after `HORIZON_DAYS` trading days, else 0. */
  readonly target: 0 | 1;
  /** One number in (0, 1) a feature name. */
  readonly features: readonly number[];
  /** Market regime known on the day: 0 calm, 1 turbulent. */
  readonly cluster: 0 | 1;
  /** ISO date; never given to competitors. */
  readonly date: string;
}

export interface Market {
  /** Sorted by id, which is no order of time. */
  readonly rows: readonly MarketRow[];
  readonly featureNames: readonly string[];
}

/** Trading days between a row and the close its target compares with. */
const HORIZON_DAYS = 5;

/** First years of the four sets, and the first year that belongs to none. */
const FIRST_YEAR: Readonly<Record<DataType | "unused", number>> = {
  train: 0,
  validation: 2010,
  test: 2015,
  live: 2018,
  unused: 2019,
};

/**
 * The S&P 500 of 2000–2018 as a tournament: four sets of days, oldest first, with nothing of a later one in an
 * earlier one.
 *
 * @throws NumeraireError when the data file is not what was expected.
 */
export function loadMarket(): Market {
  return buildMarket(readDailyBars());
}

/**
 * Turns daily bars into rows with features, targets and sets.
 *
 * A row is kept when its features and its target exist and its target's day lies in the same set, so that no set's
 * targets are known from the prices of the next.
 *
 * @param bars Daily bars, oldest first.
 */
export function buildMarket(bars: readonly DailyBar[]): Market {
  const features = featuresOf(bars);
  const regime = FEATURE_NAMES.indexOf("volatility20");
  const months = [...new Set(bars.filter((_, day) => features[day] !== undefined).map(monthOf))];
  const rows = bars.flatMap((bar, day): MarketRow[] => {
    const later = bars[day + HORIZON_DAYS];
    const own = features[day];
    const set = setOf(bar);
    if (own === undefined || later === undefined || set === "unused" || setOf(later) !== set) return [];
    return [
      {
        id: idOf(bar.date),
        era: `era${months.indexOf(monthOf(bar)) + 1}`,
        dataType: set,
        target: later.close > bar.close ? 1 : 0,
        features: own,
        cluster: (own[regime] ?? 0) < 0.5 ? 0 : 1,
        date: bar.date,
      },
    ];
  });
  return { rows: rows.sort((a, b) => (a.id < b.id ? -1 : 1)), featureNames: FEATURE_NAMES };
}

function setOf(bar: DailyBar): DataType | "unused" {
  const year = Number(bar.date.slice(0, 4));
  if (year >= FIRST_YEAR.unused) return "unused";
  if (year >= FIRST_YEAR.live) return "live";
  if (year >= FIRST_YEAR.test) return "test";
  return year >= FIRST_YEAR.validation ? "validation" : "train";
}

function monthOf(bar: DailyBar): string {
  return bar.date.slice(0, 7);
}

/** 64 bits of a hash: the same on every machine, and sorting by it shuffles the days. */
function idOf(date: string): string {
  return `n${createHash("sha256").update(`numeraire demo ${date}`).digest("hex").slice(0, 16)}`;
}
