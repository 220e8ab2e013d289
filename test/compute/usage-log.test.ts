import { expect } from "chai";
import { id, ZeroHash } from "ethers";

import { costOf } from "../../scripts/compute/prices.js";
import { audit, totalCost, usageRoot, type UsageLine } from "../../scripts/compute/usage-log.js";

const PRICES = { cpuSecond: 1_000_000n, gibSecond: 1_024n * 1_024n * 1_000n };

/** A line of a job at the price list. */
function line(index: number, cpuMicros = 1_500n, job = "job"): UsageLine {
  const usage = { cpuMicros, byteMillis: 3_072n };
  return { jobId: id(job), index, ...usage, cost: costOf(usage, PRICES) };
}

const LINES = [line(0), line(1, 7n), line(0, 9n, "other"), line(2)];

const promiseOf = (lines: readonly UsageLine[]) => ({ cumulative: totalCost(lines), usageRoot: usageRoot(lines) });

describe("costOf", () => {
  it("adds processor time and memory over time, each rounded down", () => {
    const half = { cpuSecond: 3n, gibSecond: 5n };
    expect(costOf({ cpuMicros: 1_000_000n, byteMillis: 2n ** 30n * 1_000n }, half)).to.equal(8n);
    expect(costOf({ cpuMicros: 999_999n, byteMillis: 0n }, half)).to.equal(2n);
    expect(costOf({ cpuMicros: 0n, byteMillis: 2n ** 30n * 1_000n - 1n }, half)).to.equal(4n);
    expect(costOf({ cpuMicros: 0n, byteMillis: 0n }, half)).to.equal(0n);
  });
});

describe("usageRoot", () => {
  it("is zero without lines, and changes with every value of a line", () => {
    expect(usageRoot([])).to.equal(ZeroHash);
    const root = usageRoot([line(0)]);
    const changes: Partial<UsageLine>[] = [
      { jobId: id("x") },
      { index: 1 },
      { cpuMicros: 1n },
      { byteMillis: 1n },
      { cost: 1n },
    ];
    for (const change of changes) expect(usageRoot([{ ...line(0), ...change }])).to.not.equal(root);
  });
});

describe("audit", () => {
  it("finds nothing in an honest log", () => {
    expect(audit(LINES, PRICES, promiseOf(LINES))).to.deep.equal({
      due: totalCost(LINES),
      overcharge: 0n,
      problems: [],
    });
  });

  it("shows a voucher that promises more than the lines, by how much", () => {
    const promise = { ...promiseOf(LINES), cumulative: totalCost(LINES) + 5n };
    const { overcharge, problems } = audit(LINES, PRICES, promise);
    expect(overcharge).to.equal(5n);
    expect(problems).to.deep.equal([`voucher: found ${promise.cumulative} wei, expected at most ${totalCost(LINES)}`]);
  });

  it("shows a line that costs more than its usage, although root and sum agree", () => {
    const dear = [...LINES, { ...line(3), cost: line(3).cost + 1n }];
    const { overcharge, problems } = audit(dear, PRICES, promiseOf(dear));
    expect(overcharge).to.equal(1n);
    expect(problems[0]).to.match(/line 3: costs 1504 wei, expected 1503 at the price list/);
  });

  it("shows a line that is missing, or counted twice", () => {
    for (const wrong of [
      [line(0), line(2)],
      [line(0), line(0)],
    ]) {
      expect(audit(wrong, PRICES, promiseOf(wrong)).problems[0]).to.match(/expected line 1$/);
    }
  });

  it("shows a root of other lines", () => {
    const promise = { ...promiseOf(LINES), usageRoot: usageRoot(LINES.slice(1)) };
    expect(audit(LINES, PRICES, promise).problems).to.deep.equal([
      `Merkle root: found ${promise.usageRoot}, expected ${usageRoot(LINES)}`,
    ]);
  });
});
