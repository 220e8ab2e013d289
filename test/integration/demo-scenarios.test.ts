import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";

import { expect } from "chai";
import { parseEther } from "ethers";

import { openChain, type DemoChain } from "../../scripts/demo/chain.js";
import { loadMarket } from "../../scripts/demo/market.js";
import { fitLogistic, logisticInputs } from "../../scripts/demo/models/logistic.js";
import { bounty, type BountyStoryReport } from "../../scripts/demo/scenarios/bounty.js";
import { compute, type ComputeReport } from "../../scripts/demo/scenarios/compute.js";
import { dishonestOracle, type DishonestReport } from "../../scripts/demo/scenarios/dishonest-oracle.js";
import { rewards, type RewardsReport } from "../../scripts/demo/scenarios/rewards.js";
import type { Performance, Scenario } from "../../scripts/demo/scenarios/scenario.js";
import type { SilentReport } from "../../scripts/demo/scenarios/silent-oracle.js";
import { PENDULUM } from "../../scripts/demo/scientists.js";
import { checkSuite } from "../../scripts/demo/suite-books.js";
import { silentLog } from "../../scripts/terminal/log.js";
import { operatorEnvironment } from "../fixtures/typescript-process.js";

const run = promisify(execFile);

const demo = (...args: string[]) =>
  run(process.execPath, ["--import", "tsx", "scripts/demo.ts", ...args], { env: operatorEnvironment({}) });
/** Confining jobs takes what only root has everywhere. */
const confines = process.platform === "linux" && process.getuid?.() === 0;
const NOBODY = 65_534;

