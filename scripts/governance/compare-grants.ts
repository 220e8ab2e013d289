import { ZeroAddress } from "ethers";

import type { Stage } from "../../deploy/_stages.js";
import type { Difference } from "../oracle/verify/check.js";
import { expectedGrants, without, type Grant } from "./grants.js";
import { heldGrants } from "./held-grants.js";
import { describeHolder, holderNamed, type Holders } from "./holders.js";
import type { GovernanceState } from "./read-governance.js";

/**
 * Where what is held differs from what a stage says.
 * @param state What the chain says.
 * @param stages The stage; on the way from one to another both, and what they share must be held, what neither has not.
 */
export function compareGrants(
  state: GovernanceState,
  holders: Holders,
  stages: readonly [Stage] | readonly [Stage, Stage],
): Difference[] {
  const held = heldGrants(state);
  const [first, second = first] = stages.map((stage) => expectedGrants(stage, holders));
  if (first === undefined || second === undefined) throw new Error("no stage");
  const both = without(first, without(first, second));
  return [
    ...without(held, [...first, ...second]).map((grant) => difference(grant, holders, true)),
    ...without(both, held).map((grant) => difference(grant, holders, false)),
    ...compareGuardian(state, holders),
  ];
}

function difference({ contract, role, account }: Grant, holders: Holders, held: boolean): Difference {
  const who = account === ZeroAddress ? "anybody" : describeHolder(holders, account);
  return {
    what: `${contract}: ${role} of ${who}`,
    found: held ? "held" : "not held",
    expected: held ? "not held" : "held",
  };
}

/** Nobody both proposes and vetoes. */
function compareGuardian({ members }: GovernanceState, holders: Holders): Difference[] {
  const guardian = holderNamed(holders, "guardian");
  if (!members.includes(guardian)) return [];
  return [{ what: `guardian ${guardian}`, found: "a committee member", expected: "nobody who proposes" }];
}
