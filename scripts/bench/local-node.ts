import { spawn, type ChildProcess } from "node:child_process";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import type { JsonRpcProvider } from "ethers";
import { network } from "hardhat";

import { deploySuite, type DeployedSuite } from "../../deploy/_deploy.js";
import { connectSuite, NumeraireError, type Suite, type SuiteAddresses } from "../../sdk/index.js";
import { DEVELOPMENT_CHAIN_ID, type Context } from "../chain/context.js";
import { RpcProvider } from "../chain/rpc-provider.js";
import { silentLog } from "../terminal/log.js";

/** A development node in a process of its own, with the suite on it. */
export interface LocalNode {
  provider: JsonRpcProvider;
  /** RPC endpoint. */
  url: string;
  /** Process of the node. */
  pid: number | undefined;
  addresses: SuiteAddresses;
  suite: Suite;
  accounts: DeployedSuite["accounts"];
  /** What the oracle's functions work with; without a signer. */
  context: Context;
  /** Unix seconds of the newest block. */
  now(): Promise<number>;
  /** Mines a block at a later time. */
  advanceTo(timestamp: number): Promise<void>;
  stop(): void;
}

const START_LIMIT = 60_000;
/** How long the node may take for what it is asked, e.g. to mine a block of thousands of transactions. */
const BUSY_LIMIT = 600_000;

/**
 * Starts Hardhat's node on a free port and deploys the suite, so that what is measured goes through JSON-RPC and the
 * memory of the node is not that of the programs.
 * @throws {NumeraireError} when the node does not answer within a minute.
 */
export async function startLocalNode(): Promise<LocalNode> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const command = path.join(
    path.dirname(createRequire(import.meta.url).resolve("hardhat/package.json")),
    "dist/src/cli.js",
  );
  const child = spawn(process.execPath, [command, "node", "--port", String(port)], { stdio: "ignore" });
  const stop = () => {
    child.kill();
  };
  process.once("exit", stop);
  const provider = new RpcProvider([url], DEVELOPMENT_CHAIN_ID, { timeout: BUSY_LIMIT });
  try {
    await answering(provider, child);
    const connection = await network.create({ network: "localhost", override: { url, timeout: BUSY_LIMIT } });
    const { addresses, accounts } = await deploySuite({ provider: connection.provider });
    await connection.close();
    const suite = connectSuite(addresses, provider);
    return {
      provider,
      url,
      pid: child.pid,
      addresses,
      suite,
      accounts,
      context: {
        provider,
        suite,
        chainId: DEVELOPMENT_CHAIN_ID,
        network: "local node",
        log: silentLog,
        fromBlock: 0,
        confirmations: 0,
      },
      now: async () => (await provider.getBlock("latest"))?.timestamp ?? 0,
      advanceTo: async (timestamp) => {
        await provider.send("evm_setNextBlockTimestamp", [timestamp]);
        await provider.send("evm_mine", []);
      },
      stop: () => {
        process.off("exit", stop);
        provider.destroy();
        stop();
      },
    };
  } catch (error) {
    provider.destroy();
    stop();
    throw error;
  }
}

async function answering(provider: JsonRpcProvider, child: ChildProcess): Promise<void> {
  const until = Date.now() + START_LIMIT;
  for (;;) {
    const answered = await provider.send("eth_chainId", []).then(
      () => true,
      () => false,
    );
    if (answered) return;
    if (Date.now() > until || child.exitCode !== null) {
      throw new NumeraireError("local node: found no answer, expected Hardhat's node to start within a minute", {
        hint: "Run `npm run node` to see what keeps it from starting.",
      });
    }
    await sleep(200);
  }
}

/** A port that nobody listens on. */
async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => {
        if (address === null || typeof address === "string") reject(new Error("no port to listen on"));
        else resolve(address.port);
      });
    });
  });
}
