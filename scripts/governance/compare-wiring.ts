import { getAddress, type BaseContract } from "ethers";

import { CONTRACT_NAMES } from "../../sdk/contracts.js";
import type { Context } from "../chain/context.js";
import { differences, type Comparison, type Difference } from "../oracle/verify/check.js";
import { holderNamed, type Holders } from "./holders.js";

/** Functions by which a contract names another one, or an account, and whom each must name. */
const LINKS = {
  nmr: "Numeraire",
  underlying: "Numeraire",
  committee: "OracleCommittee",
  treasury: "treasury",
  token: "NumeraireVotes",
  timelock: "TimelockController",
} as const;

/** Where a contract names another contract or account than the deployment's. */
export async function compareWiring({ suite }: Context, holders: Holders): Promise<Difference[]> {
  const compared: Comparison[] = [];
  for (const [key, name] of Object.entries(CONTRACT_NAMES)) {
    const contract: BaseContract = suite[key as keyof typeof CONTRACT_NAMES];
    for (const [link, holder] of Object.entries(LINKS)) {
      if (!contract.interface.hasFunction(`${link}()`)) continue;
      const found: unknown = await contract.getFunction(link).staticCall();
      compared.push([`${name}: ${link}`, getAddress(String(found)), holderNamed(holders, holder)]);
    }
  }
  return differences(compared);
}
