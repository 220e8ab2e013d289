import { managerRoleLabel, timelockRoleLabel, type Grant } from "./grants.js";
import type { GovernanceState } from "./read-governance.js";

/** Everything that anybody holds, whether or not it has taken effect. */
export function heldGrants({ manager, timelock }: GovernanceState): Grant[] {
  return [
    ...manager.access.map(({ role, account }): Grant => {
      return { contract: "AccessManager", role: managerRoleLabel(role), account };
    }),
    ...timelock.members.map(({ role, account }): Grant => {
      return { contract: "TimelockController", role: timelockRoleLabel(role), account };
    }),
  ];
}
