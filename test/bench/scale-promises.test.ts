import { expect } from "chai";

import { parseSizes } from "../../scripts/bench/parse-sizes.js";
import { brokenPromises } from "../../scripts/bench/scale-promises.js";
import type { ScaleResult } from "../../scripts/bench/scale-round.js";
import type { StepCost } from "../../scripts/bench/tournament-round.js";
import { NumeraireError } from "../../sdk/index.js";

const settle = (changes: Partial<StepCost>): StepCost => ({
  step: "settle",
  transactions: 10,
  gas: 1_000_000,
  seconds: 10,
  processorSeconds: null,
  largest: 100_000,
  ...changes,
});

const round = (changes: Partial<ScaleResult> = {}): ScaleResult => ({
  stakes: 1_000,
  steps: [settle({})],
  counts: { paid: 500, destroyed: 300, returned: 200 },
  planPeakMiB: 300,
  verified: true,
  unexplained: { ether: "0", nmr: "0" },
  left: { ether: "0", nmr: "0" },
  ...changes,
});

/** A round of twice the stakes. */
const twice = (step: Partial<StepCost>): ScaleResult =>
  round({ stakes: 2_000, steps: [settle(step)], counts: { paid: 1_000, destroyed: 600, returned: 400 } });

describe("promises of the scale benchmark", () => {
  it("hold for a round that keeps them all", () => {
    expect(brokenPromises([round(), twice({ gas: 2_600_000, seconds: 26 })])).to.deep.equal([]);
  });

  for (const [what, rounds, message] of [
    ["a round that does not verify", [round({ verified: false })], "does not verify"],
    ["an outcome missing", [round({ counts: { paid: 1, destroyed: 2, returned: 3 } })], "found 6 outcomes"],
    ["ether left", [round({ left: { ether: "1", nmr: "0" } })], "1 wei of ether after the sweep"],
    ["NMR left", [round({ left: { ether: "0", nmr: "1" } })], "1 wei of nmr after the sweep"],
    ["too little before the sweep", [round({ unexplained: { ether: "-1", nmr: "0" } })], "-1 wei of ether beside"],
    ["a transaction above the limit", [round({ steps: [settle({ largest: 16_777_217 })] })], "used 16777217 gas"],
    ["a slow plan", [round({ steps: [{ ...settle({}), step: "plan", seconds: 15.1 }] })], "plan took 15.1 s"],
    ["a plan of much memory", [round({ planPeakMiB: 1_025 })], "plan took 1025 MiB"],
    ["gas that grows", [round(), twice({ gas: 2_620_000, seconds: 20 })], "gas a stake grew 1.31 times"],
    ["time that grows", [round(), twice({ gas: 2_000_000, seconds: 26.2 })], "time a stake grew 1.31 times"],
  ] as const) {
    it(`are broken by ${what}`, () => {
      const broken = brokenPromises(rounds);
      expect(broken).to.have.length(1);
      expect(broken[0]).to.contain(message);
    });
  }

  it("are judged by processor time where it is known, not by the clock", () => {
    const small = round({ steps: [settle({ processorSeconds: 5 })] });
    expect(brokenPromises([small, twice({ gas: 2_000_000, seconds: 100, processorSeconds: 13 })])).to.deep.equal([]);
    const [broken] = brokenPromises([small, twice({ gas: 2_000_000, seconds: 1, processorSeconds: 13.1 })]);
    expect(broken).to.contain("time a stake grew 1.31 times");
  });

  it("take gas at the very limit", () => {
    expect(brokenPromises([round({ steps: [settle({ largest: 16_777_216 })] })])).to.deep.equal([]);
  });
});

describe("sizes of a benchmark", () => {
  it("are sorted, each once", () => {
    expect(parseSizes("1000,100,1000")).to.deep.equal([100, 1_000]);
  });

  for (const text of ["", "0", "1.5", "ten", "100,", "100001"]) {
    it(`are not "${text}"`, () => {
      expect(() => parseSizes(text)).to.throw(NumeraireError, `found "${text}"`);
    });
  }
});
