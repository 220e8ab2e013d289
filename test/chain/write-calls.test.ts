import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";
import { JsonRpcProvider, VoidSigner } from "ethers";

import type { Context } from "../../scripts/chain/context.js";
import type { PlannedCall } from "../../scripts/chain/planned-call.js";
import { batchChecksum, type SafeBatch } from "../../scripts/chain/safe-batch.js";
import { MAX_TRANSACTION_GAS } from "../../scripts/chain/send.js";
import { silentLog } from "../../scripts/terminal/log.js";
import { callLines, writeSafeBatches } from "../../scripts/terminal/write-calls.js";
import { connectSuite, suiteAddresses } from "../../sdk/contracts.js";
import { failure } from "../fixtures/failure.js";

const SAFE = `0x${"5a".repeat(20)}`;

describe("writing calls down", () => {
  const provider = new JsonRpcProvider("http://127.0.0.1:9", 1, { staticNetwork: true });
  const addresses = suiteAddresses((name) => `0x${Buffer.from(name.slice(0, 20).padEnd(20)).toString("hex")}`);
  const suite = connectSuite(addresses, provider);
  const context: Context = {
    provider,
    suite,
    signer: new VoidSigner(SAFE, provider),
    chainId: 1n,
    network: "mainnet",
    log: silentLog,
    fromBlock: 0,
    confirmations: 0,
  };
  const settle = (from: number, gas: bigint): PlannedCall => ({
    step: `settle stakes from ${from}`,
    to: addresses.tournament,
    data: suite.tournament.interface.encodeFunctionData("settle", [3, from, from + 1]),
    gas,
  });
  let folder: string;

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "numeraire-calls-"));
  });
  after(async () => {
    provider.destroy();
    await rm(folder, { recursive: true });
  });

  it("for people: each call with what it means", async () => {
    const { to, data } = settle(0, 1n);
    expect(await callLines(context, [settle(0, 1n)], false)).to.equal(
      [
        "1. settle stakes from 0",
        `   to:       ${to}`,
        "   value:    0",
        "   function: settle(roundId: 3, from: 0, to: 1)",
        `   data:     ${data}`,
        "",
      ].join("\n"),
    );
  });

  it("for programs: an object a line", async () => {
    const { step, to, data } = settle(0, 1n);
    const lines = (await callLines(context, [settle(0, 1n), settle(1, 1n)], true)).split("\n");
    expect(lines).to.have.length(3);
    expect(JSON.parse(lines[0] ?? "")).to.deep.equal({
      step,
      to,
      value: "0",
      data,
      function: "settle",
      args: { roundId: "3", from: "0", to: "1" },
    });
  });

  it("for a Safe: one file where a transaction holds them, numbered files where it does not", async () => {
    const file = path.join(folder, "batch.json");
    expect(await writeSafeBatches(context, [settle(0, 1n), settle(1, 1n)], file, "Settle")).to.deep.equal([file]);
    const half = MAX_TRANSACTION_GAS / 2n;
    const files = await writeSafeBatches(context, [settle(0, half), settle(1, half)], file, "Settle");
    expect(files).to.deep.equal([path.join(folder, "batch-1.json"), path.join(folder, "batch-2.json")]);
    const second = JSON.parse(await readFile(files[1] ?? "", "utf8")) as SafeBatch;
    expect(second.meta).to.include({
      name: "Settle, 2 of 2",
      description: "settle stakes from 1",
      createdFromSafeAddress: SAFE,
    });
    expect(second.meta.checksum).to.equal(batchChecksum({ ...second }));
    expect(second.transactions.map(({ data }) => data)).to.deep.equal([settle(1, half).data]);
  });

  it("refuses a file that cannot be written", async () => {
    const file = path.join(folder, "missing", "batch.json");
    const error = await failure(writeSafeBatches(context, [settle(0, 1n)], file, "Settle"));
    expect(error.message).to.equal(`${file}: could not be written, expected to write the Safe's batch there`);
  });
});
