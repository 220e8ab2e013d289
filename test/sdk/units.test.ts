import { expect } from "chai";
import fc from "fast-check";

import { NumeraireError } from "../../sdk/numeraire-error.js";
import {
  formatEther,
  formatGwei,
  formatLogloss,
  formatNmr,
  parseEther,
  parseLogloss,
  parseNmr,
} from "../../sdk/units.js";

describe("units", () => {
  it("reads decimal strings exactly to the last wei", () => {
    expect(parseNmr("1")).to.equal(10n ** 18n);
    expect(parseNmr("0.000000000000000001")).to.equal(1n);
    expect(parseEther("123456789012345678.000000000000000009")).to.equal(123456789012345678000000000000000009n);
  });

  it("writes without trailing zeros", () => {
    expect(formatNmr(1_500_000_000_000_000_000n)).to.equal("1.5");
    expect(formatEther(0n)).to.equal("0");
    expect(formatNmr(-1n)).to.equal("-0.000000000000000001");
    expect(formatGwei(1_500_000_000n)).to.equal("1.5");
  });

  it("returns every amount it wrote", () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 2n ** 96n - 1n), (wei) => {
        expect(parseNmr(formatNmr(wei))).to.equal(wei);
      }),
    );
  });

  for (const text of ["", ".", "1.", ".5", "-1", "+1", "1e18", " 1", "1,000", "0x10", "NaN", "1.0000000000000000001"]) {
    it(`refuses "${text}" as an amount`, () => {
      expect(() => parseNmr(text)).to.throw(NumeraireError, `found "${text}"`);
    });
  }

  it("rounds log-loss down to millionths", () => {
    expect(parseLogloss("0.693147180559945")).to.equal(693147);
    expect(parseLogloss("0.6931479999999999999999999999")).to.equal(693147);
    expect(parseLogloss("0.000000999")).to.equal(0);
    expect(parseLogloss("6.93147e-1")).to.equal(693147);
    expect(parseLogloss("1E-7")).to.equal(0);
  });

  it("caps log-loss at 1,048,575", () => {
    expect(parseLogloss("1.048575")).to.equal(1_048_575);
    expect(parseLogloss("1.048576")).to.equal(1_048_575);
    expect(parseLogloss("34.5")).to.equal(1_048_575);
    expect(parseLogloss("1e300")).to.equal(1_048_575);
  });

  for (const text of ["", "-0.1", "NaN", "Infinity", "0,5", ".5", "1e", "1e99999"]) {
    it(`refuses "${text}" as a log-loss`, () => {
      expect(() => parseLogloss(text)).to.throw(NumeraireError, `found "${text}"`);
    });
  }

  it("returns every log-loss it wrote", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_048_575 }), (micro) => {
        expect(parseLogloss(formatLogloss(micro))).to.equal(micro);
      }),
    );
  });
});
