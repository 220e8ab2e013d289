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
