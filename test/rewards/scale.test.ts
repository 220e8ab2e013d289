import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { StandardMerkleTree } from "@openzeppelin/merkle-tree";
import { expect } from "chai";
import { dataSlice, id, parseEther } from "ethers";

import { plan } from "../../scripts/rewards/plan.js";
import { deployed, networkHelpers } from "../fixtures/deployed.js";
import { contextFor } from "../fixtures/oracle-round.js";
import { WEEK, approveWeek, CHALLENGE_PERIOD } from "../fixtures/rewards.js";

const deep = process.env.NUMERAIRE_DEEP === "1";
const ACCOUNTS = deep ? 100_000 : 2_000;

describe(`Planning a week of ${ACCOUNTS.toLocaleString("en")} accounts`, function () {
  this.timeout(600_000);
  let folder: string;

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "numeraire-"));
  });
  after(() => rm(folder, { recursive: true }));

  it("adds up to the wei and has the root of the standard tree, with as many in the week before", async () => {
    const d = await networkHelpers.loadFixture(deployed);
    const reader = contextFor(d);
    const file = (name: string): string => path.join(folder, name);
    const rows = Array.from({ length: ACCOUNTS }, (_, i) => `${dataSlice(id(`account ${i}`), 12)},0.${69_000 + i}`);
    await writeFile(file("leaderboard.csv"), ["account,live_logloss", ...rows].join("\n"));
    await writeFile(file("rule.json"), '{"equal": "2000", "benchmark": "3"}');
    const planWeek = (week: number) =>
      plan(reader, {
        leaderboard: file("leaderboard.csv"),
        rule: file("rule.json"),
        previous: file(`${week - 1}.json`),
        out: file(`${week}.json`),
      });
    await networkHelpers.time.increase(2 * WEEK);
    const { file: first, sha256 } = await planWeek(1);
    expect(first.payouts.size).to.equal(ACCOUNTS);
    await d.rewards.connect(d.members[0]).proposeWeek(1n, first.root, first.added, sha256, "");
    await approveWeek(d, 1n);
    await networkHelpers.time.increase(CHALLENGE_PERIOD);
    await d.rewards.activateWeek(1n);

    const { file: second } = await planWeek(2);
    expect(second.earned.size).to.equal(ACCOUNTS);
    const each = parseEther("2000") / BigInt(ACCOUNTS);
    expect([...new Set(second.earned.values())]).to.deep.equal([2n * each]);
    expect(second.added).to.equal(each * BigInt(ACCOUNTS));
    expect(second.root).to.equal(StandardMerkleTree.of([...second.earned], ["address", "uint256"]).root);
  });
});
