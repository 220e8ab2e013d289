import { readFile } from "node:fs/promises";
import path from "node:path";

import { expect } from "chai";

import { deploySuite } from "../../deploy/_deploy.js";
import { developmentWallet, startLocalDeployment, type LocalDeployment } from "../fixtures/local-deployment.js";
import { runProgram } from "../fixtures/run-program.js";
import { deploySafe, type LocalSafe } from "../fixtures/safe.js";

interface Plan {
  stage: number;
  steps: { step: string; by?: string; to: string; data: string; waitsFor?: string }[];
}

describe("handover command line @long", function () {
  this.timeout(600_000);
  let chain: LocalDeployment;
  let safe: LocalSafe;

  /** Runs the program in the operator's folder, as the deployer where it sends. */
  const handover = (args: string[], key = "") =>
    runProgram("handover", args, {
      folder: chain.folder,
      environment: { NUMERAIRE_RPC_URL: chain.url, NUMERAIRE_PRIVATE_KEY: key },
    });

  before(async () => {
    chain = await startLocalDeployment();
    safe = await deploySafe(chain);
  });
  after(() => chain.stop());

  it("takes the suite from the deployer to the Safe, one command after another", async () => {
    const { deployer } = chain.accounts;
    const key = developmentWallet(deployer).privateKey;
    const planned = await handover(["plan", "--stage", "1", "--json"]);
    expect(planned.code, planned.stderr).to.equal(0);
    const { stage, steps } = JSON.parse(planned.stdout) as Plan;
    expect(stage).to.equal(1);
    expect(steps.map(({ by }) => by)).to.deep.equal([
      ...Array.from({ length: 4 }, () => deployer),
      safe.address,
      safe.address,
      deployer,
    ]);
    expect(steps.map(({ waitsFor }) => waitsFor === undefined)).to.deep.equal([
      ...Array.from({ length: 4 }, () => true),
      false,
      false,
      false,
    ]);

    const dry = await handover(["apply", "--stage", "1", "--json"], key);
    expect(JSON.parse(dry.stdout), dry.stderr).to.have.property("dryRun", true);
    expect((await handover(["verify", "--stage", "1"])).code).to.equal(2);

    const applied = await handover(["apply", "--stage", "1", "--yes"], key);
    expect(applied.code, applied.stderr).to.equal(2);
    expect(applied.stdout).to.contain("4 transactions mined");
    expect(applied.stdout).to.contain("left to do:");

    const batch = await handover(["apply", "--stage", "1", "--account", safe.address, "--safe", "stage-1.json"]);
    expect(batch.code, batch.stderr).to.equal(0);
    const { transactions } = JSON.parse(await readFile(path.join(chain.folder, "stage-1.json"), "utf8")) as {
      transactions: { to: string; data: string }[];
    };
    expect(transactions).to.have.length(2);
    for (const call of transactions) await safe.send(call);

    const last = await handover(["apply", "--stage", "1", "--yes"], key);
    expect(last.code, last.stderr).to.equal(0);
    expect(last.stdout).to.contain("stage 1 is reached");
    const again = await handover(["apply", "--stage", "1", "--yes", "--json"], key);
    expect(again.code, again.stderr).to.equal(0);
    expect(JSON.parse(again.stdout)).to.deep.equal({ stage: 1, sent: [], left: [], differences: [] });
    const proof = await handover(["verify", "--stage", "1"]);
    expect(proof.code, proof.stderr).to.equal(0);
    expect(proof.stdout).to.contain("all agree");
  });

  it("leaves the roles alone when the suite is deployed once more", async () => {
    const height = await chain.provider.getBlockNumber();
    await deploySuite({
      provider: {
        request: ({ method, params }: { method: string; params?: unknown[] }) =>
          chain.provider.send(method, params ?? []),
      } as never,
      environment: "localhost",
      saveDeployments: true,
      askBeforeProceeding: false,
      config: { deployments: path.join(chain.folder, "deployments") },
    });
    expect(await chain.provider.getBlockNumber()).to.equal(height);
  });

  it("says what is wrong and what to do", async () => {
    const skipped = await handover(["plan", "--stage", "3"]);
    expect(skipped.code).to.equal(2);
    expect(skipped.stderr).to.contain("error: stage 3: cannot hand over:");
    expect(skipped.stderr).to.contain("hint: ");
    const unknown = await handover(["plan", "--stage", "4"]);
    expect(unknown.code).to.equal(1);
    expect(unknown.stderr).to.contain("expected 1 (Safe), 2 (timelock) or 3 (governor)");
  });
});
