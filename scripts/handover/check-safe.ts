import { Contract, getAddress } from "ethers";

import type { Context } from "../chain/context.js";
import type { Difference } from "../oracle/verify/check.js";

const SAFE = ["function getOwners() view returns (address[])", "function getThreshold() view returns (uint256)"];

/** What is wrong with the Safe; a deployer that is one of its owners must not be able to act alone. */
export async function checkSafe({ provider }: Context, safe: string, deployer: string): Promise<Difference[]> {
  const what = `safe ${safe}`;
  if ((await provider.getCode(safe)) === "0x") return [{ what, found: "an account without code", expected: "a Safe" }];
  const contract = new Contract(safe, SAFE, provider);
  let owners: string[];
  let threshold: bigint;
  try {
    owners = [...((await contract.getFunction("getOwners").staticCall()) as string[])].map((one) => getAddress(one));
    threshold = (await contract.getFunction("getThreshold").staticCall()) as bigint;
  } catch {
    return [{ what, found: "a contract without owners and threshold", expected: "a Safe" }];
  }
  if (threshold === 0n) return [{ what, found: "a threshold of 0", expected: "a Safe that was set up" }];
  if (threshold === 1n && owners.includes(deployer)) {
    return [{ what, found: `its owner ${deployer} acting alone`, expected: "the deployer to need another owner" }];
  }
  return [];
}
