import type { Provider } from "ethers";

/** What a sender offers the miner on top, in wei. */
const TIP = 1_000_000_000n;

/**
 * The gas price that costs are said with, in wei: twice the base fee and a tip of one gwei, the most that is offered at
 * first. All programs say costs with it, so that their figures can be compared.
 * @param baseFee Base fee of a block, in wei.
 */
export function offeredGasPrice(baseFee: bigint): bigint {
  return baseFee * 2n + TIP;
}

/** The price as of the newest block; that of the node on a chain without base fees. */
export async function currentGasPrice(provider: Provider): Promise<bigint> {
  const baseFee = (await provider.getBlock("latest"))?.baseFeePerGas;
  return baseFee == null ? ((await provider.getFeeData()).gasPrice ?? 0n) : offeredGasPrice(baseFee);
}
