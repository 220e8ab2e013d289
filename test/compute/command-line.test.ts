import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";

import { expect } from "chai";
import { parseEther } from "ethers";

import { developmentWallet, startLocalDeployment, type LocalDeployment } from "../fixtures/local-deployment.js";
import { programFile, runProgram, type Run } from "../fixtures/run-program.js";
import { skipUnlessRoot } from "../fixtures/skip-unless-root.js";
import { startTypescript, type TypescriptProcess } from "../fixtures/typescript-process.js";

const TRAIN = `
import csv
rows = [list(map(float, row)) for row in csv.reader(open("train.csv"))]
slope = sum(x * y for x, y in rows) / sum(x * x for x, _ in rows)
total = 0
for i in range(3_000_000): total += i
open("model.txt", "w").write(str(slope))
print("slope", slope)`;

describe("The compute program @long", function () {
  this.timeout(120_000);
  let deployment: LocalDeployment;
  let provider: TypescriptProcess | undefined;
  let url = "";
  const keys = { provider: "", user: "" };
  let user = "";

  before(async function () {
    skipUnlessRoot.call(this);
    deployment = await startLocalDeployment();
    const { accounts, suite, provider: chain } = deployment;
    const [owner, buyer] = [developmentWallet(accounts.treasury), developmentWallet(accounts.roundManager)];
    keys.provider = owner.privateKey;
    keys.user = buyer.privateKey;
    user = buyer.address;
    const minter = developmentWallet(accounts.minter).connect(chain);
    await (await suite.nmr.connect(minter).mint(user, parseEther("100"))).wait();
    await writeFile(path.join(deployment.folder, "train.py"), TRAIN);
    await writeFile(path.join(deployment.folder, "train.csv"), "1,2\n2,4\n3,6\n");
  });
  after(async () => {
    provider?.kill("SIGKILL");
    await deployment.stop();
  });

  const environment = (key: string) => ({ NUMERAIRE_RPC_URL: deployment.url, NUMERAIRE_PRIVATE_KEY: key });
  const compute = async (key: string, ...args: string[]): Promise<Run> =>
    runProgram("compute", args, { folder: deployment.folder, environment: environment(key) });
  const json = async <T>(...args: Parameters<typeof compute>): Promise<T> => {
    const { code, stdout, stderr } = await compute(...args, "--json");
    expect(code, stderr).to.equal(0);
    return JSON.parse(stdout) as T;
  };

  it("registers, deposits, trains, audits and withdraws: deposit = paid + returned, to the wei", async () => {
    const prices = ["--cpu-second", "0.5", "--gib-second", "0.01", "--delay", "3600"];
    const register = ["register", "--url", "http://localhost", ...prices, "--yes"];
    await json(keys.provider, ...register);
    expect(await json(keys.provider, ...register)).to.deep.equal({ sent: [] });
    await startProvider();

    await json(keys.user, "deposit", "--provider", "1", "--amount", "20", "--yes");
    const before = await deployment.suite.nmr.balanceOf(user);
    const run = await json<{ job: string; state: string; signed: string; files: string[] }>(
      keys.user,
      ...["run", "--url", url, "--cap", "20", "--out", "results", "train.py", "train.csv"],
    );
    expect(run).to.include({ state: "done" });
    expect(run.files).to.include("model.txt");
    expect(await readFile(path.join(deployment.folder, "results", "model.txt"), "utf8")).to.equal("2.0");

    expect((await json<{ output: string }>(keys.user, "logs", "--job", run.job)).output).to.equal("slope 2.0\n");
    const audit = await json<{ overcharge: string; problems: string[] }>(keys.user, "audit", "--job", run.job);
    expect(audit).to.include({ overcharge: "0" }).and.to.deep.include({ problems: [] });
    expect((await json<{ id: string; state: string }[]>(keys.user, "jobs"))[0]).to.include({ state: "done" });

    // Killed at once, it has what was signed in its books, and redeems it when it is next stopped.
    await stopProvider("SIGKILL");
    await startProvider();
    await stopProvider("SIGTERM");
    await json(keys.user, "withdraw", "--provider", "1", "--yes");
    const early = await compute(keys.user, "withdraw", "--provider", "1", "--yes");
    expect(early).to.include({ code: 2 });
    await deployment.passTime(3_600);
    await json(keys.user, "withdraw", "--provider", "1", "--yes");
    const paid = await deployment.suite.nmr.balanceOf(deployment.accounts.treasury);
    const returned = (await deployment.suite.nmr.balanceOf(user)) - before;
    expect(paid).to.equal(BigInt(run.signed));
    expect(paid + returned).to.equal(parseEther("20"));
    const balance = await json<{ balance: string; claimed: string }>(
      keys.user,
      ...["balance", "--provider", "1", "--user", user],
    );
    expect(balance).to.include({ balance: "0", claimed: paid.toString() });
  });

  async function startProvider(): Promise<void> {
    const child = startTypescript([programFile("compute"), "provider", "--port", "0", "--interval", "2"], {
      cwd: deployment.folder,
      environment: {
        ...environment(keys.provider),
        NUMERAIRE_STATE_DIR: path.join(deployment.folder, "provider-state"),
      },
    });
    provider = child;
    let said = "";
    url = await new Promise<string>((resolve, reject) => {
      child.stderr.on("data", (data: Buffer) => {
        said += data.toString();
        const found = /listens on (\S+)/.exec(said)?.[1];
        if (found !== undefined) resolve(found);
      });
      child.once("close", () => {
        reject(new Error(`the provider ended: ${said}`));
      });
    });
  }

  async function stopProvider(signal: "SIGKILL" | "SIGTERM"): Promise<void> {
    const child = provider;
    if (child === undefined) throw new Error("no provider to stop");
    const ended = new Promise((resolve) => child.once("close", resolve));
    child.kill(signal);
    expect(await ended).to.equal(signal === "SIGTERM" ? 0 : null);
  }
});
