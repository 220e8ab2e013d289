import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

import { parse } from "csv-parse/sync";

import { NumeraireError } from "../../sdk/numeraire-error.js";

/** One trading day of the index: prices in points, volume in shares. */
export interface DailyBar {
  /** ISO date, `YYYY-MM-DD`. */
  readonly date: string;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

/**
 * Daily bars of the S&P 500, 2000-01-03 to 2020-04-17, oldest first.
 *
 * @throws NumeraireError when the data file is not what was expected.
 */
export function readDailyBars(): DailyBar[] {
  // the package exports its entry alone, so the data file is found beside it
  const entry = createRequire(import.meta.url).resolve("vega-datasets");
  const path = join(dirname(dirname(entry)), "data", "sp500-2000.csv");
  return parseDailyBars(readFileSync(path, "utf8"), path);
}

/**
 * Reads daily bars from CSV with a header `date,open,high,low,close,volume`; other columns are ignored.
 *
 * @param csv Contents of the file.
 * @param source Name of the file, for messages.
 * @returns Bars, oldest first.
 * @throws NumeraireError when a price or a volume is no positive number, or the days are not in order.
 */
export function parseDailyBars(csv: string, source: string): DailyBar[] {
  let previous = "";
  return parse<Record<string, string>>(csv, { columns: true }).map((record, index) => {
    const where = `${source}:${index + 2}`;
    const positive = (column: string): number => {
      const text = record[column] ?? "";
      const value = Number(text);
      if (!(value > 0 && value < Infinity)) throw badData(where, column, text, "a positive number");
      return value;
    };
    const date = record["date"] ?? "";
    if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) throw badData(where, "date", date, "YYYY-MM-DD");
    if (date <= previous) throw badData(where, "date", date, `a day after ${previous}`);
    previous = date;
    return {
      date,
      open: positive("open"),
      high: positive("high"),
      low: positive("low"),
      close: positive("close"),
      volume: positive("volume"),
    };
  });
}

function badData(where: string, column: string, found: string, expected: string): NumeraireError {
  return new NumeraireError(`${where}: ${column} is "${found}", expected ${expected}`, {
    hint: "install the dependencies again: the vega-datasets package is damaged or of another version",
  });
}
