import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { expect } from "chai";
import { Command } from "commander";
import { JsonRpcProvider, encodeBytes32String, id, parseEther } from "ethers";
import { network } from "hardhat";
import type { JsonRpcServer } from "hardhat/types/network";

import { deploySuite } from "../../deploy/_deploy.js";
import { readDeployment } from "../../scripts/chain/deployments.js";
import { applyCommand } from "../../scripts/oracle/commands/apply.js";
import { approveCommand } from "../../scripts/oracle/commands/approve.js";
import { cancelCommand } from "../../scripts/oracle/commands/cancel.js";
import { finalizeCommand } from "../../scripts/oracle/commands/finalize.js";
import { planCommand } from "../../scripts/oracle/commands/plan.js";
import { settleCommand } from "../../scripts/oracle/commands/settle.js";
import { statusCommand } from "../../scripts/oracle/commands/status.js";
import { sweepCommand } from "../../scripts/oracle/commands/sweep.js";
import { verifyCommand } from "../../scripts/oracle/commands/verify.js";
import { vetoCommand } from "../../scripts/oracle/commands/veto.js";
import { voidCommand } from "../../scripts/oracle/commands/void.js";
import { connectSuite, type Suite } from "../../sdk/contracts.js";

interface Run {
  code: number | null;
  stdout: string;
  stderr: string;
}

const main = fileURLToPath(new URL("../../scripts/oracle/main.ts", import.meta.url));
const DAY = 86_400;
const CSV = "model_id,live_logloss,consistency,concordance,originality\n1,0.690000,75,true,true\n";

