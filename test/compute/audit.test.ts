import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";
import { id, parseEther } from "ethers";

import { auditJob, auditText } from "../../scripts/compute/audit-job.js";
import { costOf, UNITS } from "../../scripts/compute/prices.js";
import { keepTicket, type KeptTicket } from "../../scripts/compute/tickets.js";
import { totalCost, usageRoot, type UsageLine } from "../../scripts/compute/usage-log.js";
import { toJson } from "../../scripts/terminal/to-json.js";
import { computeChannel, domainOf, redeem, type ComputeChannel } from "../fixtures/compute-channel.js";
import { networkHelpers } from "../fixtures/deployed.js";
import { contextFor } from "../fixtures/oracle-round.js";

const PRICES = { cpuSecond: parseEther("1"), gibSecond: 0n };
const JOB = id("job");

/** A line of a second of processor time, at the price list. */
function line(index: number, jobId = JOB): UsageLine {
  const usage = { cpuMicros: 1_000_000n, byteMillis: 0n };
  return { jobId, index, ...usage, cost: costOf(usage, PRICES) };
}

/** What a provider shows, honest or not. */
interface Shown {
  lines: UsageLine[];
  signed: bigint;
  demand?: { lines: number; cumulative: bigint; usageRoot: string };
}

describe("auditJob", () => {
  let d: ComputeChannel;
  let server: Server;
  let ticket: KeptTicket;
  let stateFolder: string;
  let shown: Shown;

  beforeEach(async () => {
    d = await networkHelpers.loadFixture(computeChannel);
    await d.compute.connect(d.provider).setPrice(1n, UNITS.cpuSecond, PRICES.cpuSecond);
    const { chainId, escrow } = await domainOf(d);
    const offer = { providerId: 1n, chainId, escrow, ...PRICES, validity: 7_200n };
    server = createServer(({ url = "" }, response) => {
      const { lines, signed, demand = null } = shown;
      const status = { state: "done", reason: "", cost: totalCost(lines), owed: totalCost(lines), signed, demand };
      response.end(toJson(url === "/prices" ? offer : url.includes("/usage") ? lines : status));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    stateFolder = await mkdtemp(path.join(tmpdir(), "numeraire-audit-"));
    ticket = { url, id: JOB, token: "", submittedAt: 0, user: d.user.address, at: "" };
    await keepTicket({ ...contextFor(d), stateFolder }, ticket);
  });
  afterEach(async () => {
    await new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
    await rm(stateFolder, { recursive: true });
  });

  const audited = async (given: Shown) => {
    shown = given;
    return auditJob({ ...contextFor(d), stateFolder }, ticket);
  };

  it("finds nothing where the log adds up to what was signed", async () => {
    const found = await audited({ lines: [line(0), line(1)], signed: parseEther("2") });
    expect(found).to.deep.include({ lines: 2, cost: parseEther("2"), overcharge: 0n, problems: [] });
  });

  it("shows a line that was made dearer afterwards, by how much", async () => {
    const dear = { ...line(1), cost: parseEther("1.5") };
    const found = await audited({ lines: [line(0), dear], signed: parseEther("2.5") });
    expect(found.overcharge).to.equal(parseEther("0.5"));
    expect(found.problems[0]).to.match(/line 1: costs 15\d+ wei, expected 10+ at the price list/);
    expect(auditText(found)).to.contain("2 NMR due, over-charge 0.5 NMR");
  });

  it("shows a line that was taken away, and one that was put in", async () => {
    const gap = await audited({ lines: [line(0), line(2)], signed: parseEther("3") });
    expect(gap.overcharge).to.equal(parseEther("1"));
    expect(gap.problems[0]).to.match(/line 2: expected line 1$/);
    const strange = await audited({ lines: [line(0), line(0, id("nobody's"))], signed: parseEther("2") });
    expect(strange.problems).to.deep.equal([
      `job ${id("nobody's")}: found it charged, expected only jobs that were submitted from here`,
    ]);
  });

  it("shows a line that came after the end of a job", async () => {
    await keepTicket({ ...contextFor(d), stateFolder }, { ...ticket, ended: { at: 1, lines: 1 } });
    const found = await audited({ lines: [line(0), line(1)], signed: parseEther("2") });
    expect(found.problems).to.deep.equal([`job ${JOB}: found 2 lines, expected the 1 that it had when it ended`]);
  });

  it("shows a demand whose root or sum is another one's", async () => {
    const lines = [line(0), line(1)];
    const demand = { lines: 2, cumulative: parseEther("3"), usageRoot: usageRoot([line(0)]) };
    const found = await audited({ lines, signed: 0n, demand });
    expect(found.overcharge).to.equal(parseEther("1"));
    expect(found.problems.map((problem) => problem.split(":")[0])).to.deep.equal(["Merkle root", "voucher"]);
  });

  it("shows what the chain paid beyond the log, whatever the provider says was signed", async () => {
    await redeem(d, { cumulative: parseEther("5") });
    const found = await audited({ lines: [line(0), line(1)], signed: parseEther("2") });
    expect(found.overcharge).to.equal(parseEther("3"));
    expect(found.problems).to.have.length(1);
  });
});