describe("the demo's scenarios", function () {
  this.timeout(120_000);
  // Scenarios follow one another on one chain, as `all` plays them.
  let chain: DemoChain;

  before(async () => {
    chain = await openChain(undefined, silentLog);
  });
  after(() => chain.close());

  async function play(scenario: Scenario): Promise<Performance> {
    const folder = await mkdtemp(path.join(tmpdir(), "numeraire-"));
    try {
      return await scenario(chain, folder);
    } finally {
      await rm(folder, { recursive: true });
    }
  }

  describe("dishonest-oracle", () => {
    let report: DishonestReport;
    let text: string;

    before(async () => {
      const performance = await play(dishonestOracle);
      report = performance.report as DishonestReport;
      text = performance.text;
    });

    it("has the second member refuse, naming the model, and what chain and file say", () => {
      expect(report.refusal).to.match(/model 3 "logistic-all"\): log-loss: 0\.683147 on chain, 0\.7\d{5} in the file/);
      expect(report.refusal).to.contain("nothing was approved");
    });

    it("kills the dishonest attempt, and resolves the round by an honest one", () => {
      expect(report.attempts).to.deep.equal([
        { attempt: 1, vetoed: true, resolvedRound: false },
        { attempt: 2, vetoed: false, resolvedRound: true },
      ]);
      const refused = report.story.filter(({ outcome }) => outcome.startsWith("refused"));
      expect(refused.map(({ does }) => does)).to.deep.equal([
        "tries to finalise alone",
        "measures everything again and runs approve",
        "tries to finalise again",
      ]);
    });

    it("destroys the friend's stake, and its books balance", () => {
      const friend = report.stakes.find(({ scientist }) => scientist === "Kitchen Sink");
      expect(friend).to.deep.include({ verdict: "destroyed", ether: "0", nmrBack: "0" });
      expect(report.books.filter(({ holds }) => !holds)).to.deep.equal([]);
      expect(report).to.deep.include({ scenario: "dishonest-oracle", booksBalance: true });
      expect(text).to.contain("5. The dishonest member tries to finalise again").and.contain("books balance");
    });
  });

  describe("silent-oracle", () => {
    let report: SilentReport;

    before(async () => {
      // A process of its own: standard output must hold the JSON and nothing else.
      report = JSON.parse((await demo("--scenario", "silent-oracle", "--json")).stdout) as SilentReport;
    });

    it("is voided by anybody, not before the deadline", () => {
      expect(report.story.map(({ does }) => does)).to.deep.equal([
        "posts nothing",
        "tries to void the round at once",
        "voids it after the deadline",
        "settles it for everybody",
        "reclaims both pools",
      ]);
      expect(report.story[1]?.outcome).to.contain("expected a time after its deadline");
    });

    it("gives everybody back what they put in, and its books balance", () => {
      expect(report.books.filter(({ holds }) => !holds)).to.deep.equal([]);
      expect(report.books.map(({ found }) => Number(found)))
        .to.include(10)
        .and.to.include(50);
      expect(report.verified.filter(({ ok }) => !ok)).to.deep.equal([]);
      expect(report).to.deep.include({ scenario: "silent-oracle", booksBalance: true });
    });
  });

  describe("rewards", () => {
    let report: RewardsReport;
    let text: string;

    before(async () => {
      const performance = await play(rewards);
      report = performance.report as RewardsReport;
      text = performance.text;
    });

    it("pays by rank those who beat the benchmark, and those with a reputation", () => {
      const paid = report.leaderboard.filter(({ reward }) => reward !== "0");
      expect(paid.map(({ scientist }) => scientist)).to.deep.equal(["Neighbourhood", "Prudence", "Pendulum"]);
      // By rank 150, 100 and 50; 45 by reputation, which two of them earned in the round before as well.
      expect(report.leaderboard.map(({ reputation, reward }) => [reputation, reward])).to.deep.equal([
        [1, "159"],
        [2, "118"],
        [2, "68"],
        [0, "0"],
        [0, "0"],
      ]);
      expect(report).to.deep.include({ week: "1", added: "345" });
      expect(text).to.match(/│ neighbours-50 +│ Neighbourhood │ 0\.688758 │ +1 │ 159 │/);
    });

    it("needs two members and two days, and pays everybody by anybody's transactions", () => {
      expect(report.story.map(({ does, outcome }) => `${does}: ${outcome}`)).to.include.members([
        "verifies its file, proposes and approves it: 1 of 2 approvals",
        "recomputes the week from the leaderboard and approves it: 2 of 2 approvals",
        "activates week 1 two days later: 345 NMR minted for it",
        "claims for one account, and for 2 more at once: 2 transactions paid them; claiming again finds 0 to pay",
      ]);
      const [refused, ...others] = report.story.filter(({ outcome }) => outcome.startsWith("refused"));
      expect(others).to.have.length(0);
      expect(refused?.outcome).to.contain("found the challenge period running");
    });

    it("verifies, and its books balance over all contracts, before the claims as after", () => {
      expect(report.verified.filter(({ ok }) => !ok)).to.deep.equal([]);
      expect(report.books.filter(({ holds }) => !holds)).to.deep.equal([]);
      const found = new Map(report.books.map(({ what, found }) => [what, found]));
      expect(found.get("before the claims: WeeklyRewards holds what it owes")).to.equal("345");
      expect(found.get("WeeklyRewards holds what it owes")).to.equal("0");
      expect(report).to.deep.include({ scenario: "rewards", booksBalance: true });
    });
  });

  describe("bounty", () => {
    let report: BountyStoryReport;
    let text: string;

    before(async () => {
      const performance = await play(bounty);
      report = performance.report as BountyStoryReport;
      text = performance.text;
    });

    it("is won by one of two, who shares it; half is paid half way, all in the end", () => {
      expect(report.submissions.map(({ status }) => status)).to.deep.equal(["Awarded", "Rejected"]);
      expect(report.grants.map(({ awarded, released }) => [awarded, released])).to.deep.equal([
        ["30", "30"],
        ["15", "15"],
      ]);
      // Blocks come seconds after the half of sixty days.
      const [author, colleague] = report.grants.map(({ releasedHalfWay }) => Number(releasedHalfWay));
      expect(author).to.be.within(15, 15.001);
      expect(colleague).to.be.within(7.5, 7.5005);
    });

    it("gives what nobody won back to its funders, and not before it is closed", () => {
      expect(report).to.deep.include({ status: "Expired", funded: "100", awarded: "45", reclaimed: "55" });
      const told = report.story.map(({ who, does, outcome }) => `${who} ${does}: ${outcome}`);
      expect(told).to.include.members([
        "The issuer reclaims: 33 NMR of bounty 1 taken back",
        "The patron reclaims: 22 NMR of bounty 1 taken back",
      ]);
      expect(told.filter((line) => line.includes("refused"))).to.deep.equal([
        "The issuer tries to take its NMR back: refused: reclaim from bounty 1: the contract refused with BountyNotClosed(bountyId: 1, actual: Open)",
      ]);
    });

    it("has books that balance over all contracts, half way as at the end", () => {
      expect(report.books.filter(({ holds }) => !holds)).to.deep.equal([]);
      const found = new Map(report.books.map(({ what, found }) => [what, found]));
      // 55 that nobody won, and the half of 45 that has not vested.
      expect(Number(found.get("half way: BountyGrants holds what it owes"))).to.be.within(77.498, 77.5);
      expect(found.get("BountyGrants holds what it owes")).to.equal("0");
      expect(report).to.deep.include({ scenario: "bounty", booksBalance: true });
      expect(text).to.contain("bounty 1: Expired, 0 of 100 NMR left").and.contain("books balance");
    });
  });

  describe("compute", () => {
    let report: ComputeReport;
    let text: string;

    before(async function () {
      if (!confines) this.skip();
      const performance = await play(compute);
      report = performance.report as ComputeReport;
      text = performance.text;
    });

    it("has a provider learn what would be learnt here, to the last digit, and stakes what it predicts", () => {
      const rows = loadMarket().rows.filter(({ dataType }) => dataType === "train");
      expect(report.weights).to.deep.equal(fitLogistic(logisticInputs(PENDULUM.features), rows));
      expect(report.stake).to.deep.include({ model: "mean-reversion", scientist: "Pendulum", verdict: "paid" });
    });

    it("pays for what was metered, and gives the rest back, to the wei", () => {
      const [deposited, paid, returned] = [report.deposited, report.paid, report.returned].map(parseEther);
      expect(paid).to.not.equal(0n);
      expect(deposited).to.equal((paid ?? 0n) + (returned ?? 0n));
      expect(deposited).to.equal(parseEther("10"));
    });

    it("has books that balance over all contracts", () => {
      expect(report.books.filter(({ holds }) => !holds)).to.deep.equal([]);
      expect(report).to.deep.include({ scenario: "compute", booksBalance: true });
      expect(text)
        .to.match(/│ deposited +│ +10 │/)
        .and.contain("books balance");
    });
  });

  describe("given a machine that cannot confine jobs", () => {
    it("says what is missing instead of playing compute, before it does anything", async function () {
      // Root becomes nobody, who has to be let into this folder.
      const asNobody = confines ? { uid: NOBODY, gid: NOBODY } : {};
      const env = { ...operatorEnvironment({}), HOME: tmpdir() };
      const start = (...args: string[]) => run(process.execPath, args, { env, ...asNobody });
      const entered = await start("-e", "").catch(() => undefined);
      if (entered === undefined) this.skip();
      const refused = (await start("--import", "tsx", "scripts/demo.ts", "--scenario", "compute").catch(
        (error: unknown) => error,
      )) as { code: number; stdout: string; stderr: string };
      expect(refused).to.include({ code: 2, stdout: "" });
      expect(refused.stderr).to.match(
        /^error: this machine cannot confine and meter the jobs of others: .+\nhint: .+\n$/,
      );
    });
  });

  describe("the books of all contracts", () => {
    it("do not balance by a wei that a contract holds and does not owe", async () => {
      const { suite } = chain.context;
      const minter = await chain.signer("minter");
      for (const contract of [suite.tournament, suite.rewards, suite.bounties, suite.compute]) {
        await (await suite.nmr.connect(minter).mint(contract, 1n)).wait();
      }
      const failing = (await checkSuite(chain.context)).filter(({ holds }) => !holds);
      expect(failing.map(({ what, expected, found }) => [what, found - expected])).to.deep.equal([
        ["StakingTournament holds what it owes", 1n],
        ["WeeklyRewards holds what it owes", 1n],
        ["BountyGrants holds what it owes", 1n],
        ["ComputeEscrow holds what it owes", 1n],
      ]);
    });
  });

  it("plays all of them one after the other on one chain (deep run only)", async function () {
    if (process.env.NUMERAIRE_DEEP !== "1") this.skip();
    const all = JSON.parse((await demo("--scenario", "all", "--json")).stdout) as {
      scenarios: Record<string, { booksBalance: boolean }>;
      notPlayed: Record<string, string>;
      books: { holds: boolean }[];
      booksBalance: boolean;
    };
    expect(Object.entries(all.scenarios).map(([name, { booksBalance }]) => [name, booksBalance])).to.deep.equal([
      ["round", true],
      ["dishonest-oracle", true],
      ["silent-oracle", true],
      ["rewards", true],
      ["bounty", true],
      ...(confines ? [["compute", true]] : []),
    ]);
    expect(Object.keys(all.notPlayed)).to.deep.equal(confines ? [] : ["compute"]);
    expect(all.books.filter(({ holds }) => !holds)).to.deep.equal([]);
    expect(all.booksBalance).to.equal(true);
  });
});
