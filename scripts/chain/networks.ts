import { NumeraireError } from "../../sdk/numeraire-error.js";

/** A network the programs know by name. */
export interface Network {
  chainId: number;
  /** RPC endpoint of a node on this machine; absent for public networks, where everybody brings an endpoint. */
  url?: string;
  /** Blocks that must follow a block before it counts where the node knows no finalized block. */
  confirmations: number;
}

export const networks = {
  localhost: { chainId: 31337, url: "http://127.0.0.1:8545", confirmations: 0 },
  sepolia: { chainId: 11155111, confirmations: 2 },
  hoodi: { chainId: 560048, confirmations: 2 },
  "base-sepolia": { chainId: 84532, confirmations: 1 },
  "arbitrum-sepolia": { chainId: 421614, confirmations: 1 },
  "op-sepolia": { chainId: 11155420, confirmations: 1 },
} as const satisfies Record<string, Network>;

/** @throws {NumeraireError} when no network has the name. */
export function networkNamed(name: string): Network {
  const known = Object.entries<Network>(networks).find(([key]) => key === name)?.[1];
  if (known === undefined) {
    throw new NumeraireError(`--network: found "${name}", expected one of ${Object.keys(networks).join(", ")}`, {
      hint: "Networks are listed in scripts/chain/networks.ts.",
    });
  }
  return known;
}

/** The variable that holds a network's RPC endpoint, e.g. NUMERAIRE_BASE_SEPOLIA_RPC_URL. */
export function rpcVariable(network: string): string {
  return `NUMERAIRE_${network.toUpperCase().replaceAll("-", "_")}_RPC_URL`;
}
