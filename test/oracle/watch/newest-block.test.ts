import { expect } from "chai";

import { newestBlock } from "../../../scripts/oracle/watch/newest-block.js";
import { NodeOutOfStep } from "../../../scripts/oracle/watch/node-out-of-step.js";

const QUARTER = 15 * 60_000;

describe("watch: the newest block seen", () => {
  it("is that of each look, as long as none is older", () => {
    expect(newestBlock(undefined, 7, 1)).to.deep.equal({ number: 7, seenAt: 1 });
    expect(newestBlock({ number: 7, seenAt: 1 }, 7, 2)).to.deep.equal({ number: 7, seenAt: 2 });
    expect(newestBlock({ number: 7, seenAt: 1 }, 8, 2)).to.deep.equal({ number: 8, seenAt: 2 });
  });

  it("is kept while a node is behind, and given up once it has been for a quarter of an hour", () => {
    const before = { number: 7, seenAt: 0 };
    for (const now of [1, QUARTER - 1]) {
      expect(() => newestBlock(before, 6, now)).to.throw(NodeOutOfStep, "found block 6 to be the newest, expected 7");
    }
    expect(newestBlock(before, 6, QUARTER)).to.deep.equal({ number: 6, seenAt: QUARTER });
  });
});
