import { readdir, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { expect } from "chai";
import { Transaction, Wallet, parseEther } from "ethers";

import { reconciledBlock } from "../../scripts/chain/reconcile.js";
import { send, withJournal, type SendSettings } from "../../scripts/chain/send.js";
import { failure } from "../fixtures/failure.js";
import { asks } from "../fixtures/faulty-proxy.js";
import { BROADCAST, CALL, CHAIN, openSender, startChain, type Chain, type Sender } from "../fixtures/sender.js";

describe("send", () => {
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

  it("journals a transaction before the network sees it, and when it is mined", async () => {
    let before: string[] = [];
    chain.proxy.fault = async (passing) => {
      if (asks(passing, BROADCAST)) before = await sender.events();
      return undefined;
    };
    const receipt = await send(sender.context, CALL, "test");
    expect(before).to.deep.equal(["signed 0"]);
    const [signed, mined] = await sender.journal();
    expect(signed).to.include({ event: "signed", step: "test", from: sender.wallet.address, hash: receipt.hash });
    expect(mined).to.include({ event: "mined", hash: receipt.hash, block: receipt.blockNumber });
  });

  it("puts no signature to what somebody else wrote into the journal", async () => {
    const thief = Wallet.createRandom();
    const fields = { type: 2, chainId: CHAIN, nonce: 0, gasLimit: 21_000, maxFeePerGas: 1n, maxPriorityFeePerGas: 1n };
    const raw = await thief.signTransaction({ ...fields, to: thief.address, value: parseEther("0.5") });
    const hash = Transaction.from(raw).hash ?? "";
    await sender.holding((held) =>
      held.append({ event: "signed", step: "settle", from: sender.wallet.address, nonce: 0, hash, raw }),
    );
    const error = await failure(send(sender.context, CALL, "test", { stuckAfter: 0.1 }));
    expect(error.message).to.equal(
      `settle: found a transaction in the journal that ${sender.wallet.address} did not sign for nonce 0`,
    );
    expect(await sender.journal()).to.have.length(1);
    expect(await chain.direct.getBalance(thief.address)).to.equal(0n);
  });

  it("lets nobody else read the journal: a transaction that was cancelled could still be broadcast", async () => {
    await send(sender.context, CALL, "test");
    const [journals = ""] = await readdir(sender.folder);
    const modes = [journals, path.join(journals, `${sender.wallet.address}.jsonl`)].map(
      async (entry) => (await stat(path.join(sender.folder, entry))).mode & 0o777,
    );
    expect(await Promise.all(modes)).to.deep.equal([0o700, 0o600]);
  });

  describe("what was decided on a block", () => {
    it("is sent with the nonce that the account had there", async () => {
      await send(sender.context, CALL, "test", { nonce: 0 });
      expect(await sender.events()).to.deep.equal(["signed 0", "mined 0"]);
    });

    it("is not signed where the account has sent something since", async () => {
      await (await sender.wallet.connect(chain.direct).sendTransaction(CALL)).wait();
      const error = await failure(send(sender.context, CALL, "test", { nonce: 0 }));
      expect(error.message).to.equal(
        `test: found nonce 0 of ${sender.wallet.address} used by another transaction, expected it free`,
      );
      expect(error.exitCode).to.equal(2);
      expect(await sender.journal()).to.deep.equal([]);
    });

    it("comes with the block: its nonce is the one after all that was sent", async () => {
      const settings: SendSettings = {};
      await withJournal(sender.context, settings, async (held) => {
        await send(sender.context, CALL, "first", held);
        expect(await reconciledBlock(sender.context, held.journal)).to.include({ nonce: 1 });
      });
    });
  });

  it("waits until no transaction of another program is pending", async () => {
    await chain.automine(false);
    await sender.wallet.connect(chain.direct).sendTransaction(CALL);
    const error = await failure(send(sender.context, CALL, "test", { stuckAfter: 0.1 }));
    expect(error.message).to.contain(`${sender.wallet.address}: found 1 transactions still pending, expected none`);
    expect(error.exitCode).to.equal(2);
    const sent = send(sender.context, CALL, "test");
    await sleep(50);
    await chain.mine();
    await chain.automine(true);
    await sent;
    expect(await sender.nonce()).to.equal(2);
  });

  it("keeps one account from racing itself", async () => {
    await chain.automine(false);
    const first = send(sender.context, CALL, "first");
    while ((await chain.direct.getTransactionCount(sender.wallet.address, "pending")) === 0) await sleep(10);
    const error = await failure(send(sender.context, CALL, "second"));
    expect(error.message).to.equal(
      `account ${sender.wallet.address} on chain 31337: found process ${process.pid} at work, expected to be alone`,
    );
    await chain.mine();
    await first;
    expect(await sender.nonce()).to.equal(1);
  });

  it("stops when the ether runs out, says how much is missing, and goes on when it is there", async () => {
    await sender.give(10n ** 12n);
    const error = await failure(send(sender.context, CALL, "test"));
    expect(error.message).to.match(
      new RegExp(`^test: found 0\\.000001 ether at ${sender.wallet.address}, expected at least 0\\.\\d+$`),
    );
    expect(error.exitCode).to.equal(2);
    await sender.give(parseEther("1"));
    await send(sender.context, CALL, "test");
    expect(await sender.events()).to.deep.equal(["signed 0", "mined 0"]);
  });

  it("keeps the journals of a chain and of the same chain begun anew apart", async () => {
    await send(sender.context, CALL, "test");
    const [journals = ""] = await readdir(sender.folder);
    const genesis = (await chain.direct.getBlock(0))?.hash ?? "";
    expect(journals).to.equal(`31337-${genesis.slice(2, 10)}`);
    expect(await readdir(path.join(sender.folder, journals))).to.deep.equal([`${sender.wallet.address}.jsonl`]);
  });

  it("sends nothing where the journal cannot be opened", async () => {
    await writeFile(path.join(sender.folder, "taken"), "");
    const blocked = { ...sender.context, stateFolder: path.join(sender.folder, "taken") };
    const error = await failure(send(blocked, CALL, "test"));
    expect(error.message).to.contain("the journal could not be opened (").and.contain("so nothing was sent");
    expect(error.hint).to.contain("NUMERAIRE_STATE_DIR");
    expect(await sender.nonce()).to.equal(0);
  });
});
