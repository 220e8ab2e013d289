import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";

import type { ApproveResult } from "../../scripts/oracle/approve.js";
import { closedRoundWithScores } from "../fixtures/closed-round.js";
import { developmentWallet, startLocalDeployment, type LocalDeployment } from "../fixtures/local-deployment.js";
import { runOracle, type Run } from "../fixtures/run-oracle.js";

const DAY = 86_400;

/** Somebody with a machine of their own: a working folder, a key, and nothing else in common with the others. */
interface Operator {
  folder: string;
  run(...args: string[]): Promise<Run>;
}

describe("two committee members on machines of their own @long", function () {
  this.timeout(120_000);
  let local: LocalDeployment;
  let honest: string;
  const machines: Operator[] = [];

  const machineOf = async (part: "member1" | "member2" | "guardian"): Promise<Operator> => {
    const folder = await mkdtemp(path.join(tmpdir(), "numeraire-"));
    await cp(path.join(local.folder, "deployments"), path.join(folder, "deployments"), { recursive: true });
    const environment = {
      NUMERAIRE_RPC_URL: local.url,
      NUMERAIRE_PRIVATE_KEY: developmentWallet(local.accounts[part]).privateKey,
    };
    const operator = { folder, run: (...args: string[]) => runOracle(args, { folder, environment }) };
    machines.push(operator);
    return operator;
  };
  const scoreFileOf = async ({ folder }: Operator, text: string) => writeFile(path.join(folder, "scores.csv"), text);

  before(async () => {
    local = await startLocalDeployment();
    honest = await readFile((await closedRoundWithScores(local)).scores, "utf8");
  });

  after(async () => {
    await local.stop();
    await Promise.all(machines.map(({ folder }) => rm(folder, { recursive: true, force: true })));
  });

  it("resolve a round by what both measured, and by nothing else", async () => {
    const [first, second, guardian] = [
      await machineOf("member1"),
      await machineOf("member2"),
      await machineOf("guardian"),
    ];
    const { committee, tournament } = local.suite;
    const post = async () => {
      expect((await first.run("plan", "--round", "1", "--scores", "scores.csv")).code).to.equal(0);
      expect((await first.run("apply", "--plan", "rounds/1/plan.json", "--yes")).code).to.equal(0);
    };
    const approve = () => second.run("approve", "--round", "1", "--scores", "scores.csv", "--yes", "--json");

    await scoreFileOf(first, honest.replace("0.690000", "0.680000"));
    await scoreFileOf(second, honest);
    await post();
    const refused = await approve();
    expect([refused.code, refused.stdout]).to.deep.equal([2, ""]);
    expect(refused.stderr).to.contain("round 1, attempt 1: found 1 difference from scores.csv");
    expect(refused.stderr).to.contain('stake 0 (model 1 "plain"): log-loss: 0.680000 on chain, 0.690000 in the file');
    expect(await committee.approvals(await tournament.reportHash(1, 1))).to.equal(1n);

    const reason = "log-loss of model 1";
    const vetoed = await guardian.run("veto", "--round", "1", "--attempt", "1", "--reason", reason, "--yes");
    expect(vetoed.code, vetoed.stderr).to.equal(0);
    expect(vetoed.stdout).to.contain("vetoed attempt 1 of round 1").and.contain("2 vetoes left");

    await scoreFileOf(first, honest);
    await post();
    const approved = await approve();
    expect(approved.code, approved.stderr).to.equal(0);
    const result = JSON.parse(approved.stdout) as Pick<ApproveResult, "attemptId"> & { approvals: string };
    expect(result).to.deep.include({ attemptId: 2, approvals: "2" });

    await local.passTime(DAY);
    expect((await second.run("finalize", "--round", "1", "--yes")).code).to.equal(0);
    const { resolvedAttempt } = await tournament.getRound(1);
    expect(resolvedAttempt).to.equal(2n);
  });
});
