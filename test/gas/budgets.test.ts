import { expect } from "chai";
import hre from "hardhat";

import { measureOperations, type Operation } from "./operations.js";
import { readSnapshot } from "./snapshot.js";

/** A change beyond this share must be recorded with `npm run gas -- --record`. */
const TOLERANCE = 0.01;

describe("gas", function () {
  this.timeout(600_000);
  let operations: Operation[];

  before(async function () {
    // Instrumented code costs more.
    if (hre.globalOptions.coverage) this.skip();
    operations = await measureOperations();
  });

  it("stays within every budget", () => {
    const over = operations.filter(({ gas, budget }) => gas > budget);
    expect(over).to.deep.equal([]);
  });

  it("is what was recorded, to a hundredth", () => {
    const recorded = readSnapshot();
    expect(Object.keys(recorded)).to.deep.equal(operations.map(({ name }) => name));
    const changed = operations.filter(({ name, gas }) => {
      const before = recorded[name] ?? 0;
      return Math.abs(gas - before) > before * TOLERANCE;
    });
    expect(changed, "run npm run gas -- --record once the change is understood").to.deep.equal([]);
  });
});
