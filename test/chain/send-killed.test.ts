import { expect } from "chai";
import { Wallet, parseUnits } from "ethers";

import type { Call } from "../../scripts/chain/planned-call.js";
import { reconcile } from "../../scripts/chain/reconcile.js";
import { sendCalls } from "../../scripts/chain/send-calls.js";
import { send } from "../../scripts/chain/send.js";
import { BROADCAST, CALL, openSender, startChain, type Chain, type Sender } from "../fixtures/sender.js";

describe("send: when a run was killed", () => {
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

  it("before the broadcast: the same command sends what was signed, and not a second one", async () => {
    const hash = await sender.killedBeforeBroadcast("first");
    const receipt = await send(sender.context, CALL, "second");
    expect([receipt.hash, receipt.status]).to.deep.equal([hash, 1]);
    expect(await sender.events()).to.deep.equal(["signed 0", "mined 0"]);
    expect(await sender.nonce()).to.equal(1);
    expect(sender.warnings).to.deep.equal([
      `second: done by transaction ${hash}, which an earlier run signed; not sending it again`,
    ]);
  });

  it("and its transaction was mined unseen: the same command does not send a second one", async () => {
    const hash = await sender.killedBeforeBroadcast("first");
    await chain.direct.broadcastTransaction(await sender.firstRaw());
    expect((await send(sender.context, CALL, "second")).hash).to.equal(hash);
    expect(await sender.nonce()).to.equal(1);
  });

  it("and its transaction was replaced: the same command knows the replacement for its own", async () => {
    await sender.killedBeforeBroadcast("first", "0.0001");
    const receipt = await send(sender.context, CALL, "second", { maxFeePerGas: parseUnits("100", "gwei") });
    expect(await sender.events()).to.deep.equal(["signed 0", "signed 0", "mined 0"]);
    expect((await sender.journal()).at(-1)).to.include({ event: "mined", hash: receipt.hash });
  });

  it("and its transaction reverted: the same command sends it anew", async () => {
    const broken = { to: Wallet.createRandom().address, data: "0x" };
    await chain.direct.send("hardhat_setCode", [broken.to, "0x5f5ffd"]);
    const hash = await sender.killedBeforeBroadcast("first", "100", undefined, broken);
    await chain.direct.broadcastTransaction(await sender.firstRaw()).catch(() => undefined);
    expect((await chain.direct.getTransactionReceipt(hash))?.status).to.equal(0);
    await chain.direct.send("hardhat_setCode", [broken.to, "0x"]);
    expect((await send(sender.context, broken, "second")).hash).not.to.equal(hash);
    expect(await sender.nonce()).to.equal(2);
  });

  it("the same call is still sent as often as a list has it: each that was left counts once", async () => {
    const hash = await sender.killedBeforeBroadcast("first");
    const receipts = await sendCalls(
      sender.context,
      [
        { ...CALL, step: "one" },
        { ...CALL, step: "two" },
      ],
      {},
    );
    expect(receipts.map((receipt) => receipt.hash).indexOf(hash)).to.equal(0);
    expect(new Set(receipts.map((receipt) => receipt.hash)).size).to.equal(2);
    expect(await sender.nonce()).to.equal(2);
  });

  it("what a run saw mined does not stand for what a later one is asked to send", async () => {
    const first = await send(sender.context, CALL, "first");
    expect((await send(sender.context, CALL, "second")).hash).not.to.equal(first.hash);
  });

  it("a call with other data, or with ether, is not the same", async () => {
    await sender.killedBeforeBroadcast("first", "100", undefined, { ...CALL, data: "0x01" });
    await chain.direct.broadcastTransaction(await sender.firstRaw());
    await send(sender.context, CALL, "second");
    expect(await sender.nonce()).to.equal(2);
    const paying: Call & { value: bigint } = { ...CALL, value: 1n };
    const hash = await sender.killedBeforeBroadcast("third", "100", undefined, paying);
    expect((await send(sender.context, CALL, "fourth")).hash).not.to.equal(hash);
    expect(await chain.direct.getTransaction(hash)).to.equal(null);
  });

  it("between broadcast and receipt: the next one finds the receipt", async () => {
    const hash = await sender.killedBeforeBroadcast("first");
    await chain.direct.broadcastTransaction(await sender.firstRaw());
    const broadcasts: string[] = [];
    chain.proxy.fault = ({ calls }) => {
      broadcasts.push(...calls.filter(({ method }) => method === BROADCAST).map(({ method }) => method));
      return undefined;
    };
    await sender.holding((held) => reconcile(sender.context, held));
    expect(broadcasts).to.deep.equal([]);
    expect((await sender.journal()).at(-1)).to.include({ event: "mined", hash });
  });

  it("at a price that no block takes any more: the next one raises it", async () => {
    await sender.killedBeforeBroadcast("first", "0.0001");
    await sender.holding((held) =>
      reconcile(sender.context, held, { maxFeePerGas: parseUnits("100", "gwei"), due: [CALL] }),
    );
    expect(await sender.events()).to.deep.equal(["signed 0", "signed 0", "mined 0"]);
  });

  it("and another program used its nonce: the next one goes on after it", async () => {
    await sender.killedBeforeBroadcast("first");
    await (await sender.wallet.connect(chain.direct).sendTransaction(CALL)).wait();
    await send(sender.context, CALL, "second");
    expect(await sender.events()).to.deep.equal(["signed 0", "superseded 0", "signed 1", "mined 1"]);
  });

  it("while another program's transaction before it got lost: the next one closes the gap", async () => {
    await sender.killedBeforeBroadcast("first", "100", 1);
    await sender.holding((held) => reconcile(sender.context, held, { stuckAfter: 0.1, due: [CALL] }));
    expect(await sender.nonce()).to.equal(2);
    const entries = await sender.journal();
    expect(entries.map(({ event, nonce: of }) => `${event} ${of}`)).to.deep.equal([
      "signed 1",
      "signed 0",
      "mined 0",
      "mined 1",
    ]);
    expect(entries[1]?.step).to.equal("close a gap in the nonces");
  });
});
