import { request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

import { expect } from "chai";
import { Wallet, id } from "ethers";

import { fetchResult, listResults, readJob, readLogs } from "../../scripts/compute/client.js";
import { hashOf, requestHeaders, signRequest, type ProgramBody } from "../../scripts/compute/job-request.js";
import { DEPOSIT, now, type ComputeChannel } from "../fixtures/compute-channel.js";
import { openProvider, pricedChannel, script, spin, type ComputeProvider } from "../fixtures/compute-provider.js";
import { networkHelpers } from "../fixtures/deployed.js";
import { failure } from "../fixtures/failure.js";
import { skipUnlessRoot } from "../fixtures/skip-unless-root.js";

describe("A provider of computing power, given a request that is not the user's", function () {
  this.timeout(60_000);
  let d: ComputeChannel;
  let provider: ComputeProvider;

  before(skipUnlessRoot);
  beforeEach(async () => {
    d = await networkHelpers.loadFixture(pricedChannel);
    provider = await openProvider(d);
  });
  afterEach(() => provider.remove());

  const signedHeaders = async (
    program: ProgramBody,
    validUntil: bigint,
    signer: Pick<Wallet, "signTypedData"> = d.user,
  ) => {
    const request = { providerId: 1n, user: d.user.address, programHash: hashOf(program), validUntil };
    const signature = await signRequest(signer, provider.offer.domain, request);
    return { "content-type": "application/json", ...requestHeaders(request, signature) };
  };
  /** Announces a body of which it sends the first byte; nothing is answered while the rest is waited for. */
  const announce = (route: string, bytes: number, headers: Record<string, string>) => {
    const options = { method: "POST", headers: { "content-type": "application/json", ...headers } };
    const call = request(`${provider.running.url}${route}`, options);
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
    expect((await failure(provider.submit(spin(0), Wallet.createRandom()))).message).to.contain("expected one of");
    const program = spin(0);
    const send = async (validUntil: bigint, sent = program) => {
      const headers = await signedHeaders(program, validUntil);
      const response = await fetch(`${provider.running.url}/jobs`, {
        method: "POST",
        headers,
        body: JSON.stringify(sent),
      });
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
    const ticket = await provider.submit(spin(0));
    for (const token of ["", "00".repeat(32), ticket.token.slice(2)]) {
      expect((await failure(readJob({ ...ticket, token }))).message).to.contain("no such job, or not yours");
      expect((await failure(readLogs({ ...ticket, token }))).message).to.contain("no such job, or not yours");
    }
    await provider.follow(ticket, false);
  });

  it("refuses paths that leave the folder, and gives no file by a link that the job made", async () => {
    const climbing = { ...spin(0), files: [{ path: "../../evil", content: "" }] };
    expect((await failure(provider.submit(climbing))).message).to.contain("expected a relative path");
    const ticket = await provider.submit(
      script('import os\nos.symlink("/etc/shadow", "a")\nos.symlink("/etc", "b")\nos.mkfifo("c")'),
    );
    await provider.follow(ticket, false);
    expect(await listResults(ticket)).to.deep.equal(["main"]);
    for (const name of ["a", "b/shadow", "c"]) {
      expect((await failure(fetchResult(ticket, name))).message).to.contain("found none that the job left");
    }
    const response = await fetch(`${provider.running.url}/jobs/${ticket.id}/files/..%2f..%2f..%2fbooks.jsonl`, {
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
      return fetch(`${provider.running.url}/jobs`, { method: "POST", headers, body: JSON.stringify(program) });
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
