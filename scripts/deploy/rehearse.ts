import { toQuantity } from "ethers";

import { recordStore } from "./record-store.js";
import { runDeployScripts } from "./run-deploy-scripts.js";
import type { Deployer } from "./open-deployer.js";

/** What a whole deployment takes. */
export interface Rehearsal {
  /** Gas of each contract's creation, by name. */
  creations: Readonly<Record<string, bigint>>;
  /** Gas of the calls that set up roles. */
  calls: bigint;
}

/** More ether than any deployment takes. */
const PLENTY = toQuantity(10n ** 24n);

/**
 * Plays the whole deployment on a chain within this process, as the same account at the same nonce with the same roles:
 * what the scripts refuse, they refuse here, before anything is sent.
 */
export async function rehearse(deployer: Deployer, nonce: number): Promise<Rehearsal> {
  const { hre, chainId, holders } = deployer;
  const connection = await hre.network.create({ network: "default", override: { chainId: Number(chainId) } });
  const { provider } = connection;
  try {
    await provider.request({ method: "hardhat_impersonateAccount", params: [holders.deployer] });
    await provider.request({ method: "hardhat_setBalance", params: [holders.deployer, PLENTY] });
    await provider.request({ method: "hardhat_setNonce", params: [holders.deployer, toQuantity(nonce)] });
    const store = { ...recordStore(false), listFiles: () => Promise.resolve([]) };
    const request = ({ method, params = [] }: { method: string; params?: readonly unknown[] }) =>
      provider.request({ method, params: [...params] });
    const deployed = await runDeployScripts({ ...deployer, provider: { request }, store, save: false });
    const creations: Record<string, bigint> = {};
    for (const [name, { transaction }] of Object.entries(deployed)) {
      const receipt = (await provider.request({
        method: "eth_getTransactionReceipt",
        params: [transaction?.hash],
      })) as {
        gasUsed: string;
      };
      creations[name] = BigInt(receipt.gasUsed);
    }
    const height = Number(await provider.request({ method: "eth_blockNumber" }));
    let total = 0n;
    for (let number = 1; number <= height; number += 1) {
      const block = (await provider.request({
        method: "eth_getBlockByNumber",
        params: [toQuantity(number), false],
      })) as { gasUsed: string };
      total += BigInt(block.gasUsed);
    }
    return { creations, calls: total - Object.values(creations).reduce((sum, gas) => sum + gas, 0n) };
  } finally {
    await connection.close();
  }
}
