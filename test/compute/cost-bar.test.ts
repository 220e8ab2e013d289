import { expect } from "chai";
import { parseEther } from "ethers";

import { costBar } from "../../scripts/compute/cost-bar.js";
import { streamLog } from "../../scripts/terminal/log.js";

describe("costBar", () => {
  it("says how much of the cap all jobs of the channel took, and what this one costs, when that changes", () => {
    const written: string[] = [];
    const stream = { isTTY: false, write: (text: string) => written.push(text) };
    const bar = costBar(streamLog(stream as unknown as NodeJS.WriteStream), parseEther("4"));
    bar.show({ state: "running", cost: 0n, owed: parseEther("1") });
    bar.show({ state: "running", cost: parseEther("0.5"), owed: parseEther("1.5") });
    bar.show({ state: "running", cost: parseEther("0.5"), owed: parseEther("1.5") });
    bar.show({ state: "done", cost: parseEther("5"), owed: parseEther("6") });
    bar.stop();
    expect(written).to.deep.equal([
      "per cent of the cap 25/100, running, 0 NMR so far\n",
      "per cent of the cap 37/100, running, 0.5 NMR so far\n",
      "per cent of the cap 100/100, done, 5 NMR so far\n",
    ]);
  });
});
