import { mkdtemp, readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { expect } from "chai";
import { Transaction, Wallet, ZeroAddress, id, parseEther, parseUnits, toQuantity } from "ethers";

import { openAccountJournal } from "../../scripts/chain/account-journal.js";
import type { SigningContext } from "../../scripts/chain/context.js";
import { nonceAfter, type Journal, type JournalEntry } from "../../scripts/chain/journal.js";
import type { Call } from "../../scripts/chain/planned-call.js";
import { reconcile, reconciledBlock } from "../../scripts/chain/reconcile.js";
import { RpcProvider } from "../../scripts/chain/rpc-provider.js";
import { sendCalls } from "../../scripts/chain/send-calls.js";
import { send, withJournal, type SendSettings } from "../../scripts/chain/send.js";
import { silentLog } from "../../scripts/terminal/log.js";
import { connectSuite, suiteAddresses } from "../../sdk/contracts.js";
import { failure } from "../fixtures/failure.js";
import { asks, startFaultyProxy, stoppedAt, type Fault, type FaultyProxy } from "../fixtures/faulty-proxy.js";
import { startNodeServer, type NodeServer } from "../fixtures/node-server.js";

const CHAIN = 31337n;
const BROADCAST = "eth_sendRawTransaction";
/** Enough for several looks and a second broadcast. */
const LAGGING_ANSWERS = 16;

describe("send", () => {
  let node: NodeServer;
  let proxy: FaultyProxy;
  /** Straight to the node. */
  let direct: RpcProvider;
  let context: SigningContext;
  let wallet: Wallet;
  let folder: string;
  const settings: SendSettings = {};
  const call: Call = { to: Wallet.createRandom().address, data: "0x" };

  before(async () => {
    node = await startNodeServer();
    proxy = await startFaultyProxy(node.url);
    direct = new RpcProvider([node.url], CHAIN);
  });
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "numeraire-"));
    proxy.fault = () => undefined;
    const provider = new RpcProvider([proxy.url], CHAIN);
    wallet = new Wallet(Wallet.createRandom().privateKey, provider);
    await give(parseEther("1"));
    context = {
      provider,
      signer: wallet,
      suite: connectSuite(
        suiteAddresses(() => ZeroAddress),
        provider,
      ),
      chainId: CHAIN,
      network: "test",
      log: silentLog,
      fromBlock: 0,
      confirmations: 0,
      stateFolder: folder,
    };
  });
  afterEach(async () => {
    await direct.send("evm_setAutomine", [true]);
    await direct.send("hardhat_mine", ["0x1"]);
    context.provider.destroy();
    await rm(folder, { recursive: true, force: true });
  });
  after(async () => {
    direct.destroy();
    await proxy.stop();
    await node.stop();
  });

  const give = (amount: bigint) => direct.send("hardhat_setBalance", [wallet.address, toQuantity(amount)]);
  const automine = (on: boolean) => direct.send("evm_setAutomine", [on]);
  const mine = (blocks = 1) => direct.send("hardhat_mine", [toQuantity(blocks)]);
  const nonce = () => direct.getTransactionCount(wallet.address);
  /** Applies a fault to the n-th request that asks for a method. */
  const onNth = (method: string, n: number, fault: Fault) => {
    let seen = 0;
    proxy.fault = (passing) => (asks(passing, method) && ++seen === n ? fault : undefined);
  };
  const journal = async (): Promise<JournalEntry[]> => {
    const [file] = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(".jsonl"));
    if (file === undefined) return [];
    const text = await readFile(path.join(folder, file), "utf8");
    return text.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line) as JournalEntry]));
  };
  const events = async () => (await journal()).map(({ event, nonce: of }) => `${event} ${of}`);
  /** Holds the account's journal, as a run does. */
  const holding = async <T>(run: (held: Journal) => Promise<T>): Promise<T> => {
    const held = await openAccountJournal(context);
    if (held === undefined) throw new Error("no journal");
    try {
      return await run(held);
    } finally {
      await held.close();
    }
  };
  /** Signs and journals a transaction that is not broadcast, as a run leaves it that is killed in between. */
  const killedBeforeBroadcast = async (step: string, gwei = "100", of?: number, what = call): Promise<string> =>
    holding(async (held) => {
      const price = parseUnits(gwei, "gwei");
      const next = of ?? Math.max(await nonce(), nonceAfter(held.entries, wallet.address));
      const raw = await wallet.signTransaction({
        ...what,
        type: 2,
        chainId: CHAIN,
        gasLimit: 50_000,
        nonce: next,
        maxFeePerGas: price,
        maxPriorityFeePerGas: price,
      });
      const hash = Transaction.from(raw).hash ?? "";
      await held.append({ event: "signed", step, from: wallet.address, nonce: next, hash, raw });
      return hash;
    });

  it("journals a transaction before the network sees it, and when it is mined", async () => {
    let before: string[] = [];
    proxy.fault = async (passing) => {
      if (asks(passing, BROADCAST)) before = await events();
      return undefined;
    };
    const receipt = await send(context, call, "test");
    expect(before).to.deep.equal(["signed 0"]);
    const [signed, mined] = await journal();
    expect(signed).to.include({ event: "signed", step: "test", from: wallet.address, hash: receipt.hash });
    expect(mined).to.include({ event: "mined", hash: receipt.hash, block: receipt.blockNumber });
  });

  describe("through a network that", () => {
    for (const [what, fault] of [
      ["loses the answer to a broadcast", { reply: "close" }],
      ["loses a broadcast", { forward: 0, reply: "close" }],
      ["limits the rate of broadcasts", { forward: 0, reply: { status: 429, headers: { "retry-after": "0.05" } } }],
      ["delivers a broadcast twice", { forward: 2 }],
      ["delays a broadcast", { delay: 300 }],
    ] as const satisfies [string, Fault][]) {
      it(`${what}: sends once`, async () => {
        onNth(BROADCAST, 1, fault);
        await send(context, call, "test");
        expect(await events()).to.deep.equal(["signed 0", "mined 0"]);
        expect(await nonce()).to.equal(1);
      });
    }

    it("takes a broadcast and does nothing with it: broadcasts the same again", async () => {
      proxy.fault = (passing) => {
        if (!asks(passing, BROADCAST)) return undefined;
        proxy.fault = () => undefined;
        const [{ id, params } = { id: 0, params: [] }] = passing.calls;
        const result = Transaction.from(String(params[0])).hash;
        return { forward: 0, reply: { status: 200, body: JSON.stringify({ jsonrpc: "2.0", id, result }) } };
      };
      await send(context, call, "test");
      expect(await events()).to.deep.equal(["signed 0", "mined 0"]);
    });

    it("answers as of an older block for a while: waits, and sends once", async () => {
      const block = await direct.getBlockNumber();
      let answers = Infinity;
      proxy.fault = (passing) => {
        // From the first broadcast on, and by count: a lag that each new broadcast prolonged would never end.
        if (answers === Infinity && asks(passing, BROADCAST)) answers = LAGGING_ANSWERS;
        if (answers === Infinity || answers === 0 || asks(passing, "eth_blockNumber")) return undefined;
        answers -= 1;
        return stoppedAt(block);
      };
      await send(context, call, "first");
      proxy.fault = () => undefined;
      await send(context, call, "second");
      expect(await events()).to.deep.equal(["signed 0", "mined 0", "signed 1", "mined 1"]);
    });
  });

  it("waits for a receipt whose block is part of the chain", async () => {
    let answers = 0;
    const blockHash = `0x${"11".repeat(32)}`;
    proxy.fault = () => ({
      alter: ({ method }, result) =>
        method === "eth_getTransactionReceipt" && result !== null && ++answers < 3
          ? { ...(result as object), blockHash }
          : result,
    });
    const receipt = await send(context, call, "test");
    expect(receipt.blockHash).to.equal((await direct.getBlock(receipt.blockNumber))?.hash);
    expect(answers).to.equal(3);
  });

  describe("a transaction that is not mined", () => {
    beforeEach(() => automine(false));

    it("is replaced at its nonce by a higher price", async () => {
      const sent = send(context, call, "test", { stuckAfter: 0.1, maxFeePerGas: parseUnits("1000", "gwei") });
      while ((await journal()).length < 2) await sleep(20);
      await mine();
      const receipt = await sent;
      const signed = (await journal()).filter((entry) => entry.event === "signed");
      expect(signed.length).to.be.greaterThan(1);
      const prices = signed.map(({ raw }) => Transaction.from(raw).maxFeePerGas ?? 0n);
      for (const [i, price] of prices.entries()) expect(price > (prices[i - 1] ?? 0n)).to.equal(true);
      expect(signed.map(({ hash }) => hash)).to.include(receipt.hash);
      expect(await nonce()).to.equal(1);
    });

    it("ends the run with exit code 2 at the ceiling, and the next run continues with it", async () => {
      const base = (await direct.getBlock("latest"))?.baseFeePerGas ?? 0n;
      const maxFeePerGas = base * 3n + parseUnits("2", "gwei");
      const error = await failure(send(context, call, "test", { stuckAfter: 0.1, maxFeePerGas }));
      expect(error.message).to.match(/^test: found a gas price of .* gwei, expected at most/);
      expect(error.exitCode).to.equal(2);
      const offered = Transaction.from((await lastSigned()).raw).maxFeePerGas;
      // What is left to the ceiling is less than nodes accept as a replacement.
      expect(offered !== null && offered <= maxFeePerGas && offered * 11n >= maxFeePerGas * 10n).to.equal(true);
      await automine(true);
      await mine();
      const left = (await journal()).flatMap((entry) => (entry.event === "signed" ? [entry.hash] : []));
      expect(left).to.include((await send(context, call, "test")).hash);
      expect((await events()).at(-1)).to.equal("mined 0");
      expect(await nonce()).to.equal(1);
    });

    it("is raised by the next run, not left", async () => {
      await failure(send(context, call, "test", { stuckAfter: 0.05, maxFeePerGas: parseUnits("5", "gwei") }));
      const left = await lastSigned();
      const generous = { stuckAfter: 0.1, maxFeePerGas: parseUnits("1000", "gwei"), due: [call] };
      const resumed = withJournal(context, generous, () => nonce());
      while ((await lastSigned()).hash === left.hash) await sleep(20);
      await mine();
      expect(await resumed).to.equal(1);
      expect(await events())
        .to.include("mined 0")
        .and.not.include("superseded 0");
      const raised = Transaction.from((await lastSigned()).raw).maxFeePerGas ?? 0n;
      expect(raised > (Transaction.from(left.raw).maxFeePerGas ?? 0n)).to.equal(true);
    });

    it("stays open in the journal where the next run cannot have it mined either", async () => {
      const capped = { stuckAfter: 0.05, maxFeePerGas: parseUnits("5", "gwei") };
      await failure(send(context, call, "test", capped));
      const error = await failure(send(context, call, "other", capped));
      expect(error.message).to.match(/^test: found a gas price/);
      expect(await events()).to.not.include("superseded 0");
      expect(new Set((await journal()).map((entry) => entry.step))).to.deep.equal(new Set(["test"]));
    });

    const lastSigned = async () => {
      const entry = (await journal()).findLast(({ event }) => event === "signed");
      if (entry?.event !== "signed") throw new Error("nothing signed");
      return entry;
    };
  });

  describe("a first offer", () => {
    it("is kept below the ceiling where the next block takes that", async () => {
      const base = (await direct.getBlock("latest"))?.baseFeePerGas ?? 0n;
      const { maxPriorityFeePerGas } = await direct.getFeeData();
      const maxFeePerGas = base + (maxPriorityFeePerGas ?? 0n);
      const { hash } = await send(context, call, "test", { maxFeePerGas });
      expect((await direct.getTransaction(hash))?.maxFeePerGas).to.equal(maxFeePerGas);
    });

    it("has a bounded tip where there is no ceiling, whatever the node asks for", async () => {
      proxy.fault = () => ({
        alter: ({ method }, result) =>
          method === "eth_maxPriorityFeePerGas" ? toQuantity(parseUnits("9000", "gwei")) : result,
      });
      const { hash } = await send(context, call, "test");
      expect((await direct.getTransaction(hash))?.maxPriorityFeePerGas).to.equal(parseUnits("100", "gwei"));
    });

    it("is not made where it does not: nothing is signed", async () => {
      const error = await failure(send(context, call, "test", { maxFeePerGas: 1n }));
      expect(error.message).to.match(/^test: found a gas price of [\d.]+ gwei, expected at most 0\.000000001$/);
      expect(error.exitCode).to.equal(2);
      expect(await journal()).to.deep.equal([]);
    });
  });

  describe("when a run was killed", () => {
    it("before the broadcast: the same command sends what was signed, and not a second one", async () => {
      const warnings: string[] = [];
      const telling = { ...context, log: { ...silentLog, warn: (line: string) => warnings.push(line) } };
      const hash = await killedBeforeBroadcast("first");
      const receipt = await send(telling, call, "second");
      expect([receipt.hash, receipt.status]).to.deep.equal([hash, 1]);
      expect(await events()).to.deep.equal(["signed 0", "mined 0"]);
      expect(await nonce()).to.equal(1);
      expect(warnings).to.deep.equal([
        `second: done by transaction ${hash}, which an earlier run signed; not sending it again`,
      ]);
    });

    it("and its transaction was mined unseen: the same command does not send a second one", async () => {
      const hash = await killedBeforeBroadcast("first");
      await direct.broadcastTransaction(await firstRaw());
      expect((await send(context, call, "second")).hash).to.equal(hash);
      expect(await nonce()).to.equal(1);
    });

    it("and its transaction was replaced: the same command knows the replacement for its own", async () => {
      await killedBeforeBroadcast("first", "0.0001");
      const receipt = await send(context, call, "second", { maxFeePerGas: parseUnits("100", "gwei") });
      expect(await events()).to.deep.equal(["signed 0", "signed 0", "mined 0"]);
      expect((await journal()).at(-1)).to.include({ event: "mined", hash: receipt.hash });
    });

    it("and its transaction reverted: the same command sends it anew", async () => {
      const broken = { to: Wallet.createRandom().address, data: "0x" };
      await direct.send("hardhat_setCode", [broken.to, "0x5f5ffd"]);
      const hash = await killedBeforeBroadcast("first", "100", undefined, broken);
      await direct.broadcastTransaction(await firstRaw()).catch(() => undefined);
      expect((await direct.getTransactionReceipt(hash))?.status).to.equal(0);
      await direct.send("hardhat_setCode", [broken.to, "0x"]);
      expect((await send(context, broken, "second")).hash).not.to.equal(hash);
      expect(await nonce()).to.equal(2);
    });

    it("the same call is still sent as often as a list has it: each that was left counts once", async () => {
      const hash = await killedBeforeBroadcast("first");
      const receipts = await sendCalls(
        context,
        [
          { ...call, step: "one" },
          { ...call, step: "two" },
        ],
        settings,
      );
      expect(receipts.map((receipt) => receipt.hash).indexOf(hash)).to.equal(0);
      expect(new Set(receipts.map((receipt) => receipt.hash)).size).to.equal(2);
      expect(await nonce()).to.equal(2);
    });

    it("what a run saw mined does not stand for what a later one is asked to send", async () => {
      const first = await send(context, call, "first");
      expect((await send(context, call, "second")).hash).not.to.equal(first.hash);
    });

    it("a call with other data, or with ether, is not the same", async () => {
      await killedBeforeBroadcast("first", "100", undefined, { ...call, data: "0x01" });
      await direct.broadcastTransaction(await firstRaw());
      await send(context, call, "second");
      expect(await nonce()).to.equal(2);
      const paying: Call & { value: bigint } = { ...call, value: 1n };
      const hash = await killedBeforeBroadcast("third", "100", undefined, paying);
      expect((await send(context, call, "fourth")).hash).not.to.equal(hash);
      expect(await direct.getTransaction(hash)).to.equal(null);
    });

    const firstRaw = async () =>
      (await journal()).flatMap((entry) => (entry.event === "signed" ? [entry.raw] : []))[0] ?? "";

    it("between broadcast and receipt: the next one finds the receipt", async () => {
      const hash = await killedBeforeBroadcast("first");
      await direct.broadcastTransaction(
        (await journal()).flatMap((one) => (one.event === "signed" ? [one.raw] : []))[0] ?? "",
      );
      const broadcasts: string[] = [];
      proxy.fault = ({ calls }) => {
        broadcasts.push(...calls.filter(({ method }) => method === BROADCAST).map(({ method }) => method));
        return undefined;
      };
      await holding((held) => reconcile(context, held));
      expect(broadcasts).to.deep.equal([]);
      expect((await journal()).at(-1)).to.include({ event: "mined", hash });
    });

    it("at a price that no block takes any more: the next one raises it", async () => {
      await killedBeforeBroadcast("first", "0.0001");
      await holding((held) => reconcile(context, held, { maxFeePerGas: parseUnits("100", "gwei"), due: [call] }));
      expect(await events()).to.deep.equal(["signed 0", "signed 0", "mined 0"]);
    });

    it("and another program used its nonce: the next one goes on after it", async () => {
      await killedBeforeBroadcast("first");
      await (await wallet.connect(direct).sendTransaction(call)).wait();
      await send(context, call, "second");
      expect(await events()).to.deep.equal(["signed 0", "superseded 0", "signed 1", "mined 1"]);
    });

    it("while another program's transaction before it got lost: the next one closes the gap", async () => {
      await killedBeforeBroadcast("first", "100", 1);
      await holding((held) => reconcile(context, held, { stuckAfter: 0.1, due: [call] }));
      expect(await nonce()).to.equal(2);
      const entries = await journal();
      expect(entries.map(({ event, nonce: of }) => `${event} ${of}`)).to.deep.equal([
        "signed 1",
        "signed 0",
        "mined 0",
        "mined 1",
      ]);
      expect(entries[1]?.step).to.equal("close a gap in the nonces");
    });
  });

  it("puts no signature to what somebody else wrote into the journal", async () => {
    const thief = Wallet.createRandom();
    const fields = { type: 2, chainId: CHAIN, nonce: 0, gasLimit: 21_000, maxFeePerGas: 1n, maxPriorityFeePerGas: 1n };
    const raw = await thief.signTransaction({ ...fields, to: thief.address, value: parseEther("0.5") });
    const hash = Transaction.from(raw).hash ?? "";
    await holding((held) =>
      held.append({ event: "signed", step: "settle", from: wallet.address, nonce: 0, hash, raw }),
    );
    const error = await failure(send(context, call, "test", { stuckAfter: 0.1 }));
    expect(error.message).to.equal(
      `settle: found a transaction in the journal that ${wallet.address} did not sign for nonce 0`,
    );
    expect(await journal()).to.have.length(1);
    expect(await direct.getBalance(thief.address)).to.equal(0n);
  });

  it("lets nobody else read the journal: a transaction that was cancelled could still be broadcast", async () => {
    await send(context, call, "test");
    const [chain = ""] = await readdir(folder);
    const modes = [path.join(folder, chain), path.join(folder, chain, `${wallet.address}.jsonl`)].map(
      async (entry) => (await stat(entry)).mode & 0o777,
    );
    expect(await Promise.all(modes)).to.deep.equal([0o700, 0o600]);
  });

  describe("when a run was killed that had signed a decision", () => {
    let approval: Call;
    beforeEach(() => {
      const { committee } = context.suite;
      const data = committee.interface.encodeFunctionData("approve", [id("a report")]);
      approval = { to: ZeroAddress, data };
    });
    const leave = () => killedBeforeBroadcast("approve", "100", undefined, approval);
    const lastRaw = async () => {
      const [entry] = (await journal()).filter(({ event }) => event === "signed");
      return entry?.event === "signed" ? entry.raw : "";
    };

    it("the next run sends it if it is about to do the same", async () => {
      const hash = await leave();
      await withJournal(context, { due: [call, approval] }, () => nonce());
      expect((await direct.getTransactionReceipt(hash))?.status).to.equal(1);
      expect(await events()).to.deep.equal(["signed 0", "mined 0"]);
    });

    it("a run that does something else never broadcasts it, and sends nothing with its nonce", async () => {
      const hash = await leave();
      const broadcasts: string[] = [];
      proxy.fault = ({ calls }) => {
        for (const { method, params } of calls) if (method === BROADCAST) broadcasts.push(String(params[0]));
        return undefined;
      };
      await send(context, call, "second");
      expect(broadcasts).not.to.include(await lastRaw());
      expect(await direct.getTransaction(hash)).to.equal(null);
      expect(await events()).to.deep.equal(["signed 0", "signed 0", "mined 0", "signed 1", "mined 1"]);
      const cancelled = (await journal()).find(({ event }) => event === "mined");
      expect(cancelled?.step).to.equal('cancel "approve"');
      const nothing = await direct.getTransaction(cancelled?.event === "mined" ? cancelled.hash : "");
      expect(nothing).to.include({ to: wallet.address, value: 0n, data: "0x" });
    });

    it("replaces one that waits in the network", async () => {
      await automine(false);
      const hash = await leave();
      await direct.broadcastTransaction(await lastRaw());
      const run = withJournal(context, { due: [call] }, () => nonce());
      while ((await journal()).length < 2 || (await direct.getTransaction(hash)) !== null) await sleep(20);
      await mine();
      expect(await run).to.equal(1);
      expect(await direct.getTransactionReceipt(hash)).to.equal(null);
    });

    it("says so where it was mined before it could be cancelled", async () => {
      const warnings: string[] = [];
      const telling = { ...context, log: { ...silentLog, warn: (line: string) => warnings.push(line) } };
      const hash = await leave();
      const left = await lastRaw();
      proxy.fault = async (passing) => {
        if (asks(passing, BROADCAST)) await direct.broadcastTransaction(left).catch(() => undefined);
        return undefined;
      };
      await withJournal(telling, {}, () => nonce());
      expect(warnings.at(-1)).to.equal(`approve: transaction ${hash} was mined before it could be cancelled`);
      expect((await journal()).at(-1)).to.include({ event: "mined", hash });
    });

    it("cancels nothing where it waits in the network and the ceiling is too low to replace it", async () => {
      await automine(false);
      await leave();
      await direct.broadcastTransaction(await lastRaw());
      const error = await failure(withJournal(context, { maxFeePerGas: parseUnits("105", "gwei") }, () => nonce()));
      expect(error.message).to.match(/^cancel "approve": found a gas price of/);
      expect(error.exitCode).to.equal(2);
      expect(await events()).to.deep.equal(["signed 0"]);
    });

    it("cancels it by a first offer where no node knows it and the ceiling leaves no room for more", async () => {
      const hash = await leave();
      const maxFeePerGas = parseUnits("105", "gwei");
      expect(await withJournal(context, { maxFeePerGas }, () => nonce())).to.equal(1);
      expect(await direct.getTransaction(hash)).to.equal(null);
      const [, cancelling] = (await journal()).filter((entry) => entry.event === "signed");
      expect((Transaction.from(cancelling?.raw ?? "").maxFeePerGas ?? 0n) <= maxFeePerGas).to.equal(true);
      expect(await events()).to.deep.equal(["signed 0", "signed 0", "mined 0"]);
    });

    it("offers what the ceiling allows for one that is due, where no node took it and that is too little for a raise", async () => {
      await killedBeforeBroadcast("approve", "99", undefined, approval);
      await direct.send("hardhat_setNextBlockBaseFeePerGas", [toQuantity(parseUnits("100", "gwei"))]);
      const baseFeePerGas = toQuantity(parseUnits("60", "gwei"));
      proxy.fault = () => ({
        alter: ({ method }, result) =>
          method === "eth_getBlockByNumber" && result !== null ? { ...(result as object), baseFeePerGas } : result,
      });
      const maxFeePerGas = parseUnits("105", "gwei");
      expect(await withJournal(context, { maxFeePerGas, due: [approval] }, () => nonce())).to.equal(1);
      expect(await events()).to.deep.equal(["signed 0", "signed 0", "mined 0"]);
      await direct.send("hardhat_setNextBlockBaseFeePerGas", [toQuantity(parseUnits("1", "gwei"))]);
    });

    it("goes on with its cancelling where that was stopped too", async () => {
      await leave();
      const self = { to: wallet.address, data: "0x" };
      const cancelling = await killedBeforeBroadcast('cancel "approve"', "200", 0, self);
      await send(context, call, "second");
      expect((await direct.getTransactionReceipt(cancelling))?.status).to.equal(1);
      expect(await events()).to.deep.equal(["signed 0", "signed 0", "mined 0", "signed 1", "mined 1"]);
    });

    it("sends what does no harm late, whatever the run is about to do", async () => {
      const { tournament } = context.suite;
      const data = tournament.interface.encodeFunctionData("settle", [1n, 0n, 100n]);
      const hash = await killedBeforeBroadcast("settle", "100", undefined, { to: ZeroAddress, data });
      await send(context, call, "second");
      expect((await direct.getTransactionReceipt(hash))?.status).to.equal(1);
      expect(await events()).to.deep.equal(["signed 0", "mined 0", "signed 1", "mined 1"]);
    });

    it("sends it again where it was mined once and a reorganisation dropped it", async () => {
      const snapshot: unknown = await direct.send("evm_snapshot", []);
      const { hash } = await send(context, approval, "approve");
      await direct.send("evm_revert", [snapshot]);
      await mine(3);
      await withJournal(context, {}, () => nonce());
      expect((await direct.getTransactionReceipt(hash))?.status).to.equal(1);
      expect((await journal()).filter(({ event }) => event === "signed")).to.have.length(1);
    });
  });

  describe("what was decided on a block", () => {
    it("is sent with the nonce that the account had there", async () => {
      await send(context, call, "test", { nonce: 0 });
      expect(await events()).to.deep.equal(["signed 0", "mined 0"]);
    });

    it("is not signed where the account has sent something since", async () => {
      await (await wallet.connect(direct).sendTransaction(call)).wait();
      const error = await failure(send(context, call, "test", { nonce: 0 }));
      expect(error.message).to.equal(
        `test: found nonce 0 of ${wallet.address} used by another transaction, expected it free`,
      );
      expect(error.exitCode).to.equal(2);
      expect(await journal()).to.deep.equal([]);
    });

    it("comes with the block: its nonce is the one after all that was sent", async () => {
      await withJournal(context, settings, async (held) => {
        await send(context, call, "first", held);
        expect(await reconciledBlock(context, held.journal)).to.include({ nonce: 1 });
      });
    });
  });

  describe("when a reorganisation", () => {
    it("drops what was mined: the next run broadcasts the same again", async () => {
      const snapshot: unknown = await direct.send("evm_snapshot", []);
      const { hash } = await send(context, call, "first");
      await direct.send("evm_revert", [snapshot]);
      await mine(3);
      expect(await nonce()).to.equal(0);
      await holding((held) => reconcile(context, held));
      expect((await direct.getTransactionReceipt(hash))?.status).to.equal(1);
      expect(await nonce()).to.equal(1);
      expect((await journal()).filter(({ event }) => event === "signed")).to.have.length(1);
    });

    it("drops it while it waits for confirmations: it is sent again", async () => {
      const waiting: SigningContext = { ...context, confirmations: 5 };
      const snapshot: unknown = await direct.send("evm_snapshot", []);
      const sent = send(waiting, call, "first", { stuckAfter: 30 });
      while ((await nonce()) === 0) await sleep(10);
      await sleep(100);
      await direct.send("evm_revert", [snapshot]);
      await mine(2);
      while ((await nonce()) === 0) await sleep(10);
      await mine(6);
      const receipt = await sent;
      expect((await direct.getBlock(receipt.blockNumber))?.hash).to.equal(receipt.blockHash);
      expect(await events()).to.deep.equal(["signed 0", "mined 0"]);
    });

    it("drops an earlier one while a later one is sent: both are broadcast again", async () => {
      await withJournal(context, settings, async (held) => {
        const snapshot: unknown = await direct.send("evm_snapshot", []);
        const { hash } = await send(context, call, "first", held);
        await direct.send("evm_revert", [snapshot]);
        await mine(3);
        await send(context, call, "second", held);
        expect((await direct.getTransactionReceipt(hash))?.status).to.equal(1);
      });
      expect(await nonce()).to.equal(2);
      expect((await journal()).filter(({ event }) => event === "signed")).to.have.length(2);
    });

    it("drops it, nothing is decided on a block without it", async () => {
      await withJournal(context, settings, async (held) => {
        const snapshot: unknown = await direct.send("evm_snapshot", []);
        await send(context, call, "first", held);
        await direct.send("evm_revert", [snapshot]);
        await mine(3);
        const block = await reconciledBlock(context, held.journal);
        expect(await direct.getTransactionCount(wallet.address, block.number)).to.equal(1);
      });
    });
  });

  it("waits until no transaction of another program is pending", async () => {
    await automine(false);
    await wallet.connect(direct).sendTransaction(call);
    const error = await failure(send(context, call, "test", { stuckAfter: 0.1 }));
    expect(error.message).to.contain(`${wallet.address}: found 1 transactions still pending, expected none`);
    expect(error.exitCode).to.equal(2);
    const sent = send(context, call, "test");
    await sleep(50);
    await mine();
    await automine(true);
    await sent;
    expect(await nonce()).to.equal(2);
  });

  it("keeps one account from racing itself", async () => {
    await automine(false);
    const first = send(context, call, "first");
    while ((await direct.getTransactionCount(wallet.address, "pending")) === 0) await sleep(10);
    const error = await failure(send(context, call, "second"));
    expect(error.message).to.equal(
      `account ${wallet.address} on chain 31337: found process ${process.pid} at work, expected to be alone`,
    );
    await mine();
    await first;
    expect(await nonce()).to.equal(1);
  });

  it("stops when the ether runs out, says how much is missing, and goes on when it is there", async () => {
    await give(10n ** 12n);
    const error = await failure(send(context, call, "test"));
    expect(error.message).to.match(
      new RegExp(`^test: found 0\\.000001 ether at ${wallet.address}, expected at least 0\\.\\d+$`),
    );
    expect(error.exitCode).to.equal(2);
    await give(parseEther("1"));
    await send(context, call, "test");
    expect(await events()).to.deep.equal(["signed 0", "mined 0"]);
  });

  it("keeps the journals of a chain and of the same chain begun anew apart", async () => {
    await send(context, call, "test");
    const [chain = ""] = await readdir(folder);
    const genesis = (await direct.getBlock(0))?.hash ?? "";
    expect(chain).to.equal(`31337-${genesis.slice(2, 10)}`);
    expect(await readdir(path.join(folder, chain))).to.deep.equal([`${wallet.address}.jsonl`]);
  });

  it("sends nothing where the journal cannot be opened", async () => {
    await writeFile(path.join(folder, "taken"), "");
    const blocked = { ...context, stateFolder: path.join(folder, "taken") };
    const error = await failure(send(blocked, call, "test"));
    expect(error.message).to.contain("the journal could not be opened (").and.contain("so nothing was sent");
    expect(error.hint).to.contain("NUMERAIRE_STATE_DIR");
    expect(await nonce()).to.equal(0);
  });
});
