import { NumeraireError } from "../../sdk/numeraire-error.js";
import type { Suite } from "../../sdk/contracts.js";
import type { PlannedCall } from "../chain/planned-call.js";
import { MANAGER_ROLES, TIMELOCK_ROLES, type Grant } from "../governance/grants.js";
import { describeHolder, type Holders } from "../governance/holders.js";

/** The call that gives somebody a role. */
export async function grantCall(suite: Suite, holders: Holders, grant: Grant): Promise<PlannedCall> {
  const { contract, role, account } = grant;
  const step = `give ${role} of the ${contract} to ${describeHolder(holders, account)}`;
  if (contract === "AccessManager") {
    const data = suite.authority.interface.encodeFunctionData("grantRole", [managerRole(role), account, 0]);
    return { step, to: await suite.authority.getAddress(), data };
  }
  const data = suite.timelock.interface.encodeFunctionData("grantRole", [timelockRole(role), account]);
  return { step, to: await suite.timelock.getAddress(), data };
}

/** The call by which a role's admin takes the role from somebody. */
export async function revokeCall(suite: Suite, holders: Holders, grant: Grant): Promise<PlannedCall> {
  const { contract, role, account } = grant;
  const step = `take ${role} of the ${contract} from ${describeHolder(holders, account)}`;
  if (contract === "AccessManager") {
    const data = suite.authority.interface.encodeFunctionData("revokeRole", [managerRole(role), account]);
    return { step, to: await suite.authority.getAddress(), data };
  }
  const data = suite.timelock.interface.encodeFunctionData("revokeRole", [timelockRole(role), account]);
  return { step, to: await suite.timelock.getAddress(), data };
}

function managerRole(label: string): bigint {
  const role = MANAGER_ROLES.get(label);
  if (role !== undefined) return role;
  throw unknownRole("AccessManager", label);
}

function timelockRole(label: string): string {
  const role = TIMELOCK_ROLES.get(label);
  if (role !== undefined) return role;
  throw unknownRole("TimelockController", label);
}

function unknownRole(contract: string, label: string): NumeraireError {
  return new NumeraireError(`${contract}: found role ${label}, expected one of deploy/_roles.ts`, {
    hint: "Take it from its holder by hand: a hand-over changes only what the configuration knows.",
  });
}
