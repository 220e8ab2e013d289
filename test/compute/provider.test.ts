import { appendFile, chmod, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { expect } from "chai";
import { Wallet, id, parseEther } from "ethers";

import {
  fetchResult,
  listResults,
  payDemand,
  readJob,
  readLogs,
  readOffer,
  readUsage,
  submitJob,
  type JobTicket,
  type Offer,
  type Payer,
} from "../../scripts/compute/client.js";
import { hashOf, requestHeaders, signRequest, type ProgramBody } from "../../scripts/compute/job-request.js";
import { UNITS } from "../../scripts/compute/prices.js";
import { runProvider, type ProviderSettings, type RunningProvider } from "../../scripts/compute/provider.js";
import { runJob } from "../../scripts/compute/run-job.js";
import { readTickets } from "../../scripts/compute/tickets.js";
import { audit, type UsageLine } from "../../scripts/compute/usage-log.js";
import { formatNmr } from "../../sdk/units.js";
import { signVoucher, type UsageVoucher } from "../../sdk/usage-voucher.js";
import { computeChannel, DAY, DEPOSIT, now, type ComputeChannel } from "../fixtures/compute-channel.js";
import { networkHelpers } from "../fixtures/deployed.js";
import { contextFor } from "../fixtures/oracle-round.js";

/** What a second of a processor costs; the interval is one of them. */
const CPU_SECOND = parseEther("1");
const ENDED = ["done", "failed", "stopped"];

const script = (source: string, runtime: ProgramBody["runtime"] = "python"): ProgramBody => ({
  runtime,
  entry: "main",
  files: [{ path: "main", content: Buffer.from(source).toString("base64") }],
});
const spin = (seconds: number) =>
  script(`
import time
end = time.process_time() + ${seconds}
while time.process_time() < end: pass
open("model.txt", "w").write("trained")
print("trained", flush=True)`);

describe("A provider of computing power", function () {
  this.timeout(60_000);
  let d: ComputeChannel;
  let folder: string;
  let provider: RunningProvider;
  let offer: Offer;
  let submitted: JobTicket[];

  before(function () {
    if (process.platform !== "linux" || process.getuid?.() !== 0) this.skip();
  });

  const start = async (changes: Partial<ProviderSettings> = {}, owner = d.provider) => {
    provider = await runProvider(
      { ...contextFor(d), signer: owner },
      {
        folder,
        host: "127.0.0.1",
        port: 0,
        limits: { cpuSeconds: 60, cores: 1, memoryBytes: 2 ** 27, processes: 16, diskBytes: 2 ** 20, wallSeconds: 60 },
        interval: 4n * CPU_SECOND,
        patience: 1,
        redeemEvery: 3_600,
        redeemLeast: 1n,
        userJobs: 16,
        userBytes: 2 ** 24,
        keep: 3_600,
        ...changes,
      },
    );
    offer = await readOffer(provider.url);
  };

  beforeEach(async () => {
    d = await networkHelpers.loadFixture(computeChannel);
    await d.compute.connect(d.provider).setPrice(1n, UNITS.cpuSecond, CPU_SECOND);
    await d.compute.connect(d.provider).setPrice(1n, UNITS.gibSecond, parseEther("0.1"));
    folder = await mkdtemp(path.join(tmpdir(), "numeraire-provider-"));
    submitted = [];
    await start();
  });
  afterEach(async () => {
    await provider.close();
    await rm(folder, { recursive: true });
  });

  const submit = async (program: ProgramBody, signer: Pick<Wallet, "signTypedData"> = d.user) => {
    const ticket = await submitJob(provider.url, offer, d.user.address, signer, program, await now());
    submitted.push(ticket);
    return ticket;
  };
  const pay = async (ticket: JobTicket, lines: UsageLine[] = [], changes: Partial<Payer> = {}) => {
    const payer = {
      user: d.user.address,
      signer: d.user,
      jobs: submitted,
      cap: DEPOSIT,
      cores: 1,
      memoryBytes: 2 ** 27,
    };
    return payDemand(ticket, offer, { ...payer, ...changes }, lines, await now());
  };
  const failure = async (promise: Promise<unknown>) => String(await promise.catch((error: unknown) => error));
  /** Follows a job to its end, and signs what is asked for on the way, or not. */
  const follow = async (ticket: JobTicket, paying = true) => {
    const lines: UsageLine[] = [];
    for (;;) {
      if (paying) await pay(ticket, lines);
      const status = await readJob(ticket);
      if (ENDED.includes(status.state)) {
        if (paying) await pay(ticket, lines);
        return readJob(ticket);
      }
      await sleep(100);
    }
  };

  it("runs a job, shows what it prints, gives back what it made, and is paid on chain for what it metered", async () => {
    const ticket = await submit(spin(0.6));
    const status = await follow(ticket);
    expect(status).to.include({ state: "done", reason: "" });
    expect((await readLogs(ticket)).toString()).to.equal("trained\n");
    expect((await readLogs(ticket, 5)).toString()).to.equal("ed\n");
    expect((await readLogs(ticket, 8)).toString()).to.equal("");
    expect(await failure(readLogs(ticket, -1))).to.contain("from");
    expect(await readUsage(ticket, 1)).to.deep.equal((await readUsage(ticket)).slice(1));
    expect(await failure(readUsage(ticket, -1))).to.contain("from");
    expect(await listResults(ticket)).to.deep.equal(["main", "model.txt"]);
    expect((await fetchResult(ticket, "model.txt")).toString()).to.equal("trained");
    expect(status.signed).to.equal(status.owed);
    expect(status.owed >= CPU_SECOND / 2n && status.owed < 4n * CPU_SECOND, `cost ${status.owed}`).to.equal(true);
    await provider.close();
    const channel = await d.compute.getChannel(1n, d.user);
    expect(channel.claimed).to.equal(status.owed);
    expect(await d.nmr.balanceOf(d.payout)).to.equal(status.owed);
    expect(channel.deposited).to.equal(channel.balance + channel.claimed);
    await start();
  });

  it("pauses a job that is not paid before it exceeds the interval, stops it, and gives no more credit", async () => {
    await provider.close();
    await start({ interval: CPU_SECOND });
    const unpaid = await follow(await submit(spin(30)), false);
    expect(unpaid).to.include({ state: "stopped", reason: "not paid: sign vouchers, or deposit" });
    expect(unpaid.owed <= CPU_SECOND, `exposure ${unpaid.owed}`).to.equal(true);
    expect(unpaid.owed > 0n).to.equal(true);
    expect(await failure(submit(spin(0)))).to.contain("found no credit for a job");
  });

  it("goes on with what it has in its books when it starts again", async () => {
    const ticket = await submit(spin(0.3));
    const { owed } = await follow(ticket);
    await provider.close();
    await start();
    const again = await follow(await submit(spin(0)));
    expect(again.owed > owed).to.equal(true);
    expect(again.signed).to.equal(again.owed);
  });

  it("does not start when it would redeem too late for a user who withdraws", async () => {
    await provider.close();
    expect(await failure(start({ redeemEvery: 3_601 }))).to.contain("expected two within the withdraw delay of 7200 s");
    await start();
  });

  it("does not start in a folder that others may enter", async () => {
    await provider.close();
    await chmod(folder, 0o755);
    expect(await failure(start())).to.contain("found mode 755 of account 0, expected mode 700");
    await chmod(folder, 0o700);
    await start();
  });

  it("does not start twice with the same books", async () => {
    const first = provider;
    expect(await failure(start())).to.contain("at work, expected to be alone");
    expect(provider).to.equal(first);
  });

  it("does not start with books that know less than the chain paid, nor with none", async () => {
    const books = path.join(folder, "books.jsonl");
    await follow(await submit(spin(0.2)));
    await provider.close();
    const { claimed } = await d.compute.getChannel(1n, d.user);
    const whole = await readFile(books, "utf8");
    const message = `books: found 0 NMR metered for ${d.user.address}, expected the ${formatNmr(claimed)} NMR`;
    await rm(books);
    expect(await failure(start())).to.contain(message);
    await writeFile(books, whole.split("\n").slice(1).join("\n"));
    expect(await failure(start())).to.contain("NMR that it paid on chain, or more");
    await writeFile(books, whole);
    await start();
  });

  it("removes what jobs of an earlier process left, to which nobody has a token any more", async () => {
    const ticket = await submit(spin(0));
    await follow(ticket);
    expect(await readdir(path.join(folder, "jobs"))).to.deep.equal([ticket.id.slice(2)]);
    await provider.close();
    await start();
    expect(await readdir(path.join(folder, "jobs"))).to.deep.equal([]);
  });

  it("redeems at its start what an earlier process was not paid for", async () => {
    const ticket = await submit(spin(0.2));
    const { signed } = await follow(ticket);
    const books = path.join(folder, "books.jsonl");
    const before = await readFile(books);
    const snapshot = await networkHelpers.takeSnapshot();
    await provider.close();
    await snapshot.restore();
    await writeFile(books, before);
    await start();
    while ((await d.compute.getChannel(1n, d.user)).claimed === 0n) await sleep(50);
    expect((await d.compute.getChannel(1n, d.user)).claimed).to.equal(signed);
  });

  it("works beside another one for the same user, and each is paid what it metered", async () => {
    const owner = d.stranger;
    await d.compute.connect(owner).registerProvider("https://other.example", owner, 7_200n);
    await d.compute.connect(owner).setPrice(2n, UNITS.cpuSecond, 2n * CPU_SECOND);
    await d.compute.connect(d.user).deposit(2n, DEPOSIT);
    const firstFolder = folder;
    const [first, firstOffer] = [provider, offer];
    folder = await mkdtemp(path.join(tmpdir(), "numeraire-provider-"));
    await start({}, owner);
    const [second, secondOffer] = [provider, offer];
    try {
      const tickets = [await submit(spin(0.3))];
      [provider, offer] = [first, firstOffer];
      tickets.unshift(await submit(spin(0.3)));
      const ends = [await follow(tickets[0] as JobTicket)];
      [provider, offer] = [second, secondOffer];
      ends.push(await follow(tickets[1] as JobTicket));
      await Promise.all([first.close(), second.close()]);
      for (const [i, end] of ends.entries()) {
        expect(end).to.include({ state: "done" });
        const { claimed, balance } = await d.compute.getChannel(BigInt(i + 1), d.user);
        expect(claimed).to.equal(end.signed);
        expect(claimed + balance).to.equal(DEPOSIT);
      }
    } finally {
      await second.close();
      await rm(folder, { recursive: true });
      [provider, offer, folder] = [first, firstOffer, firstFolder];
    }
  });

  it("extends no credit on what is being withdrawn", async () => {
    await d.compute.connect(d.user).startWithdrawal(1n, DEPOSIT);
    expect(await failure(submit(spin(0)))).to.contain("found no credit for a job");
  });

  it("stops a job whose user withdraws, and is still paid for what it did", async () => {
    const ticket = await submit(spin(30));
    while ((await readJob(ticket)).owed === 0n) await sleep(50);
    await d.compute.connect(d.user).startWithdrawal(1n, DEPOSIT);
    const status = await follow(ticket, false);
    expect(status.state).to.equal("stopped");
    await d.compute.connect(d.user).cancelWithdrawal(1n);
    await pay(ticket);
    await provider.close();
    expect((await d.compute.getChannel(1n, d.user)).claimed).to.equal(status.owed);
    await start();
  });

  describe("given a voucher", () => {
    let ticket: JobTicket;
    let lines: UsageLine[];
    let voucher: UsageVoucher;

    beforeEach(async () => {
      ticket = await submit(spin(0.2));
      await follow(ticket, false);
      lines = await readUsage(ticket);
      const { demand } = await readJob(ticket);
      if (demand === null) throw new Error("nothing to pay");
      const { cumulative, usageRoot } = demand;
      const validUntil = (await now()) + DAY;
      voucher = { providerId: 1n, user: d.user.address, cumulative, usageRoot, validUntil };
    });

    const offerVoucher = async (changes: Partial<UsageVoucher> = {}, options: VoucherOptions = {}) => {
      const signed = { ...voucher, ...changes };
      const domain = { ...offer.domain, ...options.domain };
      const signature = await signVoucher(options.signer ?? d.user, domain, signed);
      const response = await fetch(`${provider.url}/jobs/${ticket.id}/voucher`, {
        method: "POST",
        headers: { "content-type": "application/json", authorization: `Bearer ${ticket.token}` },
        body: JSON.stringify({
          lines: options.lines ?? lines.length,
          cumulative: signed.cumulative.toString(),
          usageRoot: signed.usageRoot,
          validUntil: signed.validUntil.toString(),
          signature: options.spell === undefined ? signature : options.spell(signature),
        }),
      });
      return response.ok ? "accepted" : ((await response.json()) as { error: string }).error;
    };
    interface VoucherOptions {
      domain?: Partial<Offer["domain"]>;
      signer?: Pick<Wallet, "signTypedData">;
      lines?: number;
      spell?: (signature: string) => string;
    }

    it("takes one that it asked for, once", async () => {
      expect(await offerVoucher()).to.equal("accepted");
      expect(await offerVoucher()).to.contain("cumulative: found");
    });

    it("refuses every other", async () => {
      expect(await offerVoucher({ cumulative: voucher.cumulative - 1n })).to.contain("cumulative: found");
      expect(await offerVoucher({ usageRoot: id("other") })).to.contain("usageRoot: found");
      expect(await offerVoucher({}, { lines: lines.length - 1 })).to.contain("cumulative: found");
      expect(await offerVoucher({ validUntil: (await now()) + 60n })).to.contain("validUntil: found");
      expect(await offerVoucher({}, { domain: { chainId: 1n } })).to.contain("session key's end: found 0");
      // The body names no provider: what was signed for another one is no signature of this one's.
      expect(await offerVoucher({ providerId: 2n })).to.contain("session key's end: found 0");
    });

    it("refuses a signature that libraries read and the chain does not", async () => {
      const zeroBased = (signature: string) => signature.slice(0, -2) + (signature.endsWith("1b") ? "00" : "01");
      expect(await offerVoucher({}, { spell: zeroBased })).to.contain("voucher signature: found");
    });

    it("takes a session key's within its limit, and refuses one that is over it or was revoked", async () => {
      const signer = Wallet.createRandom();
      expect(await offerVoucher({}, { signer })).to.contain("session key's end: found 0");
      const compute = d.compute.connect(d.user);
      await compute.authorizeSigner(1n, signer.address, voucher.cumulative - 1n, (await now()) + DAY);
      expect(await offerVoucher({}, { signer })).to.contain("SignerLimitExceeded");
      await compute.authorizeSigner(1n, signer.address, voucher.cumulative, (await now()) + DAY);
      await compute.revokeSigner(1n, signer.address);
      await networkHelpers.mine();
      expect(await offerVoucher({}, { signer })).to.contain("session key's end: found");
      await compute.authorizeSigner(1n, signer.address, voucher.cumulative, (await now()) + DAY);
      expect(await offerVoucher({}, { signer })).to.equal("accepted");
    });

    it("refuses what the balance cannot pay in full", async () => {
      await d.compute.connect(d.provider).refund(d.user, DEPOSIT - 1n);
      expect(await offerVoucher()).to.contain("balance: found 1");
    });
  });

  describe("given a client that checks", () => {
    it("signs nothing above its cap", async () => {
      const ticket = await submit(spin(0.2));
      await follow(ticket, false);
      expect(await failure(pay(ticket, [], { cap: 1n }))).to.contain("voucher not signed: cap: found");
      expect((await readJob(ticket)).signed).to.equal(0n);
    });

    it("signs nothing for usage that there was no time for, although it adds up", async () => {
      const ticket = await submit(spin(0.5));
      await follow(ticket, false);
      const jobs = [{ ...ticket, submittedAt: Date.now() }];
      expect(await failure(pay(ticket, [], { jobs }))).to.match(/voucher not signed: processor time: found \d+ µs/);
      expect(await failure(pay(ticket, [], { memoryBytes: 1 }))).to.match(
        /voucher not signed: memory: found \d+ byte-ms/,
      );
      expect((await readJob(ticket)).signed).to.equal(0n);
      expect((await pay(ticket)) > 0n).to.equal(true);
    });

    it("signs nothing for a job that it did not submit, in the same channel and at the right price", async () => {
      const mine = await submit(spin(0.2));
      const other = await submit(spin(0.3));
      await follow(mine, false);
      await follow(other, false);
      const error = await failure(pay(mine, [], { jobs: [mine] }));
      expect(error).to.contain(`voucher not signed: job ${other.id}: found it charged`);
      expect((await readJob(mine)).signed).to.equal(0n);
      expect((await pay(mine)) > 0n).to.equal(true);
    });

    it("signs nothing for a job whose end it has seen, beyond the lines it had and the time it took", async () => {
      const context = { ...contextFor(d), signer: d.user, stateFolder: folder };
      const limits = { cap: DEPOSIT, cores: 1, memoryBytes: 2 ** 27, output: () => undefined };
      const run = async () =>
        runJob(context, { url: provider.url, user: d.user.address, program: spin(0.2), ...limits });
      const { job } = await run();
      const ticket = (await readTickets(context)).find(({ id }) => id === job);
      if (ticket?.ended === undefined) throw new Error("the end was not remembered");
      const { lines: index, at } = ticket.ended;
      expect(at).to.be.within(ticket.submittedAt, Date.now());
      await provider.close();
      // A millisecond more, at the right price: it may have taken place, but for the end.
      const line = { jobId: job, index, cpuMicros: "1000", byteMillis: "0", cost: (CPU_SECOND / 1_000n).toString() };
      await appendFile(path.join(folder, "books.jsonl"), `${JSON.stringify({ user: d.user.address, line })}\n`);
      await start();
      const error = await failure(run());
      expect(error).to.contain(`job ${job}: found ${index + 1} lines, expected the ${index} that it had when it ended`);
      await provider.close();
      expect((await d.compute.getChannel(1n, d.user)).claimed > 0n).to.equal(true);
      await start();
    });

    it("charges an ended job's time until its end, however long ago that is", async () => {
      const ticket = await submit(spin(0.5));
      await follow(ticket, false);
      const submittedAt = Date.now() - 7 * 86_400_000;
      const ended = { at: submittedAt, lines: (await readUsage(ticket)).length };
      expect(await failure(pay(ticket, [], { jobs: [{ ...ticket, submittedAt, ended }] }))).to.match(
        /voucher not signed: processor time: found \d+ µs, expected at most 200000/,
      );
      expect((await pay(ticket, [], { jobs: [{ ...ticket, submittedAt }] })) > 0n).to.equal(true);
    });

    it("signs nothing for a log that was charged otherwise than agreed", async () => {
      const ticket = await submit(spin(0.2));
      await follow(ticket, false);
      offer = { ...offer, prices: { ...offer.prices, cpuSecond: CPU_SECOND / 2n } };
      expect(await failure(pay(ticket))).to.contain("at the price list");
      const { demand } = await readJob(ticket);
      if (demand === null) throw new Error("nothing to pay");
      expect(audit(await readUsage(ticket), offer.prices, demand).overcharge > 0n).to.equal(true);
    });
  });

  describe("given a request that is not the user's", () => {
    const signedHeaders = async (program: ProgramBody, validUntil: bigint, signer: Signing = d.user) => {
      const request = { providerId: 1n, user: d.user.address, programHash: hashOf(program), validUntil };
      const signature = await signRequest(signer, offer.domain, request);
      return { "content-type": "application/json", ...requestHeaders(request, signature) };
    };
    type Signing = Pick<Wallet, "signTypedData">;
    /** Announces a body of which it sends the first byte; nothing is answered while the rest is waited for. */
    const announce = (route: string, bytes: number, headers: Record<string, string>) => {
      const options = { method: "POST", headers: { "content-type": "application/json", ...headers } };
      const call = request(`${provider.url}${route}`, options);
      call.setHeader("content-length", bytes);
      const answered = new Promise<number>((resolve, reject) => {
        call.on("response", (response) => {
          resolve(response.statusCode ?? 0);
          call.destroy();
        });
        call.on("error", reject);
      });
      call.write("{");
      return { call, answered };
    };

    it("refuses another signer, another program, an old one and a second use", async () => {
      expect(await failure(submit(spin(0), Wallet.createRandom()))).to.contain("expected one of");
      const program = spin(0);
      const send = async (validUntil: bigint, sent = program) => {
        const headers = await signedHeaders(program, validUntil);
        const response = await fetch(`${provider.url}/jobs`, { method: "POST", headers, body: JSON.stringify(sent) });
        return response.ok ? "accepted" : ((await response.json()) as { error: string }).error;
      };
      const time = await now();
      expect(await send(time + 300n, spin(1))).to.contain(`expected program ${hashOf(program)}, which was signed`);
      expect(await send(time - 1n)).to.contain("the next 600 seconds");
      expect(await send(time + 601n)).to.contain("the next 600 seconds");
      expect(await send(time + 300n)).to.equal("accepted");
      expect(await send(time + 300n)).to.contain("a request that was used");
      const twice = await Promise.all([send(time + 301n), send(time + 301n)]);
      expect(twice.filter((answer) => answer === "accepted").length).to.equal(1);
    });

    it("shows a job to nobody without its token", async () => {
      const ticket = await submit(spin(0));
      for (const token of ["", "00".repeat(32), ticket.token.slice(2)]) {
        expect(await failure(readJob({ ...ticket, token }))).to.contain("no such job, or not yours");
        expect(await failure(readLogs({ ...ticket, token }))).to.contain("no such job, or not yours");
      }
      await follow(ticket, false);
    });

    it("refuses paths that leave the folder, and gives no file by a link that the job made", async () => {
      const climbing = { ...spin(0), files: [{ path: "../../evil", content: "" }] };
      expect(await failure(submit(climbing))).to.contain("expected a relative path");
      const ticket = await submit(
        script('import os\nos.symlink("/etc/shadow", "a")\nos.symlink("/etc", "b")\nos.mkfifo("c")'),
      );
      await follow(ticket, false);
      expect(await listResults(ticket)).to.deep.equal(["main"]);
      for (const name of ["a", "b/shadow", "c"]) {
        expect(await failure(fetchResult(ticket, name))).to.contain("found none that the job left");
      }
      const response = await fetch(`${provider.url}/jobs/${ticket.id}/files/..%2f..%2f..%2fbooks.jsonl`, {
        headers: { authorization: `Bearer ${ticket.token}` },
      });
      expect(response.status).to.equal(400);
      expect(await response.text()).to.contain("relative path");
    });

    it("refuses requests that are too large, without reading them to the end", async () => {
      const headers = await signedHeaders(spin(0), (await now()) + 300n);
      expect(await announce("/jobs", 2 ** 26 + 1, headers).answered).to.equal(413);
      for (const route of [`/jobs/${id("job")}/voucher`, "/prices", "/none"]) {
        expect(await announce(route, 2 ** 14 + 1, {}).answered, route).to.equal(413);
      }
    });

    it("reads nothing of a program from who has not signed, signed too early or has no credit", async () => {
      const time = await now();
      const nobody = { ...(await signedHeaders(spin(0), time + 300n)), "numeraire-user": "" };
      expect(await announce("/jobs", 2 ** 26, nobody).answered).to.equal(400);
      const stranger = await signedHeaders(spin(0), time + 300n, Wallet.createRandom());
      expect(await announce("/jobs", 2 ** 26, stranger).answered).to.equal(400);
      expect(await announce("/jobs", 2 ** 26, await signedHeaders(spin(0), time - 1n)).answered).to.equal(400);
      await d.compute.connect(d.user).startWithdrawal(1n, DEPOSIT);
      expect(await announce("/jobs", 2 ** 26, await signedHeaders(spin(0), time + 300n)).answered).to.equal(400);
    });

    it("receives no more at a time from a user than one program may have", async () => {
      const { call, answered } = announce("/jobs", 2 ** 26, await signedHeaders(spin(0), (await now()) + 300n));
      answered.catch(() => undefined);
      let count = 0;
      const answer = async () => {
        const program = script(`# ${(count += 1)}`);
        const headers = await signedHeaders(program, (await now()) + 300n);
        return fetch(`${provider.url}/jobs`, { method: "POST", headers, body: JSON.stringify(program) });
      };
      // It may not have been looked at yet.
      let refusal = await answer();
      for (; refusal.ok; refusal = await answer()) await sleep(100);
      expect(refusal.status).to.equal(503);
      expect(refusal.headers.get("retry-after")).to.equal("5");
      expect(await refusal.text()).to.contain("found too many that are being received");
      call.destroy();
      while (!(await answer()).ok) await sleep(100);
    });
  });
});
