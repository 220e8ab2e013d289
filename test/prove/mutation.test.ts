import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";

import { listMutants } from "../../scripts/prove/mutation/list-mutants.js";
import type { Mutant, Verdict } from "../../scripts/prove/mutation/mutant.js";
import { runMutants } from "../../scripts/prove/mutation/run-mutants.js";
import { Workspace } from "../../scripts/prove/mutation/workspace.js";

/** One of each kind, in the contract that builds quickest; `npm run mutate` runs all mutants of all contracts. */
const SAMPLE = [
  "contracts/OracleCommittee.sol approve: remove check",
  "contracts/OracleCommittee.sol setQuorum: drop modifier",
  "contracts/OracleCommittee.sol approve: drop effect",
  "contracts/OracleCommittee.sol isApproved: flip comparison",
];

describe("Mutation testing, a quick sample", () => {
  let root = "";
  let mutants: Mutant[];
  let callers: Map<string, Set<string>>;

  before(async function () {
    this.timeout(60_000);
    ({ mutants, callers } = await listMutants());
    root = mkdtempSync(path.join(tmpdir(), "numeraire-mutants-"));
  });

  after(() => {
    rmSync(root, { recursive: true, force: true });
  });

  it("names another field of a struct, and another parameter, and drops conditions of assembly", () => {
    const ids = mutants.map(({ id }) => id);
    expect(ids).to.include(
      "contracts/Scoring.sol _cutPayout: wrong field: round.pools.prizePool → round.pools.bonusPool",
    );
    expect(ids).to.include("contracts/StakingTournament.sol _enter: wrong parameter: roundId → modelId");
    // What is written to, and what has no sibling of its type, is left alone.
    expect(ids.filter((id) => id.includes(" finalize: wrong field: round.resolution.resolvedAttempt"))).to.have.length(
      0,
    );
    expect(ids.filter((id) => id.includes("OracleCommittee.sol") && id.includes(" wrong "))).to.have.length(0);
    expect(mutants.filter(({ operator }) => operator === "drop operand")).to.have.length(4);
  });

  it("kills a removed check, modifier and effect and a flipped comparison by failing assertions", async function () {
    this.timeout(300_000);
    const chosen = SAMPLE.map((start) => mutants.find(({ id }) => id.startsWith(start)));
    const due = chosen.filter((mutant) => mutant !== undefined);
    expect(due, "one mutant a kind").to.have.length(SAMPLE.length);

    const verdicts: Verdict[] = [];
    await runMutants(due, {
      workspaces: [new Workspace(path.join(root, "0")), new Workspace(path.join(root, "1"))],
      callers,
      onVerdict: (verdict) => verdicts.push(verdict),
      stopAt: Infinity,
      log: () => undefined,
    });
    expect(verdicts.map(({ id, outcome }) => `${outcome}: ${id}`).sort()).to.deep.equal(
      due.map(({ id }) => `killed: ${id}`).sort(),
    );
    for (const { evidence } of verdicts) expect(evidence).to.match(/OracleCommittee\..*(Assertion|Error)/);
  });
});
