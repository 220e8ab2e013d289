import { setTimeout as sleep } from "node:timers/promises";

import { expect } from "chai";
import { Transaction, parseUnits, toQuantity } from "ethers";

import { send, withJournal } from "../../scripts/chain/send.js";
import { failure } from "../fixtures/failure.js";
import { CALL, openSender, startChain, type Chain, type Sender } from "../fixtures/sender.js";

describe("send: what it offers for gas", () => {
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

  describe("a first offer", () => {
    it("is kept below the ceiling where the next block takes that", async () => {
      const base = (await chain.direct.getBlock("latest"))?.baseFeePerGas ?? 0n;
      const { maxPriorityFeePerGas } = await chain.direct.getFeeData();
      const maxFeePerGas = base + (maxPriorityFeePerGas ?? 0n);
      const { hash } = await send(sender.context, CALL, "test", { maxFeePerGas });
      expect((await chain.direct.getTransaction(hash))?.maxFeePerGas).to.equal(maxFeePerGas);
    });

    it("has a bounded tip where there is no ceiling, whatever the node asks for", async () => {
      chain.proxy.fault = () => ({
        alter: ({ method }, result) =>
          method === "eth_maxPriorityFeePerGas" ? toQuantity(parseUnits("9000", "gwei")) : result,
      });
      const { hash } = await send(sender.context, CALL, "test");
      expect((await chain.direct.getTransaction(hash))?.maxPriorityFeePerGas).to.equal(parseUnits("100", "gwei"));
    });

    it("is not made where it does not: nothing is signed", async () => {
      const error = await failure(send(sender.context, CALL, "test", { maxFeePerGas: 1n }));
      expect(error.message).to.match(/^test: found a gas price of [\d.]+ gwei, expected at most 0\.000000001$/);
      expect(error.exitCode).to.equal(2);
      expect(await sender.journal()).to.deep.equal([]);
    });
  });

  describe("a transaction that is not mined", () => {
    beforeEach(() => chain.automine(false));

    const lastSigned = async () => {
      const entry = (await sender.signed()).at(-1);
      if (entry === undefined) throw new Error("nothing signed");
      return entry;
    };

    it("is replaced at its nonce by a higher price", async () => {
      const sent = send(sender.context, CALL, "test", { stuckAfter: 0.1, maxFeePerGas: parseUnits("1000", "gwei") });
      while ((await sender.journal()).length < 2) await sleep(20);
      await chain.mine();
      const receipt = await sent;
      const signed = await sender.signed();
      expect(signed.length).to.be.greaterThan(1);
      const prices = signed.map(({ raw }) => Transaction.from(raw).maxFeePerGas ?? 0n);
      for (const [i, price] of prices.entries()) expect(price > (prices[i - 1] ?? 0n)).to.equal(true);
      expect(signed.map(({ hash }) => hash)).to.include(receipt.hash);
      expect(await sender.nonce()).to.equal(1);
    });

    it("ends the run with exit code 2 at the ceiling, and the next run continues with it", async () => {
      const base = (await chain.direct.getBlock("latest"))?.baseFeePerGas ?? 0n;
      const maxFeePerGas = base * 3n + parseUnits("2", "gwei");
      const error = await failure(send(sender.context, CALL, "test", { stuckAfter: 0.1, maxFeePerGas }));
      expect(error.message).to.match(/^test: found a gas price of .* gwei, expected at most/);
      expect(error.exitCode).to.equal(2);
      const offered = Transaction.from((await lastSigned()).raw).maxFeePerGas;
      // What is left to the ceiling is less than nodes accept as a replacement.
      expect(offered !== null && offered <= maxFeePerGas && offered * 11n >= maxFeePerGas * 10n).to.equal(true);
      await chain.automine(true);
      await chain.mine();
      const left = (await sender.signed()).map(({ hash }) => hash);
      expect(left).to.include((await send(sender.context, CALL, "test")).hash);
      expect((await sender.events()).at(-1)).to.equal("mined 0");
      expect(await sender.nonce()).to.equal(1);
    });

    it("is raised by the next run, not left", async () => {
      await failure(send(sender.context, CALL, "test", { stuckAfter: 0.05, maxFeePerGas: parseUnits("5", "gwei") }));
      const left = await lastSigned();
      const generous = { stuckAfter: 0.1, maxFeePerGas: parseUnits("1000", "gwei"), due: [CALL] };
      const resumed = withJournal(sender.context, generous, () => sender.nonce());
      while ((await lastSigned()).hash === left.hash) await sleep(20);
      await chain.mine();
      expect(await resumed).to.equal(1);
      expect(await sender.events())
        .to.include("mined 0")
        .and.not.include("superseded 0");
      const raised = Transaction.from((await lastSigned()).raw).maxFeePerGas ?? 0n;
      expect(raised > (Transaction.from(left.raw).maxFeePerGas ?? 0n)).to.equal(true);
    });

    it("stays open in the journal where the next run cannot have it mined either", async () => {
      const capped = { stuckAfter: 0.05, maxFeePerGas: parseUnits("5", "gwei") };
      await failure(send(sender.context, CALL, "test", capped));
      const error = await failure(send(sender.context, CALL, "other", capped));
      expect(error.message).to.match(/^test: found a gas price/);
      expect(await sender.events()).to.not.include("superseded 0");
      expect(new Set((await sender.journal()).map((entry) => entry.step))).to.deep.equal(new Set(["test"]));
    });
  });
});
