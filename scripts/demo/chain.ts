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
  /** Where deployed contracts were recorded; absent where nothing was. */
  recorded?: string;
  /** The account that plays a part. */
  signer(part: keyof DeployedSuite["accounts"]): Promise<Signer>;
  /** Gives an account ether to pay gas with. */
  giveEther(to: string): Promise<void>;
  /** Unix seconds of the newest block. */
  now(): Promise<number>;
  /** Lets time pass. */
  advanceTo(timestamp: number): Promise<void>;
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
  const connection = await network.create(name);
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
  const { addresses, accounts } = await deploySuite(
    name === undefined
      ? { provider }
      : { provider, environment: name, saveDeployments: true, askBeforeProceeding: false },
  );
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
    ...(name === undefined ? {} : { recorded: `deployments/${name}` }),
    signer: (part) => ethers.getSigner(accounts[part]),
    giveEther: async (to) => {
      await (await treasurer.sendTransaction({ to, value: parseEther("1") })).wait();
    },
    now: () => networkHelpers.time.latest(),
    advanceTo: (timestamp) => networkHelpers.time.increaseTo(timestamp),
  };
}
