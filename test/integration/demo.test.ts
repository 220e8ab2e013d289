import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { expect } from "chai";

import type { DemoReport } from "../../scripts/demo/report.js";

const run = promisify(execFile);

describe("the demo", function () {
  this.timeout(180_000);
  let report: DemoReport;

  before(async () => {
    // A process of its own: standard output must hold the JSON and nothing else.
    const { stdout } = await run(process.execPath, ["--import", "tsx", "scripts/demo.ts", "--json"]);
    report = JSON.parse(stdout) as DemoReport;
  });

  it("plays one round of at least eight models, all of whose books balance", () => {
    expect(report.round).to.equal("1");
    expect(report.stakes).to.have.length.of.at.least(8);
    expect(report.books.filter(({ holds }) => !holds)).to.deep.equal([]);
    expect(report.booksBalance).to.equal(true);
    expect(report.verified.filter(({ ok }) => !ok)).to.deep.equal([]);
  });

  it("shows every outcome: paid, destroyed, returned unpaid, unoriginal", () => {
    const { stakes } = report;
    expect(stakes.filter(({ ether, verdict }) => verdict === "paid" && Number(ether) > 0)).to.not.have.length(0);
    expect(
      stakes.filter(({ nmrDestroyed, verdict }) => verdict === "destroyed" && Number(nmrDestroyed) > 0),
    ).to.not.have.length(0);
    expect(stakes.filter(({ ether, verdict }) => verdict === "returned" && ether === "0")).to.not.have.length(0);
    expect(stakes.filter(({ original, verdict }) => !original && verdict === "returned")).to.not.have.length(0);
  });

  it("says of the supply what the stakes say", () => {
    const { flows, before: earlier, after } = report.totals;
    expect(Number(flows.destroyed)).to.be.above(0);
    expect(earlier.nmrSupply).to.equal(flows.staked);
    expect(after.nmrSupply).to.equal(flows.returned);
    expect([after.nmrInTournament, after.etherInTournament]).to.deep.equal(["0", "0"]);
  });
});
