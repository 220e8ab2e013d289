import { configVariable } from "hardhat/config";
import type { HttpNetworkUserConfig } from "hardhat/types/config";

import { networks, rpcVariable, type Network } from "./networks.js";

/** The configuration variable that holds the deployer's key on public networks. */
export const DEPLOYER_KEY = "NUMERAIRE_DEPLOYER_KEY";

/**
 * The public networks as Hardhat is configured: endpoint and deployer's key are configuration variables, so they come
 * from the environment or from Hardhat's keystore, when they are first needed.
 */
export function publicNetworks(environment: NodeJS.ProcessEnv): Record<string, HttpNetworkUserConfig> {
  const known = Object.entries<Network>(networks).filter(([, { url }]) => url === undefined);
  return Object.fromEntries(
    known.map(([name, { chainId }]) => [
      name,
      {
        type: "http",
        chainId,
        url: firstEndpoint(environment, name) ?? configVariable(rpcVariable(name)),
        accounts: [configVariable(DEPLOYER_KEY)],
      },
    ]),
  );
}

/** Settings may name several endpoints, with commas between them; Hardhat takes one. */
function firstEndpoint(environment: NodeJS.ProcessEnv, network: string): string | undefined {
  const given = [environment["NUMERAIRE_RPC_URL"], environment[rpcVariable(network)]];
  return given
    .map((setting) => setting?.split(",")[0]?.trim())
    .find((setting) => setting !== undefined && setting !== "");
}
