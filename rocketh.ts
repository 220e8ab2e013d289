import type { UserConfig } from "rocketh/types";

/**
 * Who does what. A number is the place among the node's accounts; on public networks the deploy takes each from the
 * environment, see scripts/deploy/role-holders.ts.
 */
export const config = {
  accounts: {
    deployer: { default: 0 },
    minter: { default: 1 },
    roundManager: { default: 2 },
    guardian: { default: 3 },
    treasury: { default: 4 },
    member1: { default: 5 },
    member2: { default: 6 },
    member3: { default: 7 },
  },
  chains: {
    31337: {
      info: {
        id: 31337,
        name: "Hardhat",
        nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
        rpcUrls: { default: { http: ["http://127.0.0.1:8545"] } },
      },
    },
  },
  data: {},
} as const satisfies UserConfig;
