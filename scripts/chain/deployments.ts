import { readFile } from "node:fs/promises";
import path from "node:path";

import { getAddress, isAddress } from "ethers";

import { CONTRACT_NAMES, suiteAddresses, type SuiteAddresses } from "../../sdk/contracts.js";
import { NumeraireError } from "../../sdk/numeraire-error.js";

/** A deployment as the deploy scripts recorded it. */
export interface Deployment {
  chainId: bigint;
  addresses: SuiteAddresses;
  /** Block the first contract was deployed in: no event is older; 0 when the records do not say. */
  fromBlock: number;
}

/**
 * Reads `deployments/<network>`, the folder hardhat-deploy writes.
 * @param network Name of the network, e.g. "localhost".
 * @param root Folder that holds one folder a network.
 * @throws {NumeraireError} when a record is missing or malformed.
 */
export async function readDeployment(network: string, root = "deployments"): Promise<Deployment> {
  const folder = path.join(root, network);
  const chain = await readRecord(path.join(folder, ".chain"), network);
  const records = new Map(
    await Promise.all(
      Object.values(CONTRACT_NAMES).map(
        async (name) => [name as string, await readRecord(path.join(folder, `${name}.json`), network)] as const,
      ),
    ),
  );
  return {
    chainId: chainIdOf(chain, folder),
    addresses: suiteAddresses((name) => addressOf(records.get(name), folder, name)),
    fromBlock: Math.min(...[...records.values()].map(blockOf)),
  };
}

async function readRecord(file: string, network: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch (error) {
    throw new NumeraireError(`${file}: found no readable record, expected the one the deploy of "${network}" writes`, {
      hint: `Deploy first (npm run deploy -- --network ${network}), or run the command in the folder that holds deployments/.`,
      cause: error,
    });
  }
}

function addressOf(record: unknown, folder: string, name: string): string {
  const address = field(record, "address");
  if (!isAddress(address)) {
    throw new NumeraireError(`${folder}/${name}.json: found address ${String(address)}, expected a contract address`, {
      hint: "Restore the file as the deploy wrote it.",
    });
  }
  return getAddress(address);
}

function chainIdOf(record: unknown, folder: string): bigint {
  const chainId = field(record, "chainId");
  if (typeof chainId !== "string" && typeof chainId !== "number") {
    throw new NumeraireError(`${folder}/.chain: found no chainId, expected that of the deployment`, {
      hint: "Restore the file as the deploy wrote it.",
    });
  }
  return BigInt(chainId);
}

function blockOf(record: unknown): number {
  const block = field(field(record, "receipt"), "blockNumber");
  return typeof block === "string" || typeof block === "number" ? Number(block) : 0;
}

function field(record: unknown, name: string): unknown {
  return typeof record === "object" && record !== null && name in record
    ? (record as Record<string, unknown>)[name]
    : undefined;
}
