import { expect } from "chai";
import { ZeroAddress } from "ethers";

import type { Context } from "../../scripts/chain/context.js";
import { pinBlock } from "../../scripts/chain/pin-block.js";
import { RpcProvider } from "../../scripts/chain/rpc-provider.js";
import { silentLog } from "../../scripts/terminal/log.js";
import { connectSuite, suiteAddresses } from "../../sdk/contracts.js";
import { NumeraireError } from "../../sdk/numeraire-error.js";
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

  it("is the one that enough blocks follow where the node knows no finalized one", async () => {
    proxy.fault = (passing) => {
      const error = { code: -32602, message: "unknown tag" };
      const body = JSON.stringify({ jsonrpc: "2.0", id: passing.calls[0]?.id, error });
      return asksFinalized(passing) ? { forward: 0, reply: { status: 200, body } } : undefined;
    };
    expect((await pinBlock(context)).number).to.equal((await provider.getBlockNumber()) - 10);
  });

  it("is not guessed where the node cannot be asked", async () => {
    proxy.fault = (passing) => (asksFinalized(passing) ? { forward: 0, reply: "close" } : undefined);
    const error: unknown = await pinBlock(context).catch((one: unknown) => one);
    expect(error).to.be.instanceOf(NumeraireError);
    expect(String(error)).to.contain("no answer");
  });

  it("is the newest on a development chain", async () => {
    expect((await pinBlock({ ...context, chainId: 31337n, confirmations: 0 })).number).to.equal(
      await provider.getBlockNumber(),
    );
  });
});
