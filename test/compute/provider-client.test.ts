import { appendFile } from "node:fs/promises";
import path from "node:path";

import { expect } from "chai";

import { readJob, readUsage } from "../../scripts/compute/client.js";
import { runJob } from "../../scripts/compute/run-job.js";
import { readTickets } from "../../scripts/compute/tickets.js";
import { audit } from "../../scripts/compute/usage-log.js";
import { DEPOSIT, type ComputeChannel } from "../fixtures/compute-channel.js";
import { CPU_SECOND, openProvider, pricedChannel, spin, type ComputeProvider } from "../fixtures/compute-provider.js";
import { networkHelpers } from "../fixtures/deployed.js";
import { failure } from "../fixtures/failure.js";
import { contextFor } from "../fixtures/oracle-round.js";
import { skipUnlessRoot } from "../fixtures/skip-unless-root.js";

describe("A provider of computing power, given a client that checks", function () {
  this.timeout(60_000);
  let d: ComputeChannel;
  let provider: ComputeProvider;

  before(skipUnlessRoot);
  beforeEach(async () => {
    d = await networkHelpers.loadFixture(pricedChannel);
    provider = await openProvider(d);
  });
  afterEach(() => provider.remove());

  it("signs nothing above its cap", async () => {
    const ticket = await provider.submit(spin(0.2));
    await provider.follow(ticket, false);
    expect((await failure(provider.pay(ticket, [], { cap: 1n }))).message).to.contain("voucher not signed: cap: found");
    expect((await readJob(ticket)).signed).to.equal(0n);
  });

  it("signs nothing for usage that there was no time for, although it adds up", async () => {
    const ticket = await provider.submit(spin(0.5));
    await provider.follow(ticket, false);
    const jobs = [{ ...ticket, submittedAt: Date.now() }];
    expect((await failure(provider.pay(ticket, [], { jobs }))).message).to.match(
      /voucher not signed: processor time: found \d+ µs/,
    );
    expect((await failure(provider.pay(ticket, [], { memoryBytes: 1 }))).message).to.match(
      /voucher not signed: memory: found \d+ byte-ms/,
    );
    expect((await readJob(ticket)).signed).to.equal(0n);
    expect((await provider.pay(ticket)) > 0n).to.equal(true);
  });

  it("signs nothing for a job that it did not submit, in the same channel and at the right price", async () => {
    const mine = await provider.submit(spin(0.2));
    const other = await provider.submit(spin(0.3));
    await provider.follow(mine, false);
    await provider.follow(other, false);
    const error = await failure(provider.pay(mine, [], { jobs: [mine] }));
    expect(error.message).to.contain(`voucher not signed: job ${other.id}: found it charged`);
    expect((await readJob(mine)).signed).to.equal(0n);
    expect((await provider.pay(mine)) > 0n).to.equal(true);
  });

  it("signs nothing for a job whose end it has seen, beyond the lines it had and the time it took", async () => {
    const context = { ...contextFor(d), signer: d.user, stateFolder: provider.folder };
    const limits = { cap: DEPOSIT, cores: 1, memoryBytes: 2 ** 27, output: () => undefined };
    const run = async () =>
      runJob(context, { url: provider.running.url, user: d.user.address, program: spin(0.2), ...limits });
    const { job } = await run();
    const ticket = (await readTickets(context)).find(({ id }) => id === job);
    if (ticket?.ended === undefined) throw new Error("the end was not remembered");
    const { lines: index, at } = ticket.ended;
    expect(at).to.be.within(ticket.submittedAt, Date.now());
    await provider.running.close();
    // A millisecond more, at the right price: it may have taken place, but for the end.
    const line = { jobId: job, index, cpuMicros: "1000", byteMillis: "0", cost: (CPU_SECOND / 1_000n).toString() };
    await appendFile(path.join(provider.folder, "books.jsonl"), `${JSON.stringify({ user: d.user.address, line })}\n`);
    await provider.start();
    const error = await failure(run());
    expect(error.message).to.contain(
      `job ${job}: found ${index + 1} lines, expected the ${index} that it had when it ended`,
    );
    await provider.running.close();
    expect((await d.compute.getChannel(1n, d.user)).claimed > 0n).to.equal(true);
    await provider.start();
  });

  it("charges an ended job's time until its end, however long ago that is", async () => {
    const ticket = await provider.submit(spin(0.5));
    await provider.follow(ticket, false);
    const submittedAt = Date.now() - 7 * 86_400_000;
    const ended = { at: submittedAt, lines: (await readUsage(ticket)).length };
    expect((await failure(provider.pay(ticket, [], { jobs: [{ ...ticket, submittedAt, ended }] }))).message).to.match(
      /voucher not signed: processor time: found \d+ µs, expected at most 200000/,
    );
    expect((await provider.pay(ticket, [], { jobs: [{ ...ticket, submittedAt }] })) > 0n).to.equal(true);
  });

  it("signs nothing for a log that was charged otherwise than agreed", async () => {
    const ticket = await provider.submit(spin(0.2));
    await provider.follow(ticket, false);
    provider.offer = { ...provider.offer, prices: { ...provider.offer.prices, cpuSecond: CPU_SECOND / 2n } };
    expect((await failure(provider.pay(ticket))).message).to.contain("at the price list");
    const { demand } = await readJob(ticket);
    if (demand === null) throw new Error("nothing to pay");
    expect(audit(await readUsage(ticket), provider.offer.prices, demand).overcharge > 0n).to.equal(true);
  });
});
