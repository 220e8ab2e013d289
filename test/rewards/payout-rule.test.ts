import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";
import { parseEther } from "ethers";

import { DEFAULT_RULE, parseRule, readPayoutRule } from "../../scripts/rewards/payout-rule.js";
import { failure } from "../fixtures/failure.js";

describe("Payout rules", () => {
  it("pay 2,000 NMR a week to the first hundred when none is given", () => {
    const { schedule = [] } = DEFAULT_RULE;
    const places = schedule.map(({ from, to }) => BigInt(to - from + 1));
    expect(places.reduce((sum, count) => sum + count)).to.equal(100n);
    expect(schedule.reduce((sum, { amount }, i) => sum + amount * (places[i] ?? 0n), 0n)).to.equal(parseEther("2000"));
  });

  it("are read from JSON, amounts in NMR and log-losses as decimals", async () => {
    const folder = await mkdtemp(path.join(tmpdir(), "numeraire-"));
    const file = path.join(folder, "rule.json");
    try {
      await writeFile(file, '{"equal": "1500.5", "benchmark": "0.693147", "reputation": "10"}');
      expect(await readPayoutRule(file)).to.deep.equal({
        equal: parseEther("1500.5"),
        benchmark: parseEther("0.693147"),
        reputation: parseEther("10"),
      });
      await writeFile(file, '{"equal": ');
      expect((await failure(readPayoutRule(file))).message).to.equal(
        `${file}: found text that is not JSON, expected a payout rule`,
      );
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  for (const [name, rule, message] of [
    ["nothing", {}, "found neither, expected one of schedule and equal"],
    ["both kinds", { schedule: [], equal: "1" }, "found both, expected one of schedule and equal"],
    ["a list", [], "found rule [], expected an object"],
    ["another field", { equal: "1", bench: "1" }, "found the field bench of rule, expected schedule, equal"],
    ["equal without a benchmark", { equal: "1" }, "found no benchmark, expected one, with equal"],
    ["a benchmark that is a number", { equal: "1", benchmark: 0.69 }, "found benchmark 0.69, expected a log-loss"],
    ["a benchmark of 19 decimals", { equal: "1", benchmark: `0.${"1".repeat(19)}` }, "expected a log-loss"],
    ["an amount that is a number", { equal: 1, benchmark: "1" }, "found equal 1, expected NMR as a decimal string"],
    ["an empty schedule", { schedule: [] }, "found an empty schedule, expected a list of places"],
    ["no place", { schedule: [7] }, "found schedule[0] 7, expected an object"],
    ["a gap", { schedule: [{ from: 2, to: 2, amount: "1" }] }, "found schedule[0].from 2, expected 1"],
    [
      "places that go back",
      { schedule: [{ from: 1, to: 0, amount: "1" }] },
      "found schedule[0].to 0, expected a place",
    ],
    [
      "another field of a place",
      { schedule: [{ from: 1, to: 1, amount: "1", each: "2" }] },
      "found the field each of schedule[0], expected from, to, amount",
    ],
    ["a negative amount", { equal: "-1", benchmark: "1" }, 'found equal "-1", expected NMR'],
    ["an amount of 19 decimals", { equal: `0.${"1".repeat(19)}`, benchmark: "1" }, "expected NMR as a decimal string"],
    ["a benchmark that is no number", { equal: "1", benchmark: "NaN" }, 'found benchmark "NaN", expected a log-loss'],
    ["a negative benchmark", { equal: "1", benchmark: "-1" }, 'found benchmark "-1", expected a log-loss'],
    ["no amount", { schedule: [{ from: 1, to: 1 }] }, "found schedule[0].amount missing, expected NMR"],
  ] as const) {
    it(`refuse ${name}`, () => {
      expect(() => parseRule(rule, "rule.json")).to.throw(message);
    });
  }
});
