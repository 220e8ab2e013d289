import { expect } from "chai";
import { Wallet, parseEther } from "ethers";

import { RpcFailure } from "../../scripts/chain/rpc-failure.js";
import { RpcProvider, type RpcOptions } from "../../scripts/chain/rpc-provider.js";
import { silentLog } from "../../scripts/terminal/log.js";
import { failure } from "../fixtures/failure.js";
import { asks, startFaultyProxy, stoppedAt, type Fault, type FaultyProxy } from "../fixtures/faulty-proxy.js";
import { startNodeServer, type NodeServer } from "../fixtures/node-server.js";

const CHAIN = 31337n;
const DEAD = "http://127.0.0.1:9";

describe("RpcProvider", () => {
  let node: NodeServer;
  let first: FaultyProxy;
  let second: FaultyProxy;
  const opened: RpcProvider[] = [];

  before(async () => {
    node = await startNodeServer();
    [first, second] = await Promise.all([startFaultyProxy(node.url), startFaultyProxy(node.url)]);
  });
  beforeEach(() => {
    first.fault = second.fault = () => undefined;
  });
  afterEach(() => {
    for (const provider of opened.splice(0)) provider.destroy();
  });
  after(async () => {
    await first.stop();
    await second.stop();
    await node.stop();
  });

  const open = (urls: string[], options: RpcOptions = {}, chainId = CHAIN): RpcProvider => {
    const provider = new RpcProvider(urls, chainId, options);
    opened.push(provider);
    return provider;
  };
  /** Applies a fault to the n-th request from now on only. */
  const once = (proxy: FaultyProxy, fault: Fault, n = 1) => {
    const from = proxy.requests;
    proxy.fault = ({ index }) => (index === from + n ? fault : undefined);
  };
  /** A provider that has had an answer before. */
  const connected = async (urls: string[], options: RpcOptions = {}): Promise<RpcProvider> => {
    const provider = open(urls, options);
    await provider.getBlockNumber();
    return provider;
  };

  const limited = JSON.stringify({ jsonrpc: "2.0", id: 1, error: { code: -32005, message: "rate limit reached" } });
  for (const [what, fault] of [
    ["closes the connection", { forward: 0, reply: "close" }],
    ["loses the answer", { reply: "close" }],
    ["limits the rate (HTTP 429)", { forward: 0, reply: { status: 429, headers: { "retry-after": "0.1" } } }],
    ["limits the rate (JSON-RPC)", { forward: 0, reply: { status: 200, body: limited } }],
    ["fails (HTTP 502)", { forward: 0, reply: { status: 502, body: "<html>Bad gateway</html>" } }],
    ["answers with no JSON", { forward: 0, reply: { status: 200, body: "<html>Welcome</html>" } }],
    ["answers another question", { forward: 0, reply: { status: 200, body: '{"id":77,"result":"0x1"}' } }],
    ["passes requests on twice", { forward: 2 }],
  ] as const satisfies [string, Fault][]) {
    it(`asks again where a node ${what}`, async () => {
      const provider = await connected([first.url]);
      const expected = await provider.getBlockNumber();
      const before = first.requests;
      // ethers numbers requests; the refusal above must be one of the very request.
      first.fault = ({ index, calls }) => {
        const one: Fault = fault;
        if (index !== before + 1) return undefined;
        const reply = one.reply;
        const id = String(calls[0]?.id);
        return typeof reply === "object" && reply.body === limited
          ? { ...one, reply: { ...reply, body: limited.replace('"id":1', `"id":${id}`) } }
          : one;
      };
      expect(await provider.getBlockNumber()).to.equal(expected);
      expect(first.requests - before).to.equal("reply" in fault ? 2 : 1);
    });
  }

  it("asks again where an answer takes too long", async () => {
    const provider = await connected([first.url], { timeout: 100 });
    once(first, { reply: "hang" });
    expect(await provider.getBlockNumber()).to.be.a("number");
  });

  it("matches answers that come in another order than the questions", async () => {
    const provider = await connected([first.url]);
    first.fault = (passing) => (asks(passing, "eth_chainId") ? { delay: 60 } : undefined);
    // Ask apart, so that they are no batch.
    const chain = provider.send("eth_chainId", []);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await provider.getBalance(Wallet.createRandom())).to.equal(0n);
    expect(await chain).to.equal("0x7a69");
  });

  it("goes on with the next endpoint, says so once, and stays there", async () => {
    const warnings: string[] = [];
    const log = { ...silentLog, warn: (line: string) => warnings.push(line) };
    const provider = await connected([first.url, second.url], { log });
    first.fault = () => ({ forward: 0, reply: "close" });
    const before = second.requests;
    await provider.getBlockNumber();
    const failed = first.requests;
    await provider.getBlockNumber();
    await provider.getBlockNumber();
    expect(first.requests).to.equal(failed);
    expect(second.requests).to.be.greaterThan(before + 2);
    expect(warnings).to.have.length(1);
    expect(warnings[0]).to.match(/^RPC http:\/\/127\.0\.0\.1:\d+: no answer \(socket hang up\); trying again$/);
  });

  it("gives up after its rounds, saying what each endpoint did", async () => {
    const provider = await connected([first.url, second.url], { rounds: 2 });
    first.fault = () => ({ forward: 0, reply: "close" });
    second.fault = () => ({ forward: 0, reply: { status: 500 } });
    const error = await failure(provider.getBlockNumber());
    expect(error).to.be.instanceOf(RpcFailure);
    expect(error.message).to.contain(`${first.url}: no answer`).and.contain(`${second.url}: HTTP status 500`);
    expect(error.exitCode).to.equal(1);
  });

  it("gives up soon where none ever answered, and at once where none ever will", async () => {
    const began = Date.now();
    expect((await failure(open([DEAD]).getBlockNumber())).message).to.contain(
      `${DEAD}: no answer (connect ECONNREFUSED`,
    );
    first.fault = () => ({ forward: 0, reply: { status: 401, body: "no such key" } });
    const before = first.requests;
    expect((await failure(open([first.url]).getBlockNumber())).message).to.contain("HTTP status 401");
    expect(first.requests - before).to.equal(1);
    expect(Date.now() - began).to.be.lessThan(2_000);
  });

  it("names endpoints without what may be a key", async () => {
    const error = await failure(open(["http://user:s3cret@127.0.0.1:9/v2/s3cret"]).getBlockNumber());
    expect(error.message).to.contain("http://127.0.0.1:9").and.not.contain("s3cret");
  });

  it("does not repeat what must not be repeated once a node may have done it", async () => {
    const provider = await connected([first.url]);
    const [from, to] = (await provider.send("eth_accounts", [])) as string[];
    once(first, { reply: "close" });
    const before = await provider.getTransactionCount(from ?? "");
    once(first, { reply: "close" });
    await failure(provider.send("eth_sendTransaction", [{ from, to, value: "0x1" }]));
    expect(await provider.getTransactionCount(from ?? "")).to.equal(before + 1);
  });

  it("repeats a raw transaction, which a node takes once", async () => {
    const provider = await connected([first.url]);
    const wallet = Wallet.createRandom(provider);
    await provider.send("hardhat_setBalance", [wallet.address, `0x${parseEther("1").toString(16)}`]);
    const raw = await wallet.signTransaction(await wallet.populateTransaction({ to: wallet.address }));
    once(first, { reply: "close" });
    // The repetition is refused, as the node has it: what that means is for the sender to say.
    await provider.broadcastTransaction(raw).catch(() => undefined);
    expect(await provider.getTransactionCount(wallet.address)).to.equal(1);
  });

  describe("with a node that is behind", () => {
    let newest: number;
    beforeEach(async () => {
      const provider = await connected([first.url]);
      await provider.send("hardhat_mine", ["0x5"]);
      newest = await provider.getBlockNumber();
    });

    it("refuses an older newest block than it saw, and asks again", async () => {
      const provider = await connected([first.url]);
      once(first, stoppedAt(newest - 2));
      expect(await provider.getBlockNumber()).to.equal(newest);
      once(first, stoppedAt(newest - 2));
      expect((await provider.getBlock("latest"))?.number).to.equal(newest);
    });

    it("passes an endpoint over that knows less than the one that failed", async () => {
      const provider = await connected([first.url, second.url], { rounds: 2 });
      second.fault = () => stoppedAt(newest - 2);
      const account = Wallet.createRandom().address;
      await provider.send("hardhat_setBalance", [account, "0x5"]);
      once(first, { forward: 0, reply: "close" });
      expect(await provider.getBalance(account)).to.equal(5n);
    });

    it("asks again where a node does not know a block yet", async () => {
      const provider = await connected([first.url]);
      const account = Wallet.createRandom().address;
      const message = '{"code":-32000,"message":"header not found"}';
      const from = first.requests;
      first.fault = ({ index, calls }) =>
        index === from + 1
          ? { forward: 0, reply: { status: 200, body: `{"id":${String(calls[0]?.id)},"error":${message}}` } }
          : undefined;
      expect(await provider.getBalance(account, newest)).to.equal(0n);
    });

    it("gives up with exit code 2 where all are, and believes them the next time", async () => {
      const provider = await connected([first.url], { rounds: 2 });
      first.fault = () => stoppedAt(newest - 2);
      const error = await failure(provider.getBlockNumber());
      expect(error.message).to.contain(`block ${newest - 2} after block ${newest} was seen`);
      expect(error.exitCode).to.equal(2);
      expect(await provider.getBlockNumber()).to.equal(newest - 2);
    });
  });

  describe("checkEndpoints", () => {
    it("refuses an endpoint of another chain, wherever it stands", async () => {
      const wrong = (await startFaultyProxy(node.url)) satisfies FaultyProxy;
      wrong.fault = (passing) => (asks(passing, "eth_chainId") ? { alter: () => "0x1" } : undefined);
      const error = await failure(open([first.url, wrong.url]).checkEndpoints());
      await wrong.stop();
      expect(error.message).to.equal(`RPC: found ${wrong.url}: chain 1, expected chain 31337`);
    });

    it("accepts one that refuses to answer beside one that does, and names it", async () => {
      const warnings: string[] = [];
      second.fault = () => ({ forward: 0, reply: { status: 401, body: "no such key" } });
      const log = { ...silentLog, warn: (line: string) => warnings.push(line) };
      const provider = open([first.url, second.url], { log });
      await provider.checkEndpoints();
      expect(await provider.getBlockNumber()).to.be.a("number");
      expect(warnings).to.deep.equal([`RPC ${second.url}: HTTP status 401; going on without it`]);
    });

    for (const [what, answer] of [
      ["an error", { error: { code: -32000, message: "project s3cretkey is locked" } }],
      ["no chain id", { result: null }],
    ] as const) {
      it(`accepts one that answers with ${what} beside one that works, names it, and shows no key`, async () => {
        const warnings: string[] = [];
        second.fault = ({ calls }) => ({
          forward: 0,
          reply: { status: 200, body: JSON.stringify({ jsonrpc: "2.0", id: calls[0]?.id, ...answer }) },
        });
        const log = { ...silentLog, warn: (line: string) => warnings.push(line) };
        const provider = open([first.url, `${second.url}/v3/s3cretkey`], { log });
        await provider.checkEndpoints();
        expect(await provider.getBlockNumber()).to.be.a("number");
        const said = "error" in answer ? 'the error "project … is locked"' : "no chain id";
        expect(warnings).to.deep.equal([`RPC ${second.url}: ${said}; going on without it`]);
        const alone = await failure(open([second.url]).checkEndpoints());
        expect(alone).to.be.instanceOf(RpcFailure);
        expect(alone.message).to.contain(what === "an error" ? "is locked" : said);
      });
    }

    it("accepts one that does not answer beside one that does, and refuses none that answers", async () => {
      await open([DEAD, first.url]).checkEndpoints();
      expect((await failure(open([DEAD]).checkEndpoints())).message).to.contain("no answer");
    });

    it("checks an endpoint that was down when it is used first", async () => {
      const provider = open([first.url, second.url], { rounds: 2 });
      second.fault = () => ({ forward: 0, reply: "close" });
      await provider.checkEndpoints();
      second.fault = (passing) => (asks(passing, "eth_chainId") ? { alter: () => "0x1" } : undefined);
      first.fault = () => ({ forward: 0, reply: "close" });
      const error = await failure(provider.getBlockNumber());
      expect(error.message).to.contain(`${second.url}: chain 1`);
    });
  });
});
