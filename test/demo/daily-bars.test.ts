import { expect } from "chai";

import { parseDailyBars, readDailyBars } from "../../scripts/demo/daily-bars.js";
import { NumeraireError } from "../../sdk/numeraire-error.js";

const HEADER = "date,open,high,low,close,adjclose,volume";
const GOOD = "2000-01-03,10,12,9,11,11,500";

describe("daily bars", () => {
  it("reads the S&P 500 of 2000 to 2020", () => {
    const bars = readDailyBars();
    expect(bars).to.have.lengthOf(5105);
    expect(bars[0]).to.deep.equal({
      date: "2000-01-03",
      open: 1469.25,
      high: 1478,
      low: 1438.359985,
      close: 1455.219971,
      volume: 931800000,
    });
    expect(bars.at(-1)?.date).to.equal("2020-04-17");
  });

  const refusals: [line: string, message: string][] = [
    ["2000-01-04,10,12,9,,11,500", 'prices.csv:3: close is "", expected a positive number'],
    ["2000-01-04,10,12,9,x,11,500", 'prices.csv:3: close is "x", expected a positive number'],
    ["2000-01-04,10,12,-9,11,11,500", 'prices.csv:3: low is "-9", expected a positive number'],
    ["2000-01-04,10,12,9,11,11,0", 'prices.csv:3: volume is "0", expected a positive number'],
    ["04.01.2000,10,12,9,11,11,500", 'prices.csv:3: date is "04.01.2000", expected YYYY-MM-DD'],
    ["2000-01-03,10,12,9,11,11,500", 'prices.csv:3: date is "2000-01-03", expected a day after 2000-01-03'],
  ];
  for (const [line, message] of refusals) {
    it(`refuses ${line}`, () => {
      expect(() => parseDailyBars([HEADER, GOOD, line].join("\n"), "prices.csv"))
        .to.throw(NumeraireError, message)
        .with.property("hint")
        .that.includes("vega-datasets");
    });
  }
});
