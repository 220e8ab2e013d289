import { parametersOf } from "../../deploy/_parameters.js";
import type { Context } from "../chain/context.js";
import { compareGrants } from "../governance/compare-grants.js";
import { compareRules } from "../governance/compare-rules.js";
import { compareWiring } from "../governance/compare-wiring.js";
import { describeHolder, holderNamed, readHolders } from "../governance/holders.js";
import { readGovernance } from "../governance/read-governance.js";
import type { Check, Difference } from "../oracle/verify/check.js";
import { plural } from "../terminal/plural.js";
import { checkFormerHolder } from "./check-former-holder.js";
import { checkSafe } from "./check-safe.js";
import { formerHolder, type TargetStage } from "./former-holder.js";

/** Whether a stage is reached, and every former holder has nothing. */
export interface HandoverProof {
  ok: boolean;
  stage: TargetStage;
  /** Block that was looked at. */
  block: number;
  checks: Check[];
  /** Those of all checks. */
  differences: Difference[];
}

/**
 * Proves from the chain that a stage is reached: replays every event of AccessManager and timelock for who was ever given
 * something, asks for what is so now, and asks once more for each former holder. Anybody can.
 * @throws {NumeraireError} when the configuration does not name a holder.
 */
export async function verify(context: Context, stage: TargetStage): Promise<HandoverProof> {
  const holders = await readHolders(context);
  const state = await readGovernance(context);
  const { manager, timelock, block } = state;
  const former = new Set<string>();
  for (const one of [1, 2, 3] as const) if (one <= stage) former.add(formerHolder(one, holders));
  const named = [...former].map((account) => describeHolder(holders, account)).join(", ");
  const checks: Check[] = [
    {
      name: "holders",
      detail: plural(manager.access.length + timelock.members.length, "grant"),
      differences: compareGrants(state, holders, [stage]),
    },
    {
      name: "rules",
      detail: `${plural(manager.roles.length, "role")}, ${plural(manager.functions.length, "function")}, ${plural(state.authorities.size, "authority", "authorities")}, what waits`,
      differences: compareRules(state, holders, parametersOf(context.network)),
    },
    {
      name: "former holders",
      detail: named,
      differences: (
        await Promise.all([...former].map((account) => checkFormerHolder(context, holders, { account, stage, block })))
      ).flat(),
    },
    {
      name: "new holder",
      detail: "Safe, timelock and governor",
      differences: [
        ...(await compareWiring(context, holders)),
        ...(await checkSafe(context, holderNamed(holders, "safe"), holderNamed(holders, "deployer"))),
      ],
    },
  ];
  const differences = checks.flatMap((check) => check.differences);
  return { ok: differences.length === 0, stage, block, checks, differences };
}
