import type { DailyBar } from "./daily-bars.js";

/** Days whose ranks a feature is expressed in: two months of trading. */
const RANK_WINDOW = 42;

/** Longest stretch of days a single raw signal looks back over. */
const LONGEST_SIGNAL = 60;

/** Days before the first one that has features. */
export const WARM_UP_DAYS = RANK_WINDOW - 1 + LONGEST_SIGNAL;

/** A raw signal of day `day`, from bars `day - LONGEST_SIGNAL … day` and never a later one. */
type Signal = (bars: readonly DailyBar[], day: number) => number;

const SIGNALS: Readonly<Record<string, Signal>> = {
  return1: (bars, day) => logReturn(bars, day, 1),
  return5: (bars, day) => logReturn(bars, day, 5),
  return20: (bars, day) => logReturn(bars, day, 20),
  return60: (bars, day) => logReturn(bars, day, 60),
  range1: (bars, day) => {
    const bar = at(bars, day);
    return (bar.high - bar.low) / bar.close;
  },
  closeInRange1: (bars, day) => placeInRange(bars, day, 1),
  closeInRange20: (bars, day) => placeInRange(bars, day, 20),
  volatility20: (bars, day) => volatility(bars, day, 20),
  volatilityTrend: (bars, day) => volatility(bars, day, 5) / volatility(bars, day, 60),
  volumeTrend: (bars, day) => at(bars, day).volume / mean(last(bars, day, 20).map((bar) => bar.volume)),
  drawdown60: (bars, day) => at(bars, day).close / Math.max(...last(bars, day, 60).map((bar) => bar.close)),
  upDays10: (bars, day) => last(bars, day, 10).filter((_, back) => logReturn(bars, day - 9 + back, 1) > 0).length,
};

/** Names of the features, in the order in which {@link featuresOf} gives them. */
export const FEATURE_NAMES: readonly string[] = Object.keys(SIGNALS);

/**
 * Features of every day: each signal's rank among its own last 42 days, today included.
 *
 * Ranks keep features in (0, 1) and alike from year to year without a statistic of any other set of days, so
 * nothing has to be fitted and nothing later than the day itself is looked at.
 *
 * @param bars Daily bars, oldest first.
 * @returns One entry a bar, each `FEATURE_NAMES.length` numbers in (0, 1); undefined for the first `WARM_UP_DAYS`.
 */
export function featuresOf(bars: readonly DailyBar[]): (number[] | undefined)[] {
  const columns = Object.values(SIGNALS).map((signal) =>
    trailingRanks(bars.map((_, day) => (day < LONGEST_SIGNAL ? Number.NaN : signal(bars, day)))),
  );
  return bars.map((_, day) => (day < WARM_UP_DAYS ? undefined : columns.map((column) => numberAt(column, day))));
}

/** Share of the last `RANK_WINDOW` values below each value, ties counting half: in (0, 1). */
function trailingRanks(values: readonly number[]): number[] {
  return values.map((value, day) => {
    let below = 0;
    let equal = 0;
    for (let past = Math.max(0, day - RANK_WINDOW + 1); past <= day; past++) {
      const other = numberAt(values, past);
      if (other < value) below++;
      else if (other === value) equal++;
    }
    return (below + equal / 2) / RANK_WINDOW;
  });
}

function logReturn(bars: readonly DailyBar[], day: number, days: number): number {
  return Math.log(at(bars, day).close / at(bars, day - days).close);
}

/** Where the close lies between the lowest low (0) and the highest high (1) of the last `days` days. */
function placeInRange(bars: readonly DailyBar[], day: number, days: number): number {
  const window = last(bars, day, days);
  const low = Math.min(...window.map((bar) => bar.low));
  const high = Math.max(...window.map((bar) => bar.high));
  return high === low ? 0.5 : (at(bars, day).close - low) / (high - low);
}

/** Root mean square of the last `days` daily log returns. */
function volatility(bars: readonly DailyBar[], day: number, days: number): number {
  return Math.sqrt(mean(last(bars, day, days).map((_, back) => logReturn(bars, day - days + 1 + back, 1) ** 2)));
}

function last(bars: readonly DailyBar[], day: number, days: number): readonly DailyBar[] {
  return bars.slice(day - days + 1, day + 1);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function at(bars: readonly DailyBar[], day: number): DailyBar {
  const bar = bars[day];
  if (bar === undefined) throw new RangeError(`no bar ${day} among ${bars.length}`);
  return bar;
}

function numberAt(values: readonly number[], index: number): number {
  const value = values[index];
  if (value === undefined) throw new RangeError(`no value ${index} among ${values.length}`);
  return value;
}
