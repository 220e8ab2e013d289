import { id } from "ethers";

import { roles } from "../../deploy/_roles.js";
import { differences, type Difference } from "../oracle/verify/check.js";
import { managerRoleLabel } from "./grants.js";
import { describeHolder, holderNamed, type Holders } from "./holders.js";
import type { GovernanceState } from "./read-governance.js";
import type { ManagerState } from "./read-manager.js";

const ADMIN = roles.ADMIN.id;

/** What the configuration says of the timelock. */
export interface DeclaredRules {
  /** Seconds. */
  timelockDelay: bigint;
}

/**
 * Where delays, role admins and guardians, functions' roles, authorities or things that wait differ from what the role
 * table says at every stage.
 */
export function compareRules(state: GovernanceState, holders: Holders, { timelockDelay }: DeclaredRules): Difference[] {
  const { manager, timelock, time } = state;
  const authority = holderNamed(holders, "AccessManager");
  return [
    ...differences([...state.authorities].map(([name, found]) => [`${name}: authority`, found, authority])),
    ...manager.access.flatMap(({ role, account, since, delay }) => {
      const what = `AccessManager: ${managerRoleLabel(role)} of ${describeHolder(holders, account)}`;
      return differences([
        [`${what}: seconds its calls wait`, delay, 0n],
        [`${what}: seconds until it holds`, since > time ? since - time : 0n, 0n],
      ]);
    }),
    ...manager.roles.flatMap(({ role, admin, guardian, grantDelay }) => {
      const what = `AccessManager: role ${managerRoleLabel(role)}`;
      return differences([
        [`${what}: admin role`, managerRoleLabel(admin), managerRoleLabel(ADMIN)],
        [`${what}: guardian role`, managerRoleLabel(guardian), managerRoleLabel(ADMIN)],
        [`${what}: seconds until a grant holds`, grantDelay, 0n],
      ]);
    }),
    ...compareFunctions(manager, holders),
    ...manager.targets.flatMap(({ target, closed, adminDelay }) =>
      differences([
        [`AccessManager: ${describeHolder(holders, target)}: closed`, closed, false],
        [`AccessManager: ${describeHolder(holders, target)}: seconds the admin waits`, adminDelay, 0n],
      ]),
    ),
    ...manager.operations.map(({ operationId, caller, target }) => ({
      what: `AccessManager: operation ${operationId}`,
      found: `scheduled by ${describeHolder(holders, caller)} for ${describeHolder(holders, target)}`,
      expected: "nothing scheduled: no role has a delay",
    })),
    ...differences([["TimelockController: seconds a decision waits", timelock.minDelay, timelockDelay]]),
    ...timelock.operations
      .filter(({ orphaned }) => orphaned)
      .map(({ operationId }) => ({
        what: `TimelockController: operation ${operationId}`,
        found: "scheduled before an account lost the right to schedule",
        expected: "carried out or cancelled",
      })),
  ];
}

/** The role of every function that the table names or an event ever spoke of. */
function compareFunctions({ functions }: ManagerState, holders: Holders): Difference[] {
  const key = (target: string, selector: string): string => `${target} ${selector}`;
  const found = new Map(functions.map(({ target, selector, role }) => [key(target, selector), role]));
  const compared: [string, string, string][] = [];
  for (const role of Object.values(roles)) {
    for (const [contract, signatures] of Object.entries<readonly string[]>(role.functions)) {
      for (const signature of signatures) {
        const at = key(holderNamed(holders, contract), id(signature).slice(0, 10));
        compared.push([
          `AccessManager: role of ${contract}.${signature}`,
          managerRoleLabel(found.get(at) ?? ADMIN),
          managerRoleLabel(role.id),
        ]);
        found.delete(at);
      }
    }
  }
  for (const [at, role] of found) {
    const [target = "", selector = ""] = at.split(" ");
    compared.push([
      `AccessManager: role of ${selector} of ${describeHolder(holders, target)}`,
      managerRoleLabel(role),
      managerRoleLabel(ADMIN),
    ]);
  }
  return differences(compared);
}
