import { setTimeout as sleep } from "node:timers/promises";

import { expect } from "chai";
import { Transaction, ZeroAddress, id, parseUnits, toQuantity } from "ethers";

import type { Call } from "../../scripts/chain/planned-call.js";
import { send, withJournal } from "../../scripts/chain/send.js";
import { failure } from "../fixtures/failure.js";
import { asks } from "../fixtures/faulty-proxy.js";
import { BROADCAST, CALL, openSender, startChain, type Chain, type Sender } from "../fixtures/sender.js";

describe("send: when a run was killed that had signed a decision", () => {
  let chain: Chain;
  let sender: Sender;
  let approval: Call;

  before(async () => {
    chain = await startChain();
  });
  beforeEach(async () => {
    sender = await openSender(chain);
    const { committee } = sender.context.suite;
    const data = committee.interface.encodeFunctionData("approve", [id("a report")]);
    approval = { to: ZeroAddress, data };
  });
  afterEach(() => sender.close());
  after(() => chain.stop());

  const leave = () => sender.killedBeforeBroadcast("approve", "100", undefined, approval);

  it("the next run sends it if it is about to do the same", async () => {
    const hash = await leave();
    await withJournal(sender.context, { due: [CALL, approval] }, () => sender.nonce());
    expect((await chain.direct.getTransactionReceipt(hash))?.status).to.equal(1);
    expect(await sender.events()).to.deep.equal(["signed 0", "mined 0"]);
  });

  it("a run that does something else never broadcasts it, and sends nothing with its nonce", async () => {
    const hash = await leave();
    const broadcasts: string[] = [];
    chain.proxy.fault = ({ calls }) => {
      for (const { method, params } of calls) if (method === BROADCAST) broadcasts.push(String(params[0]));
      return undefined;
    };
    await send(sender.context, CALL, "second");
    expect(broadcasts).not.to.include(await sender.firstRaw());
    expect(await chain.direct.getTransaction(hash)).to.equal(null);
    expect(await sender.events()).to.deep.equal(["signed 0", "signed 0", "mined 0", "signed 1", "mined 1"]);
    const cancelled = (await sender.journal()).find(({ event }) => event === "mined");
    expect(cancelled?.step).to.equal('cancel "approve"');
    const nothing = await chain.direct.getTransaction(cancelled?.event === "mined" ? cancelled.hash : "");
    expect(nothing).to.include({ to: sender.wallet.address, value: 0n, data: "0x" });
  });

  it("replaces one that waits in the network", async () => {
    await chain.automine(false);
    const hash = await leave();
    await chain.direct.broadcastTransaction(await sender.firstRaw());
    const run = withJournal(sender.context, { due: [CALL] }, () => sender.nonce());
    while ((await sender.journal()).length < 2 || (await chain.direct.getTransaction(hash)) !== null) await sleep(20);
    await chain.mine();
    expect(await run).to.equal(1);
    expect(await chain.direct.getTransactionReceipt(hash)).to.equal(null);
  });

  it("says so where it was mined before it could be cancelled", async () => {
    const hash = await leave();
    const left = await sender.firstRaw();
    chain.proxy.fault = async (passing) => {
      if (asks(passing, BROADCAST)) await chain.direct.broadcastTransaction(left).catch(() => undefined);
      return undefined;
    };
    await withJournal(sender.context, {}, () => sender.nonce());
    expect(sender.warnings.at(-1)).to.equal(`approve: transaction ${hash} was mined before it could be cancelled`);
    expect((await sender.journal()).at(-1)).to.include({ event: "mined", hash });
  });

  it("cancels nothing where it waits in the network and the ceiling is too low to replace it", async () => {
    await chain.automine(false);
    await leave();
    await chain.direct.broadcastTransaction(await sender.firstRaw());
    const error = await failure(
      withJournal(sender.context, { maxFeePerGas: parseUnits("105", "gwei") }, () => sender.nonce()),
    );
    expect(error.message).to.match(/^cancel "approve": found a gas price of/);
    expect(error.exitCode).to.equal(2);
    expect(await sender.events()).to.deep.equal(["signed 0"]);
  });

  it("cancels it by a first offer where no node knows it and the ceiling leaves no room for more", async () => {
    const hash = await leave();
    const maxFeePerGas = parseUnits("105", "gwei");
    expect(await withJournal(sender.context, { maxFeePerGas }, () => sender.nonce())).to.equal(1);
    expect(await chain.direct.getTransaction(hash)).to.equal(null);
    const [, cancelling] = await sender.signed();
    expect((Transaction.from(cancelling?.raw ?? "").maxFeePerGas ?? 0n) <= maxFeePerGas).to.equal(true);
    expect(await sender.events()).to.deep.equal(["signed 0", "signed 0", "mined 0"]);
  });

  it("offers what the ceiling allows for one that is due, where no node took it and that is too little for a raise", async () => {
    await sender.killedBeforeBroadcast("approve", "99", undefined, approval);
    await chain.direct.send("hardhat_setNextBlockBaseFeePerGas", [toQuantity(parseUnits("100", "gwei"))]);
    const baseFeePerGas = toQuantity(parseUnits("60", "gwei"));
    chain.proxy.fault = () => ({
      alter: ({ method }, result) =>
        method === "eth_getBlockByNumber" && result !== null ? { ...(result as object), baseFeePerGas } : result,
    });
    const maxFeePerGas = parseUnits("105", "gwei");
    expect(await withJournal(sender.context, { maxFeePerGas, due: [approval] }, () => sender.nonce())).to.equal(1);
    expect(await sender.events()).to.deep.equal(["signed 0", "signed 0", "mined 0"]);
    await chain.direct.send("hardhat_setNextBlockBaseFeePerGas", [toQuantity(parseUnits("1", "gwei"))]);
  });

  it("goes on with its cancelling where that was stopped too", async () => {
    await leave();
    const self = { to: sender.wallet.address, data: "0x" };
    const cancelling = await sender.killedBeforeBroadcast('cancel "approve"', "200", 0, self);
    await send(sender.context, CALL, "second");
    expect((await chain.direct.getTransactionReceipt(cancelling))?.status).to.equal(1);
    expect(await sender.events()).to.deep.equal(["signed 0", "signed 0", "mined 0", "signed 1", "mined 1"]);
  });

  it("sends what does no harm late, whatever the run is about to do", async () => {
    const { tournament } = sender.context.suite;
    const data = tournament.interface.encodeFunctionData("settle", [1n, 0n, 100n]);
    const hash = await sender.killedBeforeBroadcast("settle", "100", undefined, { to: ZeroAddress, data });
    await send(sender.context, CALL, "second");
    expect((await chain.direct.getTransactionReceipt(hash))?.status).to.equal(1);
    expect(await sender.events()).to.deep.equal(["signed 0", "mined 0", "signed 1", "mined 1"]);
  });

  it("sends it again where it was mined once and a reorganisation dropped it", async () => {
    const snapshot: unknown = await chain.direct.send("evm_snapshot", []);
    const { hash } = await send(sender.context, approval, "approve");
    await chain.direct.send("evm_revert", [snapshot]);
    await chain.mine(3);
    await withJournal(sender.context, {}, () => sender.nonce());
    expect((await chain.direct.getTransactionReceipt(hash))?.status).to.equal(1);
    expect(await sender.signed()).to.have.length(1);
  });
});
