import type { Provider } from "ethers";

/** What miners are commonly paid on top of the base fee, in wei. */
const TIP = 1_000_000_000n;

/**
 * The gas price that programs say costs with, in wei, so that their figures can be compared: what a transaction pays in
 * the next block, a base fee and a tip of one gwei. More is offered, for base fees can rise until it is mined.
 * @param baseFee Base fee of a block, in wei.
 */
export function expectedGasPrice(baseFee: bigint): bigint {
  return baseFee + TIP;
}

/** The price as of the newest block; that of the node on a chain without base fees. */
export async function currentGasPrice(provider: Provider): Promise<bigint> {
  const baseFee = (await provider.getBlock("latest"))?.baseFeePerGas;
  return baseFee == null ? ((await provider.getFeeData()).gasPrice ?? 0n) : expectedGasPrice(baseFee);
}
