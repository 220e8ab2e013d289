import { ZeroAddress, ZeroHash, id } from "ethers";

import { roles } from "../../deploy/_roles.js";
import { stages, type Stage } from "../../deploy/_stages.js";
import { holderAt, holderNamed, type Holders } from "./holders.js";

/** One account's hold on one role. */
export interface Grant {
  contract: "AccessManager" | "TimelockController";
  /** Label of the role, e.g. "GUARDIAN" or "PROPOSER_ROLE"; of an unknown one, its id. */
  role: string;
  account: string;
}

/** Ids of the AccessManager's roles by their labels. */
export const MANAGER_ROLES: ReadonlyMap<string, bigint> = new Map(
  Object.entries(roles).map(([label, role]) => [label, role.id]),
);

/** Ids of the timelock's roles by their labels. */
export const TIMELOCK_ROLES: ReadonlyMap<string, string> = new Map([
  ["DEFAULT_ADMIN_ROLE", ZeroHash],
  ...["PROPOSER_ROLE", "CANCELLER_ROLE", "EXECUTOR_ROLE"].map((label): [string, string] => [label, id(label)]),
]);

/** Label of a role of the AccessManager; its number where the table does not have it. */
export function managerRoleLabel(role: bigint): string {
  return [...MANAGER_ROLES].find(([, known]) => known === role)?.[0] ?? role.toString();
}

/** Label of a role of the timelock; its id where it is unknown. */
export function timelockRoleLabel(role: string): string {
  return [...TIMELOCK_ROLES].find(([, known]) => known === role)?.[0] ?? role;
}

/**
 * Everything that anybody must hold at a stage, and nothing else may.
 * @throws {NumeraireError} for a holder that the configuration does not name.
 */
export function expectedGrants(stage: Stage, holders: Holders): Grant[] {
  const { timelockAdmins, proposers } = stages[stage];
  const accounts = (names: readonly string[]) => names.map((name) => holderNamed(holders, name));
  const timelock = (role: string, held: readonly string[]): Grant[] =>
    held.map((account) => ({ contract: "TimelockController", role, account }));
  return [
    ...Object.entries(roles).flatMap(([role, table]) =>
      table.holders.map((holder): Grant => {
        return { contract: "AccessManager", role, account: holderAt(holders, holder, stage) };
      }),
    ),
    ...timelock("DEFAULT_ADMIN_ROLE", accounts(timelockAdmins)),
    ...timelock("PROPOSER_ROLE", accounts(proposers)),
    ...timelock("CANCELLER_ROLE", accounts(proposers)),
    // Whatever was decided and has waited, anybody may carry out.
    ...timelock("EXECUTOR_ROLE", [ZeroAddress]),
  ];
}

/** One text for one grant. */
function grantKey({ contract, role, account }: Grant): string {
  return `${contract} ${role} ${account}`;
}

/** The grants of the first list that the second lacks. */
export function without(grants: readonly Grant[], others: readonly Grant[]): Grant[] {
  const keys = new Set(others.map(grantKey));
  return grants.filter((grant) => !keys.has(grantKey(grant)));
}
