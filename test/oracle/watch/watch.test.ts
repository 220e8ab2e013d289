import { expect } from "chai";

import { startLocalDeployment, type LocalDeployment } from "../../fixtures/local-deployment.js";
import { watchCommand } from "../../../scripts/oracle/commands/watch.js";
import { failure } from "../../fixtures/failure.js";
import { closedRoundWithScores } from "../../fixtures/closed-round.js";
import { runOracle } from "../../fixtures/run-oracle.js";
import { Watcher, until } from "../../fixtures/watcher.js";

const SCORES = "model_id,live_logloss,consistency,concordance,originality\n1,0.690000,75,true,true\n";

describe("watch, as a process", () => {
  let local: LocalDeployment;
  let watcher: Watcher;

  before(async () => {
    local = await startLocalDeployment();
    await closedRoundWithScores(local);
    watcher = await Watcher.make(local, local.accounts.member2, local.url);
    watcher.start();
  });
  after(async () => {
    await watcher.end("SIGKILL");
    await local.stop();
  });

  const ready = async () => (await watcher.get("/readyz"))?.status === 200;
  const run = (...args: string[]) => runOracle(["watch", ...args], watcher);

  it("is ready after its first look, and shows where the round stands", async () => {
    await until("ready", ready);
    expect(await watcher.get("/healthz")).to.deep.equal({ status: 200, body: "ok\n" });
    expect(await watcher.get("/secret")).to.deep.equal({ status: 404, body: "not found\n" });
    const metrics = await watcher.metrics();
    expect(metrics.get('numeraire_round_stage{round="1",stage="closed"}')).to.equal(1);
    expect(metrics.get("numeraire_committee_member")).to.equal(1);
  });

  it("keeps a second instance out, and says who is at work", async () => {
    const { code, stderr } = await run("--yes", "--max-fee", "1000", "--port", "0");
    expect(code).to.equal(2);
    expect(stderr).to.contain(`found process ${watcher.pid} at work, expected to be alone`);
  });

  it("sends nothing unattended without a most it may pay", async () => {
    const { code, stderr } = await run("--yes", "--once");
    expect(code).to.equal(1);
    expect(stderr).to.contain("watch: found --yes alone, expected --max-fee beside it");
  });

  it("says what it would do without --yes, beside another instance", async () => {
    const { code, stdout, stderr } = await run();
    expect(code, stderr).to.equal(0);
    expect(stdout).to.contain("no scores yet");
    expect(stderr).to.contain("dry run: nothing was sent");
  });

  it("posts when scores come, and not twice", async () => {
    await watcher.put(1n, "scores.csv", SCORES, 1);
    await until("posted", async () => (await watcher.metrics()).get("numeraire_transactions_total") === 3);
    const attempt = await local.suite.tournament.getAttempt(1n, 1n);
    expect(attempt.proposer).to.equal(watcher.account);
    const nonce = await local.provider.getTransactionCount(watcher.account);
    await until(
      "another look",
      async () => (await watcher.metrics()).get('numeraire_round_stage{round="1",stage="approving"}') === 1,
    );
    expect(await local.provider.getTransactionCount(watcher.account)).to.equal(nonce);
    const metrics = await watcher.metrics();
    expect(metrics.get("numeraire_gas_used_total")).to.be.within(200_000, 400_000);
    expect(metrics.get("numeraire_fees_ether_total")).to.be.within(1e-6, 1e-2);
  });

  it("stops on SIGTERM with exit code 0, however often it is told, and lets another instance in", async () => {
    process.kill(watcher.pid ?? 0, "SIGTERM");
    expect(await watcher.end("SIGTERM")).to.deep.equal({ code: 0, signal: null });
    expect(watcher.log).to.contain("stopped");
    const { code, stdout, stderr } = await run("--yes", "--max-fee", "1000", "--once", "--json");
    expect(code, stderr).to.equal(0);
    const report = JSON.parse(stdout) as { rounds: { stage: string }[] };
    expect(report.rounds.map(({ stage }) => stage)).to.deep.equal(["approving"]);
  });

  it("abandons a step that does not end, and continues it after the next start", async function () {
    // It waits for seconds for the step to end.
    if (process.env["NUMERAIRE_DEEP"] !== "1") this.skip();
    const { provider, suite } = local;
    await suite.committee
      .connect(await provider.getSigner(local.accounts.member1))
      .approve(await suite.tournament.reportHash(1n, 1n));
    await local.passTime(86_400);
    await provider.send("evm_setAutomine", [false]);
    watcher.start("--json");
    await until(
      "sent",
      async () => (await provider.send("eth_getBlockTransactionCountByNumber", ["pending"])) !== "0x0",
    );
    expect(await watcher.end("SIGINT")).to.deep.equal({ code: 0, signal: null });
    expect(watcher.log).to.contain("stopped in the middle of a step");
    await provider.send("evm_setAutomine", [true]);
    await provider.send("evm_mine", []);
    const { code, stdout, stderr } = await run("--yes", "--max-fee", "1000", "--once", "--json");
    expect(code, stderr).to.equal(0);
    expect((JSON.parse(stdout) as { finished: number }).finished).to.equal(1);
    expect((await suite.tournament.getRound(1n)).settledCount).to.equal(1n);
  });

  it("refuses to run for others who sign", async () => {
    const refused = await failure(watchCommand().parseAsync(["--unsigned"], { from: "user" }));
    expect(refused.message).to.contain("watch: found --unsigned or --safe");
  });
});
