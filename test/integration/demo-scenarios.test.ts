import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";

import { expect } from "chai";

import { openChain } from "../../scripts/demo/chain.js";
import { dishonestOracle, type DishonestReport } from "../../scripts/demo/scenarios/dishonest-oracle.js";
import type { SilentReport } from "../../scripts/demo/scenarios/silent-oracle.js";
import { silentLog } from "../../scripts/terminal/log.js";
import { operatorEnvironment } from "../fixtures/typescript-process.js";

const run = promisify(execFile);

const demo = (...args: string[]) =>
  run(process.execPath, ["--import", "tsx", "scripts/demo.ts", ...args], { env: operatorEnvironment({}) });

describe("the demo's scenarios", function () {
  this.timeout(120_000);

  describe("dishonest-oracle", () => {
    let report: DishonestReport;
    let text: string;

    before(async () => {
      const folder = await mkdtemp(path.join(tmpdir(), "numeraire-"));
      const performance = await dishonestOracle(await openChain(undefined, silentLog), folder);
      await rm(folder, { recursive: true });
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

  it("plays all of them one after the other (deep run only)", async function () {
    if (process.env.NUMERAIRE_DEEP !== "1") this.skip();
    const all = JSON.parse((await demo("--scenario", "all", "--json")).stdout) as {
      scenarios: { booksBalance: boolean }[];
      booksBalance: boolean;
    };
    expect(all.scenarios.map(({ booksBalance }) => booksBalance)).to.deep.equal([true, true, true]);
    expect(all.booksBalance).to.equal(true);
  });
});
