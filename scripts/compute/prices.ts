import { encodeBytes32String } from "ethers";

import type { Suite } from "../../sdk/contracts.js";
import { NumeraireError } from "../../sdk/numeraire-error.js";

/** What a provider asks, in wei of NMR. */
export interface Prices {
  /** A second of one processor. */
  cpuSecond: bigint;
  /** A GiB of memory, held for a second. */
  gibSecond: bigint;
}

/** What a job used, as the operating system counts it. */
export interface Usage {
  /** Processor time in microseconds. */
  cpuMicros: bigint;
  /** Memory over time, in bytes × milliseconds. */
  byteMillis: bigint;
}

/** Units of the public price list, as the contract names them. */
export const UNITS = {
  cpuSecond: encodeBytes32String("cpu-second"),
  gibSecond: encodeBytes32String("gib-second"),
} as const;

const CPU_SECOND = 1_000_000n;
const GIB_SECOND = 2n ** 30n * 1_000n;

/** What usage costs, in wei; each part is rounded down. */
export function costOf({ cpuMicros, byteMillis }: Usage, { cpuSecond, gibSecond }: Prices): bigint {
  return (cpuMicros * cpuSecond) / CPU_SECOND + (byteMillis * gibSecond) / GIB_SECOND;
}

/**
 * The price list of a provider, from the chain.
 * @throws {NumeraireError} when it sells no processor time.
 */
export async function readPrices({ compute }: Pick<Suite, "compute">, providerId: bigint): Promise<Prices> {
  const [cpuSecond, gibSecond] = await Promise.all([
    compute.priceOf(providerId, UNITS.cpuSecond),
    compute.priceOf(providerId, UNITS.gibSecond),
  ]);
  if (cpuSecond === 0n) {
    throw new NumeraireError(`provider ${providerId.toString()}: found no price for cpu-second, expected one`, {
      hint: "The provider has to put its prices on the list with setPrice, or there is no such provider.",
    });
  }
  return { cpuSecond, gibSecond };
}
