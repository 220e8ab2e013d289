import { chmod, readFile, readdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { expect } from "chai";

import { fetchResult, listResults, readJob, readLogs, readUsage } from "../../scripts/compute/client.js";
import { UNITS } from "../../scripts/compute/prices.js";
import { formatNmr } from "../../sdk/units.js";
import { DEPOSIT, type ComputeChannel } from "../fixtures/compute-channel.js";
import { CPU_SECOND, openProvider, pricedChannel, spin, type ComputeProvider } from "../fixtures/compute-provider.js";
import { networkHelpers } from "../fixtures/deployed.js";
import { failure } from "../fixtures/failure.js";
import { skipUnlessRoot } from "../fixtures/skip-unless-root.js";

describe("A provider of computing power", function () {
  this.timeout(60_000);
  let d: ComputeChannel;
  let provider: ComputeProvider;

  before(skipUnlessRoot);
  beforeEach(async () => {
    d = await networkHelpers.loadFixture(pricedChannel);
    provider = await openProvider(d);
  });
  afterEach(() => provider.remove());

  it("runs a job, shows what it prints, gives back what it made, and is paid on chain for what it metered", async () => {
    const ticket = await provider.submit(spin(0.6));
    const status = await provider.follow(ticket);
    expect(status).to.include({ state: "done", reason: "" });
    expect((await readLogs(ticket)).toString()).to.equal("trained\n");
    expect((await readLogs(ticket, 5)).toString()).to.equal("ed\n");
    expect((await readLogs(ticket, 8)).toString()).to.equal("");
    expect((await failure(readLogs(ticket, -1))).message).to.contain("from");
    expect(await readUsage(ticket, 1)).to.deep.equal((await readUsage(ticket)).slice(1));
    expect((await failure(readUsage(ticket, -1))).message).to.contain("from");
    expect(await listResults(ticket)).to.deep.equal(["main", "model.txt"]);
    expect((await fetchResult(ticket, "model.txt")).toString()).to.equal("trained");
    expect(status.signed).to.equal(status.owed);
    expect(status.owed >= CPU_SECOND / 2n && status.owed < 4n * CPU_SECOND, `cost ${status.owed}`).to.equal(true);
    await provider.running.close();
    const channel = await d.compute.getChannel(1n, d.user);
    expect(channel.claimed).to.equal(status.owed);
    expect(await d.nmr.balanceOf(d.payout)).to.equal(status.owed);
    expect(channel.deposited).to.equal(channel.balance + channel.claimed);
    await provider.start();
  });

  it("pauses a job that is not paid before it exceeds the interval, stops it, and gives no more credit", async () => {
    await provider.running.close();
    await provider.start({ interval: CPU_SECOND });
    const unpaid = await provider.follow(await provider.submit(spin(30)), false);
    expect(unpaid).to.include({ state: "stopped", reason: "not paid: sign vouchers, or deposit" });
    expect(unpaid.owed <= CPU_SECOND, `exposure ${unpaid.owed}`).to.equal(true);
    expect(unpaid.owed > 0n).to.equal(true);
    expect((await failure(provider.submit(spin(0)))).message).to.contain("found no credit for a job");
  });

  it("goes on with what it has in its books when it starts again", async () => {
    const ticket = await provider.submit(spin(0.3));
    const { owed } = await provider.follow(ticket);
    await provider.running.close();
    await provider.start();
    const again = await provider.follow(await provider.submit(spin(0)));
    expect(again.owed > owed).to.equal(true);
    expect(again.signed).to.equal(again.owed);
  });

  it("does not start when it would redeem too late for a user who withdraws", async () => {
    await provider.running.close();
    expect((await failure(provider.start({ redeemEvery: 3_601 }))).message).to.contain(
      "expected two within the withdraw delay of 7200 s",
    );
    await provider.start();
  });

  it("does not start in a folder that others may enter", async () => {
    await provider.running.close();
    await chmod(provider.folder, 0o755);
    expect((await failure(provider.start())).message).to.contain("found mode 755 of account 0, expected mode 700");
    await chmod(provider.folder, 0o700);
    await provider.start();
  });

  it("does not start twice with the same books", async () => {
    const first = provider.running;
    expect((await failure(provider.start())).message).to.contain("at work, expected to be alone");
    expect(provider.running).to.equal(first);
  });

  it("does not start with books that know less than the chain paid, nor with none", async () => {
    const books = path.join(provider.folder, "books.jsonl");
    await provider.follow(await provider.submit(spin(0.2)));
    await provider.running.close();
    const { claimed } = await d.compute.getChannel(1n, d.user);
    const whole = await readFile(books, "utf8");
    const message = `books: found 0 NMR metered for ${d.user.address}, expected the ${formatNmr(claimed)} NMR`;
    await rm(books);
    expect((await failure(provider.start())).message).to.contain(message);
    await writeFile(books, whole.split("\n").slice(1).join("\n"));
    expect((await failure(provider.start())).message).to.contain("NMR that it paid on chain, or more");
    await writeFile(books, whole);
    await provider.start();
  });

  it("removes what jobs of an earlier process left, to which nobody has a token any more", async () => {
    const ticket = await provider.submit(spin(0));
    await provider.follow(ticket);
    expect(await readdir(path.join(provider.folder, "jobs"))).to.deep.equal([ticket.id.slice(2)]);
    await provider.running.close();
    await provider.start();
    expect(await readdir(path.join(provider.folder, "jobs"))).to.deep.equal([]);
  });

  it("redeems at its start what an earlier process was not paid for", async () => {
    const ticket = await provider.submit(spin(0.2));
    const { signed } = await provider.follow(ticket);
    const books = path.join(provider.folder, "books.jsonl");
    const before = await readFile(books);
    const snapshot = await networkHelpers.takeSnapshot();
    await provider.running.close();
    await snapshot.restore();
    await writeFile(books, before);
    await provider.start();
    while ((await d.compute.getChannel(1n, d.user)).claimed === 0n) await sleep(50);
    expect((await d.compute.getChannel(1n, d.user)).claimed).to.equal(signed);
  });

  it("works beside another one for the same user, and each is paid what it metered", async () => {
    const owner = d.stranger;
    await d.compute.connect(owner).registerProvider("https://other.example", owner, 7_200n);
    await d.compute.connect(owner).setPrice(2n, UNITS.cpuSecond, 2n * CPU_SECOND);
    await d.compute.connect(d.user).deposit(2n, DEPOSIT);
    const other = await openProvider(d, { owner, submitted: provider.submitted });
    try {
      const later = await other.submit(spin(0.3));
      const first = await provider.submit(spin(0.3));
      const ends = [await provider.follow(first), await other.follow(later)];
      await Promise.all([provider.running.close(), other.running.close()]);
      for (const [i, end] of ends.entries()) {
        expect(end).to.include({ state: "done" });
        const { claimed, balance } = await d.compute.getChannel(BigInt(i + 1), d.user);
        expect(claimed).to.equal(end.signed);
        expect(claimed + balance).to.equal(DEPOSIT);
      }
    } finally {
      await other.remove();
    }
  });

  it("extends no credit on what is being withdrawn", async () => {
    await d.compute.connect(d.user).startWithdrawal(1n, DEPOSIT);
    expect((await failure(provider.submit(spin(0)))).message).to.contain("found no credit for a job");
  });

  it("stops a job whose user withdraws, and is still paid for what it did", async () => {
    const ticket = await provider.submit(spin(30));
    while ((await readJob(ticket)).owed === 0n) await sleep(50);
    await d.compute.connect(d.user).startWithdrawal(1n, DEPOSIT);
    const status = await provider.follow(ticket, false);
    expect(status.state).to.equal("stopped");
    await d.compute.connect(d.user).cancelWithdrawal(1n);
    await provider.pay(ticket);
    await provider.running.close();
    expect((await d.compute.getChannel(1n, d.user)).claimed).to.equal(status.owed);
    await provider.start();
  });
});