describe("oracle command line", function () {
  this.timeout(120_000);
  let server: JsonRpcServer;
  let provider: JsonRpcProvider;
  let folder: string;
  let url: string;
  let suite: Suite;
  const named: Record<string, string> = {};

  /** Runs the program in a folder of its own, as an operator would. */
  const oracle = async (args: string[], environment: NodeJS.ProcessEnv = {}): Promise<Run> => {
    const child = spawn(process.execPath, ["--import", import.meta.resolve("tsx"), main, ...args], {
      cwd: folder,
      env: {
        ...process.env,
        NUMERAIRE_RPC_URL: url,
        NUMERAIRE_PRIVATE_KEY: "",
        NUMERAIRE_STATE_DIR: path.join(folder, "state"),
        ...environment,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const output = { stdout: "", stderr: "" };
    child.stdout.on("data", (data: Buffer) => (output.stdout += data.toString()));
    child.stderr.on("data", (data: Buffer) => (output.stderr += data.toString()));
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", resolve);
    });
    return { code, ...output };
  };
  const member = (index: number) => ["--account", named[`member${index}`] ?? ""];
  const passTime = async (seconds: number) => {
    await provider.send("evm_increaseTime", [seconds]);
    await provider.send("evm_mine", []);
  };

  before(async function () {
    folder = await mkdtemp(path.join(tmpdir(), "numeraire-"));
    server = await network.createServer({ network: "default" });
    const { address, port } = await server.listen();
    url = `http://${address.includes(":") ? `[${address}]` : address}:${port}`;
    provider = new JsonRpcProvider(url, 31337n, { staticNetwork: true, cacheTimeout: -1, pollingInterval: 20 });
    const { accounts } = await deploySuite({
      provider: {
        request: ({ method, params }: { method: string; params?: unknown[] }) => provider.send(method, params ?? []),
      } as never,
      environment: "localhost",
      saveDeployments: true,
      askBeforeProceeding: false,
      config: { deployments: path.join(folder, "deployments") },
    });
    Object.assign(named, accounts);
    const { addresses } = await readDeployment("localhost", path.join(folder, "deployments"));
    suite = connectSuite(addresses, provider);

    const [manager, minter, staker] = await Promise.all([
      provider.getSigner(named["roundManager"]),
      provider.getSigner(named["minter"]),
      provider.getSigner(12),
    ]);
    const closesAt = ((await provider.getBlock("latest"))?.timestamp ?? 0) + DAY;
    const terms = {
      closesAt,
      resolveBy: closesAt + 7 * DAY,
      challengePeriod: DAY,
      benchmark: 693_147,
      minConsistency: 50,
      minStake: 1,
      minConfidence: 1,
    };
    await suite.tournament.connect(manager).openRound(terms, manager, { value: parseEther("1") });
    await suite.nmr.connect(minter).mint(staker, parseEther("10"));
    await suite.nmr.connect(staker).approve(suite.tournament, parseEther("10"));
    await suite.tournament.connect(staker).registerModel(encodeBytes32String("plain"));
    await suite.tournament.connect(staker).stake(1, 1, parseEther("10"), parseEther("20"), id("predictions"));
    await passTime(DAY);
    await writeFile(path.join(folder, "scores.csv"), CSV);
  });

  after(async () => {
    provider.destroy();
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });

  it("takes a round from closed to verified", async () => {
    const first = await oracle(["status"]);
    expect(first.stdout).to.contain("score, plan and apply: a committee member");
    expect(first.code).to.equal(0);

    const planned = await oracle(["plan", "--round", "1", "--scores", "scores.csv", "--json"]);
    expect([planned.code, planned.stderr]).to.deep.equal([0, ""]);
    const result = JSON.parse(planned.stdout) as { path: string; plan: { totals: { paid: string } } };
    expect(result.path).to.equal(path.join("rounds", "1", "plan.json"));
    expect(result.plan.totals.paid).to.equal(parseEther("0.5").toString());

    const dry = await oracle(["apply", "--plan", result.path, ...member(1)]);
    expect(dry.code).to.equal(0);
    for (const fact of [
      "chain: 31337 (localhost)",
      "contract: 0x",
      "round: 1",
      "0.5 ether paid",
      "gas: about",
      "cost: about",
    ]) {
      expect(dry.stderr).to.contain(fact);
    }
    expect(dry.stderr).to.contain("dry run: nothing was sent; pass --yes to send");
    expect((await suite.tournament.getRound(1)).attemptCount).to.equal(0n);

    const early = await oracle(["verify", "--round", "1"]);
    expect([early.code, early.stdout]).to.deep.equal([2, ""]);
    expect(early.stderr).to.contain("found 0 attempts").and.contain("hint: ");

    const applied = await oracle(["apply", "--plan", result.path, ...member(1), "--yes", "--json"]);
    expect(applied.code, applied.stderr).to.equal(0);
    const { sent } = JSON.parse(applied.stdout) as { sent: unknown[] };
    expect(sent).to.have.length(3);
    const again = await oracle(["apply", "--plan", result.path, ...member(1), "--yes"]);
    expect(again.code).to.equal(0);
    expect(again.stdout).to.contain("nothing to do: attempt 1");

    const unapproved = await oracle(["finalize", "--round", "1", ...member(1), "--yes"]);
    expect(unapproved.code).to.equal(2);
    expect(unapproved.stderr).to.contain("found attempt 1 with 1 approval, expected 2");

    const approved = await oracle(["approve", "--round", "1", "--scores", "scores.csv", ...member(2), "--yes"]);
    expect(approved.stdout).to.contain("approved attempt 1 of round 1").and.contain("2 of 2 approvals");
    await passTime(DAY);

    const finalized = await oracle(["finalize", "--round", "1", ...member(3), "--yes"]);
    expect(finalized.stdout).to.contain("finalised: round 1 resolved by attempt 1, 0 NMR destroyed");
    const settled = await oracle(["settle", "--round", "1", ...member(3), "--yes"]);
    expect(settled.stdout).to.contain("1 stake settled in round 1: 0.5 ether paid, 10 NMR returned, 0 NMR destroyed");
    expect(settled.stdout).to.match(/stakes 0 to 0: .*; transaction 0x[0-9a-f]{64}/);
    expect(settled.stderr).to.contain("stakes settled 1/1");
    expect((await oracle(["settle", "--round", "1", "--yes"])).stdout).to.contain("nothing to do in round 1");

    const verified = await oracle(["verify", "--round", "1", "--scores", "scores.csv"]);
    expect([verified.code, verified.stderr]).to.deep.equal([0, ""]);
    expect(verified.stdout).to.contain("all agree");
    expect(verified.stdout).to.contain("2 of 2 needed");
    await writeFile(path.join(folder, "other.csv"), CSV.replace("0.690000", "0.690002"));
    const disagreeing = await oracle(["verify", "--round", "1", "--scores", "other.csv"]);
    expect(disagreeing.code).to.equal(2);
    expect(disagreeing.stdout).to.contain("log-loss: 0.690000 on chain, 0.690002 in the file");

    const swept = await oracle(["sweep", "--round", "1", ...member(3), "--yes", "--json"]);
    expect(JSON.parse(swept.stdout)).to.deep.include({ etherAmount: parseEther("0.5").toString(), bonusAmount: "0" });
  });

  it("ends a round early: shown first, then done, and nothing is left for void to do", async () => {
    const manager = await provider.getSigner(named["roundManager"]);
    const closesAt = ((await provider.getBlock("latest"))?.timestamp ?? 0) + DAY;
    const limits = { challengePeriod: DAY, benchmark: 693_147, minConsistency: 50, minStake: 1, minConfidence: 1 };
    const terms = { ...limits, closesAt, resolveBy: closesAt + 7 * DAY };
    await suite.tournament.connect(manager).openRound(terms, manager);
    const round = ["--round", (await suite.tournament.roundCount()).toString()];
    const guardian = ["--account", named["guardian"] ?? ""];

    const dry = await oracle(["cancel", ...round, "--reason", "wrong benchmark", ...guardian, "--json"]);
    expect(JSON.parse(dry.stdout)).to.deep.include({ dryRun: true });
    expect(dry.stderr).to.contain("reason: wrong benchmark").and.contain("gas: about");
    const cancelled = await oracle(["cancel", ...round, "--reason", "wrong benchmark", ...guardian, "--yes", "--json"]);
    expect(JSON.parse(cancelled.stdout)).to.deep.include({ reason: "wrong benchmark", stakeCount: 0 });
    const voided = await oracle(["void", ...round, ...guardian, "--yes"]);
    expect([voided.code, voided.stdout.split(":")[0]]).to.deep.equal([0, "nothing to do"]);
  });

  describe("refuses", () => {
    for (const [what, args, environment, message] of [
      ["an unknown network", ["status", "--network", "moon"], {}, '--network: found "moon", expected one of localhost'],
      [
        "a node that does not answer",
        ["status"],
        { NUMERAIRE_RPC_URL: "http://127.0.0.1:9" },
        "connecting to localhost",
      ],
      ["a round that is no number", ["status", "--round", "one"], {}, "expected the number of a round"],
    ] as const) {
      it(what, async () => {
        const { code, stdout, stderr } = await oracle([...args], environment);
        expect(code).to.equal(1);
        expect(stdout).to.equal("");
        expect(stderr).to.contain(message);
      });
    }

    it("another chain than that of the deployment", async () => {
      const file = path.join(folder, "deployments", "localhost", ".chain");
      const text = await readFile(file, "utf8");
      await writeFile(file, text.replace("31337", "1"));
      const { code, stderr } = await oracle(["status"]);
      await writeFile(file, text);
      expect(code).to.equal(1);
      expect(stderr).to.contain("chain 31337, expected chain 1");
    });

    it("a node that was started again and has no contract", async () => {
      const address = await suite.tournament.getAddress();
      const code = await provider.getCode(address);
      await provider.send("hardhat_setCode", [address, "0x"]);
      const outcome = await oracle(["status"]);
      await provider.send("hardhat_setCode", [address, code]);
      expect(outcome.code).to.equal(1);
      expect(outcome.stderr).to.contain(`localhost: found no contract at ${address}`);
      expect(outcome.stderr).to.contain("npm run deploy -- --network localhost");
    });

    it("a key that is none, without repeating it", async () => {
      const key = "0xnot-a-key-but-secret";
      const { code, stdout, stderr } = await oracle(["settle", "--round", "1"], { NUMERAIRE_PRIVATE_KEY: key });
      expect(code).to.equal(1);
      expect(stderr).to.contain("NUMERAIRE_PRIVATE_KEY: found no private key");
      expect(stdout + stderr).not.to.contain("secret");
    });
  });

  for (const command of [
    planCommand(),
    applyCommand(),
    verifyCommand(),
    finalizeCommand(),
    settleCommand(),
    approveCommand(),
    sweepCommand(),
    vetoCommand(),
    voidCommand(),
    cancelCommand(),
    statusCommand(),
  ]) {
    it(`shows an example in the help of ${command.name()}`, () => {
      let help = "";
      new Command("oracle").addCommand(command);
      command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
      expect(help).to.contain(`npm run oracle -- ${command.name()}`).and.contain("--json");
    });
  }
});
