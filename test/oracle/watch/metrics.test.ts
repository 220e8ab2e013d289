import { request } from "node:http";

import { expect } from "chai";

import { makeMetrics, type Metrics } from "../../../scripts/oracle/watch/metrics.js";
import { serve, type Health, type Served } from "../../../scripts/oracle/watch/serve.js";
import { failure } from "../../fixtures/failure.js";
import { attentiveReport } from "../../fixtures/watch-report.js";

const IDENTITY = { version: "1.2.3", network: "test", chainId: 5n, account: "0xAA" };

async function values(metrics: Metrics): Promise<Map<string, string>> {
  const lines = (await metrics.registry.metrics()).split("\n").filter((line) => line.startsWith("numeraire_"));
  return new Map(
    lines.map((line): [string, string] => [line.slice(0, line.lastIndexOf(" ")), line.split(" ").at(-1) ?? ""]),
  );
}

describe("watch: metrics", () => {
  it("begin at zero, with the program, chain and account named", async () => {
    const found = await values(makeMetrics(IDENTITY));
    const labels = `version="1.2.3",node_version="${process.version}",network="test",chain_id="5",account="0xAA"`;
    expect(found.get(`numeraire_watch_build_info{${labels}}`)).to.equal("1");
    for (const name of [
      'numeraire_watch_errors_total{kind="rpc"}',
      "numeraire_transactions_total",
      "numeraire_fees_ether_total",
    ]) {
      expect(found.get(name), name).to.equal("0");
    }
  });

  it("show what a look found", async () => {
    const metrics = makeMetrics(IDENTITY);
    metrics.looked(attentiveReport(), 2.5);
    const found = await values(metrics);
    for (const [name, value] of [
      ["watch_look_seconds", "2.5"],
      ["chain_head_block", "7"],
      ["chain_head_timestamp_seconds", "1000000"],
      ["account_balance_ether", "1"],
      ["account_needed_ether", "0.001"],
      ["committee_member", "1"],
      ['rounds{stage="settling"}', "1"],
      ['rounds{stage="done"}', "41"],
      ['round_stage{round="2",stage="closed"}', "1"],
      ['round_stakes{round="2"}', "5"],
      ['round_settled_stakes{round="2"}', "2"],
      ['round_seconds_left{round="2",until="close"}', "0"],
      ['round_seconds_left{round="2",until="post"}', String(6 * 86_400)],
      ['round_seconds_left{round="2",until="deadline"}', String(7 * 86_400)],
      ['attention{round="1",kind="veto"}', "1"],
      ['attention{round="",kind="low-balance"}', "1"],
      ['attention_pending{kind="veto"}', "1"],
      ['attention_pending{kind="low-balance"}', "2"],
    ] as const) {
      expect(found.get(`numeraire_${name}`), name).to.equal(value);
    }
    expect(Number(found.get("numeraire_watch_last_success_timestamp_seconds"))).to.be.greaterThan(1.7e9);
  });

  it("forget what is over, and do not call a look a success at which the node did not answer", async () => {
    const metrics = makeMetrics(IDENTITY);
    const first = attentiveReport();
    metrics.looked({ ...first, answered: false }, 1);
    metrics.looked({ ...first, rounds: [], finished: 48, attentions: [], answered: false }, 1);
    const found = await values(metrics);
    expect(found.get('numeraire_rounds{stage="done"}')).to.equal("48");
    expect(found.get('numeraire_attention_pending{kind="veto"}')).to.equal("0");
    expect([...found.keys()].filter((name) => /numeraire_(round_|attention\{)/.test(name))).to.deep.equal([]);
    expect(found.get("numeraire_watch_last_success_timestamp_seconds")).to.equal("0");
  });

  it("count failures and what was paid", async () => {
    const metrics = makeMetrics(IDENTITY);
    metrics.failed("rpc");
    metrics.failed("rpc");
    for (const gasUsed of [21_000n, 100_000n]) metrics.paid({ gasUsed, fee: gasUsed * 10n ** 9n });
    const found = await values(metrics);
    expect(found.get('numeraire_watch_errors_total{kind="rpc"}')).to.equal("2");
    expect(found.get("numeraire_transactions_total")).to.equal("2");
    expect(found.get("numeraire_gas_used_total")).to.equal("121000");
    expect(Number(found.get("numeraire_fees_ether_total"))).to.equal(0.000121);
  });
});

describe("watch: health", () => {
  let served: Served;
  const health = { idle: 0, unanswered: undefined as number | undefined };

  before(async () => {
    const probe: Health = { idle: () => health.idle, unanswered: () => health.unanswered };
    served = await serve(makeMetrics(IDENTITY).registry, probe, { host: "127.0.0.1", port: 0, readyWithin: 300 });
  });
  after(() => served.close());

  const ask = (path: string, method = "GET") =>
    new Promise<{ status: number | undefined; type: string | undefined; body: string }>((resolve, reject) => {
      const asked = request({ port: served.port, path, method, agent: false }, (response) => {
        let body = "";
        response.on("data", (data: Buffer) => (body += data.toString()));
        response.on("end", () => {
          resolve({ status: response.statusCode, type: response.headers["content-type"], body });
        });
      });
      asked.on("error", reject).end();
    });

  it("is live until nothing has moved for an hour", async () => {
    health.idle = 3_600;
    expect((await ask("/healthz")).status).to.equal(200);
    health.idle = 3_601;
    expect(await ask("/healthz")).to.include({ status: 503, body: "last success 3601 s ago, expected at most 3600\n" });
  });

  it("is ready while the node answered lately", async () => {
    expect(await ask("/readyz")).to.include({ status: 503, body: "not yet: no look has ended\n" });
    health.unanswered = 300;
    expect(await ask("/readyz")).to.include({ status: 200, body: "ok\n" });
    health.unanswered = 301;
    expect((await ask("/readyz")).status).to.equal(503);
  });

  it("shows the metrics as Prometheus reads them", async () => {
    const { status, type, body } = await ask("/metrics?name=all");
    expect([status, type]).to.deep.equal([200, "text/plain; version=0.0.4; charset=utf-8"]);
    expect(body).to.contain("# TYPE numeraire_watch_errors_total counter");
    expect(body).to.contain("process_resident_memory_bytes");
  });

  it("answers nothing else", async () => {
    expect((await ask("/")).status).to.equal(404);
    expect((await ask("/metrics", "POST")).status).to.equal(405);
    expect(await ask("/healthz", "HEAD")).to.include({ body: "" });
  });

  it("refuses a port that is taken", async () => {
    const probe = { idle: () => 0, unanswered: () => 0 };
    const options = { host: "127.0.0.1", port: served.port, readyWithin: 1 };
    const refused = await failure(serve(makeMetrics(IDENTITY).registry, probe, options));
    expect(refused.message).to.contain(`--port: could not listen on 127.0.0.1:${served.port}`);
  });
});
