import { parametersOf } from "../../deploy/_parameters.js";
import { NumeraireError } from "../../sdk/numeraire-error.js";
import type { Context } from "../chain/context.js";
import { compareGrants } from "../governance/compare-grants.js";
import { compareRules } from "../governance/compare-rules.js";
import { compareWiring } from "../governance/compare-wiring.js";
import { expectedGrants } from "../governance/grants.js";
import { describeHolder, holderNamed, type Holders } from "../governance/holders.js";
import type { GovernanceState } from "../governance/read-governance.js";
import { describeDifference, type Difference } from "../oracle/verify/check.js";
import { checkSafe } from "./check-safe.js";
import { checkWrapped } from "./check-wrapped.js";
import { formerHolder, stageBefore, type TargetStage } from "./former-holder.js";

/**
 * Makes sure that a hand-over can begin or go on: everything is as the stage before or the way from there says, and the
 * new holder is what it must be.
 * @throws {NumeraireError} with exit code 2, listing what is not.
 */
export async function requirePreconditions(
  context: Context,
  state: GovernanceState,
  holders: Holders,
  stage: TargetStage,
): Promise<void> {
  const found = [
    ...compareGrants(state, holders, [stageBefore(stage), stage]),
    ...compareRules(state, holders, parametersOf(context.network)),
    ...(await compareWiring(context, holders)),
    ...keptByFormerHolder(holders, stage),
    ...(await checkSafe(context, holderNamed(holders, "safe"), holderNamed(holders, "deployer"))),
    ...(stage === 3 ? await checkWrapped(context) : []),
  ];
  if (found.length === 0) return;
  throw new NumeraireError(
    [`stage ${stage}: cannot hand over:`, ...found.map((one) => `  ${describeDifference(one)}`)].join("\n"),
    { hint: "Mend what is listed first, on chain or in deploy/ and rocketh.ts; nothing was sent.", exitCode: 2 },
  );
}

/** Where the configuration leaves something to whoever is to have nothing; a Safe keeps proposing to the timelock. */
function keptByFormerHolder(holders: Holders, stage: TargetStage): Difference[] {
  const former = formerHolder(stage, holders);
  return expectedGrants(stage, holders)
    .filter(({ account, contract }) => account === former && !(stage === 2 && contract === "TimelockController"))
    .map(({ role, contract }) => ({
      what: `configuration: ${role} of the ${contract}`,
      found: `given to ${describeHolder(holders, former)}`,
      expected: "somebody else than the one who hands over",
    }));
}
