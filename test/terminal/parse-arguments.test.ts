import { expect } from "chai";
import { InvalidArgumentError } from "commander";

import { parseAccount } from "../../scripts/terminal/parse-account.js";
import { parseAmount } from "../../scripts/terminal/parse-amount.js";
import { parsePort } from "../../scripts/terminal/parse-port.js";

const ACCOUNT = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";

describe("arguments of the command line", () => {
  it("are accounts in any one case, given with their checksum", () => {
    expect(parseAccount(ACCOUNT.toLowerCase())).to.equal(ACCOUNT);
    expect(parseAccount(ACCOUNT)).to.equal(ACCOUNT);
  });

  it("are amounts of NMR to the wei", () => {
    expect(parseAmount("12.5")).to.equal(12_500_000_000_000_000_000n);
    expect(parseAmount("0.000000000000000001")).to.equal(1n);
  });

  it("are ports, any of them", () => {
    expect([parsePort("0"), parsePort("65535")]).to.deep.equal([0, 65_535]);
  });

  for (const [parse, expected, texts] of [
    [parseAccount, "expected an address", ["me", "0x12", ACCOUNT.replace("C8", "c8"), ""]],
    [parseAmount, "expected NMR as a decimal", ["much", "-1", "1e18", "0.0000000000000000001", ""]],
    [parsePort, "expected a port", ["65536", "-1", "http", ""]],
  ] as const) {
    for (const text of texts) {
      it(`are not "${text}" where a word says ${expected}`, () => {
        expect(() => parse(text)).to.throw(InvalidArgumentError, expected);
      });
    }
  }
});
