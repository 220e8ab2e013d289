import { expect } from "chai";
import fc from "fast-check";

import { creditOf, exposureOf, type Standing } from "../../scripts/compute/credit.js";

const STANDING: Standing = { owed: 0n, signed: 0n, claimed: 0n, available: 1_000n };

describe("exposureOf", () => {
  it("is what is owed beyond the vouchers", () => {
    expect(exposureOf({ ...STANDING, owed: 70n, signed: 50n })).to.equal(20n);
    expect(exposureOf({ ...STANDING, owed: 70n, signed: 50n, claimed: 40n })).to.equal(20n);
    expect(exposureOf({ ...STANDING, owed: 70n, signed: 90n })).to.equal(0n);
  });

  it("counts a voucher only as far as the balance reaches that is not being withdrawn", () => {
    expect(exposureOf({ owed: 70n, signed: 70n, claimed: 40n, available: 10n })).to.equal(20n);
    expect(exposureOf({ owed: 70n, signed: 70n, claimed: 0n, available: 0n })).to.equal(70n);
  });

  it("trusts what was paid, whatever is signed", () => {
    expect(exposureOf({ owed: 70n, signed: 0n, claimed: 70n, available: 0n })).to.equal(0n);
  });
});

describe("creditOf", () => {
  it("runs, asks at half the interval, and pauses a step before it is used up", () => {
    const at = (owed: bigint) => creditOf({ ...STANDING, owed }, 100n, 10n);
    expect([0n, 40n, 41n, 90n, 91n].map(at)).to.deep.equal(["run", "run", "ask", "ask", "pause"]);
  });

  it("pauses before usage that the balance could not pay", () => {
    const at = (owed: bigint) => creditOf({ owed, signed: owed, claimed: 0n, available: 50n }, 100n, 10n);
    expect([40n, 41n].map(at)).to.deep.equal(["run", "pause"]);
  });

  it("never lets the exposure exceed the interval, whatever the user signs, withdraws or deposits", () => {
    const amount = fc.bigInt(0n, 1_000n);
    fc.assert(
      fc.property(fc.array(fc.record({ signed: amount, available: amount, used: fc.bigInt(0n, 10n) })), (turns) => {
        let owed = 0n;
        let [signed, available] = [0n, 1_000n];
        for (const turn of turns) {
          // A user signs for what is owed at most; the withdraw delay leaves time to redeem, which only adds to claimed.
          signed = signed > turn.signed ? signed : turn.signed < owed ? turn.signed : owed;
          available = turn.available > signed ? turn.available : available;
          if (creditOf({ owed, signed, claimed: 0n, available }, 100n, 10n) !== "pause") owed += turn.used;
          expect(exposureOf({ owed, signed, claimed: 0n, available }) <= 100n).to.equal(true);
        }
      }),
    );
  });
});
