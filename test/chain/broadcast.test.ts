import { expect } from "chai";
import { Transaction, Wallet, keccak256, parseUnits } from "ethers";

import { broadcast } from "../../scripts/chain/broadcast.js";
import type { SignedEntry } from "../../scripts/chain/journal.js";
import { RpcProvider } from "../../scripts/chain/rpc-provider.js";
import { startFaultyProxy, type FaultyProxy } from "../fixtures/faulty-proxy.js";
import { startNodeServer, type NodeServer } from "../fixtures/node-server.js";

describe("broadcast", () => {
  let node: NodeServer;
  let proxy: FaultyProxy;
  let provider: RpcProvider;

  before(async () => {
    node = await startNodeServer();
    proxy = await startFaultyProxy(node.url);
    provider = new RpcProvider([proxy.url], 31337n, { rounds: 1 });
  });
  afterEach(() => {
    proxy.fault = () => undefined;
  });
  after(async () => {
    provider.destroy();
    await proxy.stop();
    await node.stop();
  });

  /** A transaction of an account without ether. */
  const signed = async (): Promise<SignedEntry> => {
    const wallet = new Wallet(Wallet.createRandom().privateKey);
    const [maxFeePerGas, maxPriorityFeePerGas] = [parseUnits("9", "gwei"), 1n];
    const request = { to: wallet.address, type: 2, chainId: 31337, gasLimit: 21_000, nonce: 0 };
    const raw = await wallet.signTransaction({ ...request, maxFeePerGas, maxPriorityFeePerGas });
    return { event: "signed", step: "test", from: wallet.address, nonce: 0, hash: keccak256(raw), raw };
  };
  /** Answers broadcasts as nodes do that refuse. */
  const refuseWith = (message: string) => {
    proxy.fault = () => ({ refuse: ({ method }) => (method === "eth_sendRawTransaction" ? message : undefined) });
  };

  for (const [expected, messages] of Object.entries({
    taken: [
      "already known",
      "AlreadyKnown",
      "Known transaction",
      "ALREADY_EXISTS: already known",
      "tx already in mempool",
    ],
    expired: [
      "nonce too low",
      "nonce too low: next nonce 7, tx nonce 6",
      "Nonce too low. Expected nonce to be 7 but got 6",
    ],
    underpriced: [
      "replacement transaction underpriced",
      "transaction underpriced: tip needed 1, tip permitted 0",
      "max fee per gas less than block base fee: address 0x, maxFeePerGas: 1, baseFee: 7",
      "FeeTooLow: MaxFeePerGas too low",
    ],
    unfunded: [
      "insufficient funds for gas * price + value: balance 0, tx cost 1",
      "Sender doesn't have enough funds to send tx",
      "InsufficientFunds, Balance is 0: insufficient balance for transfer",
    ],
  })) {
    for (const message of messages) {
      it(`is ${expected} where a node says "${message}"`, async () => {
        refuseWith(message);
        expect(await broadcast(provider, await signed())).to.equal(expected);
      });
    }
  }

  it("is refused where a node says anything else and does not know the transaction", async () => {
    refuseWith("intrinsic gas too low");
    const error: unknown = await broadcast(provider, await signed()).catch((one: unknown) => one);
    expect(String(error)).to.contain("intrinsic gas too low");
  });

  it("is taken where a node says anything else and has it all the same", async () => {
    const entry = await signed();
    const { from } = Transaction.from(entry.raw);
    await provider.send("hardhat_setBalance", [from, "0xde0b6b3a7640000"]);
    await provider.broadcastTransaction(entry.raw);
    refuseWith("internal error");
    expect(await broadcast(provider, entry)).to.equal("taken");
  });
});
