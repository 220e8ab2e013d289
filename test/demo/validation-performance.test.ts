import { expect } from "chai";

import type { DataType } from "../../scripts/demo/market.js";
import { validationPerformance } from "../../scripts/demo/validation-performance.js";
import { expectNear } from "../fixtures/expect-near.js";

describe("validation performance", () => {
  const row = (era: string, dataType: DataType, target: 0 | 1) => ({
    id: "n",
    era,
    dataType,
    target,
    features: [],
    cluster: 0 as const,
    date: "2010-01-01",
  });

  it("counts validation eras that are strictly better than one half", () => {
    const rows = [
      row("era1", "validation", 1),
      row("era1", "validation", 0),
      row("era2", "validation", 1),
      row("era3", "validation", 0),
      row("era4", "live", 1),
    ];
    const performance = validationPerformance(rows, [0.9, 0.2, 0.5, 0.6, 0.99]);
    expect(performance).to.include({ eras: 3, goodEras: 1, consistency: 33 });
    expectNear(performance.logloss, -(Math.log(0.9) + Math.log(0.8) + Math.log(0.5) + Math.log(0.4)) / 4, 1e-15);
  });
});
