import type { Stage } from "../../deploy/_stages.js";
import type { Context } from "../chain/context.js";
import type { Difference } from "../oracle/verify/check.js";
import { MANAGER_ROLES, TIMELOCK_ROLES, expectedGrants, without, type Grant } from "../governance/grants.js";
import { describeHolder, type Holders } from "../governance/holders.js";

/**
 * What a former holder has that a stage does not give it. Asks for each role, whatever the events say.
 * @param block Block to ask at.
 */
export async function checkFormerHolder(
  { suite: { authority, timelock } }: Context,
  holders: Holders,
  { account, stage, block }: { account: string; stage: Stage; block: number },
): Promise<Difference[]> {
  const at = { blockTag: block };
  const held: Grant[] = [];
  for (const [role, roleId] of MANAGER_ROLES) {
    const [since] = await authority.getAccess(roleId, account, at);
    if (since !== 0n) held.push({ contract: "AccessManager", role, account });
  }
  for (const [role, roleId] of TIMELOCK_ROLES) {
    if (await timelock.hasRole(roleId, account, at)) held.push({ contract: "TimelockController", role, account });
  }
  return without(held, expectedGrants(stage, holders)).map(({ contract, role }) => ({
    what: `former holder ${describeHolder(holders, account)}`,
    found: `${role} of the ${contract}`,
    expected: "nothing",
  }));
}
