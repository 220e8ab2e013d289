import { expect } from "chai";

import { planGas } from "../../../scripts/oracle/gas-model.js";
import { gasNeeded } from "../../../scripts/oracle/watch/gas-needed.js";
import { roundView } from "../../fixtures/round-view.js";

describe("watch: gas a round may still take", () => {
  const post = planGas(5, "").total;
  const stranger = { isMember: false, place: 3, members: 3 };

  for (const [what, view, gas] of [
    ["posting, settling and the steps between, for a member", roundView(), 650_000n + post],
    ["the same while it is open", roundView({ round: { status: "Open" } }), 650_000n + post],
    ["no posting, for a stranger", roundView({ turn: stranger }), 650_000n],
    ["settling what is left", roundView({ round: { status: "Resolved", settledCount: 3 } }), 560_000n],
    ["sweeping", roundView({ round: { status: "Resolved", settledCount: 5 }, sweepable: true }), 500_000n],
    ["nothing once it is done", roundView({ round: { status: "Void", settledCount: 5 } }), 0n],
  ] as const) {
    it(`is ${what}`, () => {
      expect(gasNeeded(view)).to.equal(gas);
    });
  }
});
