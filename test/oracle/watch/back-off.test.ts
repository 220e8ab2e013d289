import { expect } from "chai";

import { backOff } from "../../../scripts/oracle/watch/back-off.js";

describe("watch: back-off", () => {
  it("doubles from the interval to a quarter of an hour, however often it failed", () => {
    expect([1, 2, 3, 4].map((failures) => backOff(failures, 60_000))).to.deep.equal([
      60_000, 120_000, 240_000, 480_000,
    ]);
    expect([5, 50, 5_000].map((failures) => backOff(failures, 60_000))).to.deep.equal([900_000, 900_000, 900_000]);
  });
});
