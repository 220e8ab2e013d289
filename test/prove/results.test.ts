import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";

import type { Verdict } from "../../scripts/prove/mutation/mutant.js";
import { Results } from "../../scripts/prove/mutation/results.js";
import { summarize } from "../../scripts/prove/mutation/summarize.js";

const verdict: Verdict = {
  id: "contracts/Numeraire.sol mint: remove check",
  file: "contracts/Numeraire.sol",
  line: 1,
  within: "mint",
  operator: "remove check",
  before: "if (true) revert();",
  after: "",
  outcome: "killed",
  evidence: "a test",
  seconds: 1,
};

describe("results of mutation testing", () => {
  let folder: string;
  const open = (fresh: boolean, ...kept: ConstructorParameters<typeof Results>[2][]) =>
    new Results(path.join(folder, "mutation.jsonl"), fresh, kept[0]);

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "numeraire-results-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("outlive the run that found them", () => {
    open(false).add(verdict);
    expect(open(false).get(verdict.id)).to.deep.equal(verdict);
    expect(open(true).get(verdict.id)).to.equal(undefined);
  });

  it("are taken from the evidence of the same sources, and of no others", () => {
    const found = open(false);
    found.add(verdict);
    const { sources } = found;
    expect(Object.keys(sources)).to.deep.equal(["Numeraire"]);
    open(true);
    expect(open(false, { sources, verdicts: [verdict] }).get(verdict.id)).to.deep.equal(verdict);
    expect(open(false, { sources: { Numeraire: "other" }, verdicts: [verdict] }).get(verdict.id)).to.equal(undefined);
    expect(open(false, { verdicts: [verdict] }).get(verdict.id), "of a time without digests").to.equal(undefined);
    expect(open(true, { sources, verdicts: [verdict] }).get(verdict.id)).to.equal(undefined);
  });

  it("name the commit that was tested, or else that of the evidence", () => {
    const found = open(false);
    found.add(verdict);
    const { sources } = found;
    open(true);
    const commitOf = (one: Verdict): string | undefined =>
      open(false, { commit: "evidence", sources, verdicts: [one] }).get(verdict.id)?.commit;
    expect(commitOf(verdict)).to.equal("evidence");
    expect(commitOf({ ...verdict, commit: "tested" })).to.equal("tested");
  });

  it("are counted apart: those of this run, and those that earlier ones found", () => {
    const kept = ["a", "b", "c"].map((id) => ({ ...verdict, id, commit: "earlier" }));
    const verdicts = [...kept, { ...verdict, commit: "now" }, { ...verdict, id: "d" }];
    expect(summarize(verdicts, 10, {}, new Set([verdict.id]))).to.deep.include({
      total: 10,
      ran: 5,
      testedNow: 1,
      keptFromEarlier: 4,
      earlierCommits: ["earlier"],
    });
  });
});
