import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { network } from "hardhat";
import { parseEther, type Signer } from "ethers";

import { deploySuite, type DeployedSuite } from "../../deploy/_deploy.js";
import { connectSuite, NumeraireError } from "../../sdk/index.js";
import { DEVELOPMENT_CHAIN_ID, type Context } from "../chain/context.js";
import { networks } from "../chain/networks.js";
import type { Log } from "../terminal/log.js";

/** A development chain with the suite on it. */
export interface DemoChain {
  context: Context;
  /** How programs of the project are started that work on it. */
  programs: Home;
  /** Where deployed contracts were recorded; absent where nothing stays. */
  recorded?: string;
  /** The account that plays a part. */
  signer(part: keyof DeployedSuite["accounts"]): Promise<Signer>;
  /** Gives an account ether to pay gas with. */
  giveEther(to: string): Promise<void>;
  /** Unix seconds of the newest block. */
  now(): Promise<number>;
  /** Lets time pass. */
  advanceTo(timestamp: number): Promise<void>;
  /** Ends a chain of this process; one that runs elsewhere goes on. */
  close(): Promise<void>;
}

interface Home {
  /** Folder whose deployments/localhost says where the contracts are. */
  cwd: string;
  /** What to add to the environment. */
  environment: NodeJS.ProcessEnv;
}

/**
 * Opens a chain and deploys the suite: in this process, or on a running development node, where addresses are recorded
 * under deployments/ for the oracle's commands.
 * @throws {NumeraireError} when the node does not answer or is no development chain.
 */
export async function openChain(name: string | undefined, log: Log): Promise<DemoChain> {
  if (name !== undefined && !(name in networks)) {
    throw new NumeraireError(`--network: found "${name}", expected one of ${Object.keys(networks).join(", ")}`, {
      hint: "Leave it out to run on a chain in this process.",
    });
  }
  const own = name === undefined ? await startNode() : undefined;
  const connection = await network.create(
    own === undefined ? name : { network: "localhost", override: { url: own.url } },
  );
  const { ethers, networkHelpers, provider } = connection;
  const { chainId } = await ethers.provider.getNetwork().catch((cause: unknown) => {
    throw new NumeraireError(`network ${String(name)}: found no node that answers`, {
      hint: "Start one with `npm run node`, or leave --network out to run on a chain in this process.",
      cause,
    });
  });
  if (chainId !== DEVELOPMENT_CHAIN_ID) {
    throw new NumeraireError(
      `network ${String(name)}: found chain ${chainId.toString()}, expected a development chain (${DEVELOPMENT_CHAIN_ID.toString()})`,
      { hint: "The demo lets days pass in seconds, which only a development node can do." },
    );
  }
  const { addresses, accounts } = await deploySuite({
    provider,
    environment: name ?? "localhost",
    saveDeployments: true,
    askBeforeProceeding: false,
    ...(own === undefined ? {} : { config: { deployments: path.join(own.home, "deployments") } }),
  });
  const treasurer = await ethers.getSigner(accounts.treasury);
  return {
    context: {
      provider: ethers.provider,
      suite: connectSuite(addresses, ethers.provider),
      chainId,
      network: name ?? "in-process",
      log,
      fromBlock: 0,
      confirmations: 0,
    },
    programs:
      own === undefined
        ? { cwd: process.cwd(), environment: {} }
        : { cwd: own.home, environment: { NUMERAIRE_RPC_URL: own.url } },
    ...(name === undefined ? {} : { recorded: `deployments/${name}` }),
    signer: (part) => ethers.getSigner(accounts[part]),
    giveEther: async (to) => {
      await (await treasurer.sendTransaction({ to, value: parseEther("1") })).wait();
    },
    now: () => networkHelpers.time.latest(),
    advanceTo: (timestamp) => networkHelpers.time.increaseTo(timestamp),
    close: async () => {
      await connection.close();
      await own?.stop();
    },
  };
}

/** A node of this process that this machine alone can reach, and a folder for what is deployed to it. */
async function startNode(): Promise<{ url: string; home: string; stop: () => Promise<void> }> {
  const server = await network.createServer({ network: "default" }, "127.0.0.1");
  const { port } = await server.listen();
  const home = await mkdtemp(path.join(tmpdir(), "numeraire-chain-"));
  return {
    url: `http://127.0.0.1:${port}`,
    home,
    stop: async () => {
      await server.close();
      await rm(home, { recursive: true });
    },
  };
}
