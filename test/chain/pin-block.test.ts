import { expect } from "chai";
import { ZeroAddress } from "ethers";

import type { Context } from "../../scripts/chain/context.js";
import { pinBlock } from "../../scripts/chain/pin-block.js";
import { RpcFailure } from "../../scripts/chain/rpc-failure.js";
import { RpcProvider } from "../../scripts/chain/rpc-provider.js";
import { silentLog } from "../../scripts/terminal/log.js";
import { connectSuite, suiteAddresses } from "../../sdk/contracts.js";
import { startFaultyProxy, type FaultyProxy, type Passing } from "../fixtures/faulty-proxy.js";
import { startNodeServer, type NodeServer } from "../fixtures/node-server.js";

const CHAIN = 1337n;

describe("pinBlock", () => {
  let node: NodeServer;
  let proxy: FaultyProxy;
  let provider: RpcProvider;
  let context: Context;

  before(async () => {
    node = await startNodeServer(Number(CHAIN));
    proxy = await startFaultyProxy(node.url);
    provider = new RpcProvider([proxy.url], CHAIN, { rounds: 2 });
    await provider.send("hardhat_mine", ["0x64"]);
    context = {
      provider,
      suite: connectSuite(
        suiteAddresses(() => ZeroAddress),
        provider,
      ),
      chainId: CHAIN,
      network: "test",
      log: silentLog,
      fromBlock: 0,
      confirmations: 10,
    };
  });
  afterEach(() => {
    proxy.fault = () => undefined;
  });
  after(async () => {
    provider.destroy();
    await proxy.stop();
    await node.stop();
  });

  const asksFinalized = ({ calls }: Passing) => calls.some(({ params }) => params[0] === "finalized");

  it("is the finalized block", async () => {
    const finalized = await provider.getBlock("finalized");
    expect(await pinBlock(context)).to.include({ number: finalized?.number, hash: finalized?.hash });
  });

  const refuseFinalized = (code: number, message: string): void => {
    proxy.fault = (passing) => {
      const body = JSON.stringify({ jsonrpc: "2.0", id: passing.calls[0]?.id, error: { code, message } });
      return asksFinalized(passing) ? { forward: 0, reply: { status: 200, body } } : undefined;
    };
  };

  for (const [node, code, message] of [
    ["geth", -32000, "finalized block not found"],
    ["Erigon", -32000, "Unknown block"],
    ["Besu", -39001, "Unknown block"],
    ["a node without finality", -32602, "invalid argument 0: hex string without 0x prefix"],
    ["a node that knows no such tag", -32000, "unsupported tag"],
  ] as const) {
    it(`is the one that enough blocks follow where ${node} says that it has no finalized one`, async () => {
      refuseFinalized(code, message);
      expect((await pinBlock(context)).number).to.equal((await provider.getBlockNumber()) - 10);
    });
  }

  it("is not guessed where the node has another error", async () => {
    refuseFinalized(-32603, "internal error");
    const error: unknown = await pinBlock(context).catch((one: unknown) => one);
    expect(error).to.be.instanceOf(RpcFailure);
    expect(String(error)).to.contain('found the error "internal error", expected the finalized block');
  });

  it("is not guessed where the node cannot be asked", async () => {
    proxy.fault = (passing) => (asksFinalized(passing) ? { forward: 0, reply: "close" } : undefined);
    const error: unknown = await pinBlock(context).catch((one: unknown) => one);
    expect(error).to.be.instanceOf(RpcFailure);
    expect(String(error)).to.contain("no answer");
  });

  it("is the newest on a development chain", async () => {
    expect((await pinBlock({ ...context, chainId: 31337n, confirmations: 0 })).number).to.equal(
      await provider.getBlockNumber(),
    );
  });
});
