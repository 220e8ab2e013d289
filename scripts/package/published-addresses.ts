import { readdir } from "node:fs/promises";

import type { SuiteAddresses } from "../../sdk/contracts.js";
import { NumeraireError } from "../../sdk/numeraire-error.js";
import { readDeployment } from "../chain/deployments.js";

/** The chain that every development node pretends to be: its deployments are nobody else's. */
const DEVELOPMENT_CHAIN = 31337n;

/** Where the suite is deployed, by chain id. */
export type PublishedAddresses = ReadonlyMap<bigint, SuiteAddresses>;

/**
 * The addresses of every deployment that was recorded, development chains left out.
 * @param folder Folder that holds one folder a network; none is like an empty one.
 * @throws {NumeraireError} when a record is missing or malformed, or two folders are of one chain.
 */
export async function publishedAddresses(folder: string): Promise<PublishedAddresses> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const networks = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const deployments = await Promise.all(networks.map(async (network) => readDeployment(network, folder)));
  const published = deployments
    .filter(({ chainId }) => chainId !== DEVELOPMENT_CHAIN)
    .sort((one, other) => (one.chainId < other.chainId ? -1 : 1));
  const addresses = new Map(published.map(({ chainId, addresses }) => [chainId, addresses]));
  if (addresses.size < published.length) {
    throw new NumeraireError(`${folder}: found two deployments of the same chain, expected one a chain`, {
      hint: "Remove the folder of the deployment that counts no more.",
    });
  }
  return addresses;
}
