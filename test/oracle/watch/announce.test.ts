import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { PassThrough } from "node:stream";

import { expect } from "chai";

import { announce, notesOf } from "../../../scripts/oracle/watch/announce.js";
import { RpcFailure } from "../../../scripts/chain/rpc-failure.js";
import { RpcProvider } from "../../../scripts/chain/rpc-provider.js";
import { failureKind } from "../../../scripts/oracle/watch/failure-kind.js";
import { NodeOutOfStep } from "../../../scripts/oracle/watch/node-out-of-step.js";
import type { PassReport } from "../../../scripts/oracle/watch/pass.js";
import { jsonLog } from "../../../scripts/terminal/json-log.js";
import { toNumeraireError } from "../../../sdk/decode-error.js";
import { NumeraireError } from "../../../sdk/numeraire-error.js";
import { failure } from "../../fixtures/failure.js";
import { attentiveReport } from "../../fixtures/watch-report.js";
import { OracleCommittee__factory } from "../../../typechain-types/index.js";

describe("watch: what is said", () => {
  const quiet = (changes: Partial<PassReport> = {}): PassReport => ({
    ...attentiveReport(),
    rounds: [],
    attentions: [],
    ...changes,
  });
  const said = (before: PassReport, after: PassReport): string[] => {
    const lines: string[] = [];
    announce(notesOf(before), notesOf(after), (roundId) => {
      const write = (level: string) => (line: string) => lines.push(`${level} ${String(roundId)} ${line}`);
      return { info: write("info"), warn: write("warn"), progress: () => ({ step: () => 0, stop: () => 0 }) };
    });
    return lines;
  };
  const round = (kind?: "veto", why = "the round is open") => ({
    roundId: 3n,
    stage: "open" as const,
    decision: { do: "wait" as const, why, until: 1_000_000 },
    attentions: kind === undefined ? [] : [{ kind, message: "look" }],
  });

  it("says where a round stands once, and again when that changes", () => {
    const one = quiet({ rounds: [round()] });
    expect(said(quiet(), one)).to.deep.equal(["info 3 open: the round is open, until 1970-01-12T13:46:40Z"]);
    expect(said(one, one)).to.deep.equal([]);
    expect(said(one, quiet({ rounds: [round(undefined, "other")] }))).to.have.length(1);
  });

  it("warns of what needs a person once, and says when it needs one no more", () => {
    const vetoed = quiet({ rounds: [round("veto")] });
    const low = quiet({ attentions: [{ kind: "low-balance", message: "send more" }] });
    expect(said(quiet({ rounds: [round()] }), vetoed)).to.deep.equal(["warn 3 needs attention (veto): look"]);
    expect(said(vetoed, vetoed)).to.deep.equal([]);
    expect(said(vetoed, quiet())).to.deep.equal(["info 3 needs attention no more (veto)"]);
    expect(said(quiet(), low)).to.deep.equal(["warn undefined needs attention (low-balance): send more"]);
  });

  it("is one JSON object a line where programs read it", () => {
    const stream = new PassThrough();
    const log = jsonLog(stream, { round: "3" });
    log.warn('a "quoted"\nline');
    const progress = log.progress("stakes settled", 5);
    progress.step(2);
    progress.step(3);
    progress.stop();
    const lines = String(stream.read())
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.map(({ time, ...rest }) => [typeof time, rest])).to.deep.equal([
      ["string", { level: "warn", round: "3", message: 'a "quoted"\nline' }],
      ["string", { level: "info", round: "3", message: "stakes settled", done: 2, total: 5 }],
      ["string", { level: "info", round: "3", message: "stakes settled", done: 5, total: 5 }],
    ]);
  });
});

describe("watch: kind of failure", () => {
  const refusal = new Error("reverted", {
    cause: { data: new OracleCommittee__factory().interface.encodeErrorResult("NotMember", [`0x${"11".repeat(20)}`]) },
  });
  const hint = "do";
  for (const [kind, error] of [
    ["rpc", Object.assign(new Error("refused"), { code: "ECONNREFUSED" })],
    ["rpc", toNumeraireError(Object.assign(new Error("no answer"), { code: "TIMEOUT" }))],
    ["rpc", new RpcFailure("RPC: found a node that lags", { hint, exitCode: 2 })],
    ["rpc", new NumeraireError("reading", { hint, cause: new RpcFailure("RPC: found no answer", { hint }) })],
    ["rpc", new NodeOutOfStep("found block 1")],
    ["rpc", Object.assign(new Error("could not coalesce error"), { code: "UNKNOWN_ERROR" })],
    ["contract", Object.assign(refusal, { code: "UNKNOWN_ERROR" })],
    ["contract", toNumeraireError(refusal)],
    ["attention", new NumeraireError("approvals", { hint, exitCode: 2 })],
    ["refused", new NumeraireError("bad file", { hint })],
    ["unexpected", new TypeError("undefined is no function")],
    ["unexpected", "thrown"],
  ] as const) {
    it(`is ${kind} for ${String(error)}`, () => {
      expect(failureKind(error)).to.equal(kind);
    });
  }

  it("is rpc for a provider whose endpoints do not answer, and one whose endpoints are behind", async () => {
    const heads = [7, 6];
    const server = createServer((asked, response) => {
      let body = "";
      asked.on("data", (data: Buffer) => (body += data.toString()));
      asked.on("end", () => {
        const { id, method } = JSON.parse(body) as { id: number; method: string };
        const result = method === "eth_chainId" ? 31337 : (heads.shift() ?? 6);
        response.end(JSON.stringify({ jsonrpc: "2.0", id, result: `0x${result.toString(16)}` }));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const provider = new RpcProvider([url], 31337n, { rounds: 1 });
    await provider.getBlockNumber();
    const behind = await failure(provider.getBlockNumber());
    server.close();
    const silent = await failure(provider.getBlockNumber());
    provider.destroy();
    expect([behind.message, silent.message].map((message) => message.slice(0, 11))).to.deep.equal([
      "RPC: found ",
      "RPC: found ",
    ]);
    expect([behind, silent].map(failureKind)).to.deep.equal(["rpc", "rpc"]);
  });
});
