import { setTimeout as sleep } from "node:timers/promises";

import { expect } from "chai";
import { Transaction } from "ethers";

import type { SigningContext } from "../../scripts/chain/context.js";
import { reconcile, reconciledBlock } from "../../scripts/chain/reconcile.js";
import { send, withJournal, type SendSettings } from "../../scripts/chain/send.js";
import { asks, stoppedAt, type Fault } from "../fixtures/faulty-proxy.js";
import { BROADCAST, CALL, openSender, startChain, type Chain, type Sender } from "../fixtures/sender.js";

/** Enough for several looks and a second broadcast. */
const LAGGING_ANSWERS = 16;

describe("send: what network and chain do to it", () => {
  let chain: Chain;
  let sender: Sender;

  before(async () => {
    chain = await startChain();
  });
  beforeEach(async () => {
    sender = await openSender(chain);
  });
  afterEach(() => sender.close());
  after(() => chain.stop());

  describe("through a network that", () => {
    /** Applies a fault to the n-th request that asks for a method. */
    const onNth = (method: string, n: number, fault: Fault) => {
      let seen = 0;
      chain.proxy.fault = (passing) => (asks(passing, method) && ++seen === n ? fault : undefined);
    };

    for (const [what, fault] of [
      ["loses the answer to a broadcast", { reply: "close" }],
      ["loses a broadcast", { forward: 0, reply: "close" }],
      ["limits the rate of broadcasts", { forward: 0, reply: { status: 429, headers: { "retry-after": "0.05" } } }],
      ["delivers a broadcast twice", { forward: 2 }],
      ["delays a broadcast", { delay: 300 }],
    ] as const satisfies [string, Fault][]) {
      it(`${what}: sends once`, async () => {
        onNth(BROADCAST, 1, fault);
        await send(sender.context, CALL, "test");
        expect(await sender.events()).to.deep.equal(["signed 0", "mined 0"]);
        expect(await sender.nonce()).to.equal(1);
      });
    }

    it("takes a broadcast and does nothing with it: broadcasts the same again", async () => {
      chain.proxy.fault = (passing) => {
        if (!asks(passing, BROADCAST)) return undefined;
        chain.proxy.fault = () => undefined;
        const [{ id, params } = { id: 0, params: [] }] = passing.calls;
        const result = Transaction.from(String(params[0])).hash;
        return { forward: 0, reply: { status: 200, body: JSON.stringify({ jsonrpc: "2.0", id, result }) } };
      };
      await send(sender.context, CALL, "test");
      expect(await sender.events()).to.deep.equal(["signed 0", "mined 0"]);
    });

    it("answers as of an older block for a while: waits, and sends once", async () => {
      const block = await chain.direct.getBlockNumber();
      let answers = Infinity;
      chain.proxy.fault = (passing) => {
        // From the first broadcast on, and by count: a lag that each new broadcast prolonged would never end.
        if (answers === Infinity && asks(passing, BROADCAST)) answers = LAGGING_ANSWERS;
        if (answers === Infinity || answers === 0 || asks(passing, "eth_blockNumber")) return undefined;
        answers -= 1;
        return stoppedAt(block);
      };
      await send(sender.context, CALL, "first");
      chain.proxy.fault = () => undefined;
      await send(sender.context, CALL, "second");
      expect(await sender.events()).to.deep.equal(["signed 0", "mined 0", "signed 1", "mined 1"]);
    });
  });

  it("waits for a receipt whose block is part of the chain", async () => {
    let answers = 0;
    const blockHash = `0x${"11".repeat(32)}`;
    chain.proxy.fault = () => ({
      alter: ({ method }, result) =>
        method === "eth_getTransactionReceipt" && result !== null && ++answers < 3
          ? { ...(result as object), blockHash }
          : result,
    });
    const receipt = await send(sender.context, CALL, "test");
    expect(receipt.blockHash).to.equal((await chain.direct.getBlock(receipt.blockNumber))?.hash);
    expect(answers).to.equal(3);
  });

  describe("when a reorganisation", () => {
    const settings: SendSettings = {};

    it("drops what was mined: the next run broadcasts the same again", async () => {
      const snapshot: unknown = await chain.direct.send("evm_snapshot", []);
      const { hash } = await send(sender.context, CALL, "first");
      await chain.direct.send("evm_revert", [snapshot]);
      await chain.mine(3);
      expect(await sender.nonce()).to.equal(0);
      await sender.holding((held) => reconcile(sender.context, held));
      expect((await chain.direct.getTransactionReceipt(hash))?.status).to.equal(1);
      expect(await sender.nonce()).to.equal(1);
      expect(await sender.signed()).to.have.length(1);
    });

    it("drops it while it waits for confirmations: it is sent again", async () => {
      const waiting: SigningContext = { ...sender.context, confirmations: 5 };
      const snapshot: unknown = await chain.direct.send("evm_snapshot", []);
      const sent = send(waiting, CALL, "first", { stuckAfter: 30 });
      while ((await sender.nonce()) === 0) await sleep(10);
      await sleep(100);
      await chain.direct.send("evm_revert", [snapshot]);
      await chain.mine(2);
      while ((await sender.nonce()) === 0) await sleep(10);
      await chain.mine(6);
      const receipt = await sent;
      expect((await chain.direct.getBlock(receipt.blockNumber))?.hash).to.equal(receipt.blockHash);
      expect(await sender.events()).to.deep.equal(["signed 0", "mined 0"]);
    });

    it("drops an earlier one while a later one is sent: both are broadcast again", async () => {
      await withJournal(sender.context, settings, async (held) => {
        const snapshot: unknown = await chain.direct.send("evm_snapshot", []);
        const { hash } = await send(sender.context, CALL, "first", held);
        await chain.direct.send("evm_revert", [snapshot]);
        await chain.mine(3);
        await send(sender.context, CALL, "second", held);
        expect((await chain.direct.getTransactionReceipt(hash))?.status).to.equal(1);
      });
      expect(await sender.nonce()).to.equal(2);
      expect(await sender.signed()).to.have.length(2);
    });

    it("drops it, nothing is decided on a block without it", async () => {
      await withJournal(sender.context, settings, async (held) => {
        const snapshot: unknown = await chain.direct.send("evm_snapshot", []);
        await send(sender.context, CALL, "first", held);
        await chain.direct.send("evm_revert", [snapshot]);
        await chain.mine(3);
        const block = await reconciledBlock(sender.context, held.journal);
        expect(await chain.direct.getTransactionCount(sender.wallet.address, block.number)).to.equal(1);
      });
    });
  });
});
