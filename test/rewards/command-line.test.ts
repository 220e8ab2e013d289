import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { expect } from "chai";

import { developmentWallet, startLocalDeployment, type LocalDeployment } from "../fixtures/local-deployment.js";
import { startTypescript } from "../fixtures/typescript-process.js";

const main = fileURLToPath(new URL("../../scripts/rewards/main.ts", import.meta.url));
const DAY = 86_400;

interface Run {
  code: number | null;
  stdout: string;
  stderr: string;
}

describe("rewards command line", function () {
  this.timeout(120_000);
  let chain: LocalDeployment;

  /** Runs the program in the operator's folder, as an account of the suite. */
  const rewards = async (args: string[], as?: "member1" | "member2"): Promise<Run> => {
    const key = as === undefined ? "" : developmentWallet(chain.accounts[as]).privateKey;
    const child = startTypescript([main, ...args], {
      cwd: chain.folder,
      environment: {
        NUMERAIRE_RPC_URL: chain.url,
        NUMERAIRE_PRIVATE_KEY: key,
        NUMERAIRE_STATE_DIR: path.join(chain.folder, "state"),
      },
    });
    const output = { stdout: "", stderr: "" };
    child.stdout.on("data", (data: Buffer) => (output.stdout += data.toString()));
    child.stderr.on("data", (data: Buffer) => (output.stderr += data.toString()));
    const code = await new Promise<number | null>((resolve, reject) => child.on("error", reject).on("close", resolve));
    return { code, ...output };
  };

  before(async () => {
    chain = await startLocalDeployment();
    await chain.passTime(7 * DAY);
  });
  after(() => chain.stop());

  it("takes a week from a leaderboard to payment in files and commands", async () => {
    const { member1, member2, treasury } = chain.accounts;
    await mkdir(path.join(chain.folder, "weeks"), { recursive: true });
    await writeFile(path.join(chain.folder, "leaderboard.csv"), `account,rank\n${treasury},1\n${member1},2\n`);

    const planned = await rewards(["plan", "--leaderboard", "leaderboard.csv", "--json"]);
    expect(planned.code, planned.stderr).to.equal(0);
    expect(JSON.parse(planned.stdout)).to.include({ week: "1", added: "250000000000000000000", path: "weeks/1.json" });
    expect(await readFile(path.join(chain.folder, "weeks/1.json"), "utf8")).to.contain('"week": "1"');

    const dry = await rewards(["propose", "--plan", "weeks/1.json", "--json"], "member1");
    expect(dry.code, dry.stderr).to.equal(0);
    expect(JSON.parse(dry.stdout)).to.have.property("dryRun", true);
    expect(await chain.suite.rewards.proposalCount()).to.equal(0n);

    const proposed = await rewards(["propose", "--plan", "weeks/1.json", "--yes"], "member1");
    expect(proposed.code, proposed.stderr).to.equal(0);
    expect(proposed.stdout).to.contain("1 of 2 approvals");
    const approved = await rewards(
      ["approve", "--plan", "weeks/1.json", "--leaderboard", "leaderboard.csv", "--yes"],
      "member2",
    );
    expect(approved.stdout, approved.stderr).to.contain("2 of 2 approvals");
    await chain.passTime(2 * DAY);
    const activated = await rewards(["activate", "--yes"], "member2");
    expect(activated.stdout, activated.stderr).to.contain("week 1 is live by transaction");
    const claimed = await rewards(["claim", "--plan", "weeks/1.json", "--for", treasury, "--yes"], "member2");
    expect(claimed.code, claimed.stderr).to.equal(0);
    expect(await chain.suite.nmr.balanceOf(treasury)).to.equal(150n * 10n ** 18n);

    const verified = await rewards(["verify", "--plan", "weeks/1.json", "--json"]);
    expect(verified.code, verified.stderr).to.equal(0);
    expect(JSON.parse(verified.stdout)).to.include({ ok: true, week: "1" });
    const status = await rewards(["status"]);
    expect(status.stdout).to.contain("live: week 1, root 0x");
    expect(status.stdout).to.contain("claimed 150 NMR, held 100 NMR");

    // Somebody's edit of the published file is noticed by anybody.
    const file = path.join(chain.folder, "weeks/1.json");
    await writeFile(file, (await readFile(file, "utf8")).replaceAll(member1, member2));
    const edited = await rewards(["verify", "--plan", "weeks/1.json"]);
    expect(edited.code).to.equal(2);
    expect(edited.stdout).to.contain("proposal 1: evidence hash: found 0x");
  });

  it("says what is wrong and what to do", async () => {
    const missing = await rewards(["verify", "--plan", "nowhere.json"]);
    expect(missing.code).to.equal(1);
    expect(missing.stderr).to.contain("error: nowhere.json: found no readable file");
    expect(missing.stderr).to.contain("hint: ");
    const help = await rewards(["claim", "--help"]);
    expect(help.code).to.equal(0);
    expect(help.stdout).to.contain("Example:\n  npm run rewards -- claim --plan weeks/3.json");
  });
});
