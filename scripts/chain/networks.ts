import { NumeraireError } from "../../sdk/numeraire-error.js";

/** A network the programs know by name. */
export interface Network {
  chainId: number;
  /** RPC endpoint; the environment's NUMERAIRE_RPC_URL comes first. */
  url: string;
  /** Blocks that must follow a block before it counts where the node knows no finalized block. */
  confirmations: number;
}

export const networks = {
  localhost: { chainId: 31337, url: "http://127.0.0.1:8545", confirmations: 0 },
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
