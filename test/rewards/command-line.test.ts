import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";

import { expect } from "chai";
import { id } from "ethers";

import { developmentWallet, startLocalDeployment, type LocalDeployment } from "../fixtures/local-deployment.js";
import { runProgram, type Run } from "../fixtures/run-program.js";

const DAY = 86_400;

describe("rewards command line", function () {
  this.timeout(600_000);
  let chain: LocalDeployment;

  /** Runs the program in the operator's folder, as an account of the suite. */
  const rewards = async (args: string[], as?: "member1" | "member2" | "guardian"): Promise<Run> => {
    const key = as === undefined ? "" : developmentWallet(chain.accounts[as]).privateKey;
    return runProgram("rewards", args, {
      folder: chain.folder,
      environment: { NUMERAIRE_RPC_URL: chain.url, NUMERAIRE_PRIVATE_KEY: key },
    });
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
    const blind = await rewards(["approve", "--plan", "weeks/1.json", "--yes"], "member2");
    expect(blind.code).to.equal(1);
    expect(blind.stderr).to.contain("required option '--leaderboard <file>' not specified");
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

  it("vetoes by command: only when told to, only the guardian, and once", async () => {
    const { accounts, provider, suite } = chain;
    await chain.passTime(7 * DAY);
    const member = await provider.getSigner(accounts.member1);
    await (await suite.rewards.connect(member).proposeWeek(2n, id("root"), 1n, id("evidence"), "")).wait();

    const command = ["veto", "--proposal", "2", "--reason", "rank 2 is wrong", "--json"];
    const dry = await rewards(command, "guardian");
    expect(dry.code, dry.stderr).to.equal(0);
    expect(JSON.parse(dry.stdout)).to.deep.include({ dryRun: true, steps: ["veto the proposals of week 2"] });
    expect(dry.stderr).to.contain("kills: proposal 2 of ").and.contain("reason: rank 2 is wrong");
    expect(await suite.rewards.vetoedCount()).to.equal(0n);
    const others = await rewards([...command, "--yes"], "member1");
    expect(others.code).to.equal(1);
    expect(others.stderr).to.contain("found no right to veto, expected the account of the guardian");

    const vetoed = await rewards([...command, "--yes"], "guardian");
    expect(vetoed.code, vetoed.stderr).to.equal(0);
    expect(JSON.parse(vetoed.stdout)).to.deep.include({ week: "2", proposalId: "2", vetoed: ["2"] });
    expect(await suite.rewards.vetoedCount()).to.equal(2n);
    const again = await rewards(["veto", "--proposal", "2", "--reason", "again", "--yes"], "guardian");
    expect(again.stdout, again.stderr).to.equal("nothing to do: proposal 2 is vetoed\n");
  });

  it("says what is wrong and what to do", async () => {
    const missing = await rewards(["verify", "--plan", "nowhere.json"]);
    expect(missing.code).to.equal(1);
    expect(missing.stderr).to.contain("error: nowhere.json: found no readable file");
    expect(missing.stderr).to.contain("hint: ");
    const help = await rewards(["claim", "--help"]);
    expect(help.code).to.equal(0);
    expect(help.stdout).to.contain("Example:\n  npm run rewards -- claim --plan weeks/1.json");
  });
});
