import type { BaseContract } from "ethers";

import type { Suite } from "../../sdk/contracts.js";
import type { Call } from "./planned-call.js";

/** Calls that say what somebody found right when they were signed; all others can come late and do no harm. */
const DECISIONS = {
  committee: ["approve"],
  tournament: ["beginScoring", "postScores", "finalize", "veto"],
  rewards: ["proposeWeek", "vetoWeek"],
} as const satisfies { readonly [contract in keyof Suite]?: readonly string[] };

/** Whether a call must be decided on anew before it is sent late. */
export async function isDecision(suite: Suite, { to, data }: Call): Promise<boolean> {
  for (const [name, functions] of Object.entries(DECISIONS)) {
    const contract: BaseContract = suite[name as keyof typeof DECISIONS];
    if ((await contract.getAddress()).toLowerCase() !== to.toLowerCase()) continue;
    const selectors = functions.map((one) => contract.interface.getFunction(one)?.selector);
    if (selectors.includes(data.slice(0, 10))) return true;
  }
  return false;
}
