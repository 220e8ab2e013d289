import type { Context } from "../chain/context.js";
import { expectedGrants, without, type Grant } from "../governance/grants.js";
import { heldGrants } from "../governance/held-grants.js";
import { holderNamed, type Holders } from "../governance/holders.js";
import type { GovernanceState } from "../governance/read-governance.js";
import { formerHolder, stageBefore, type TargetStage } from "./former-holder.js";
import { grantCall, revokeCall } from "./grant-calls.js";
import type { HandoverStep } from "./handover-step.js";
import { proposalSteps } from "./proposal-steps.js";
import { timelockSteps } from "./timelock-steps.js";

/**
 * What is left to do of a hand-over, in order. The former holder gives first; what it holds is taken from it by its
 * successor, which so shows that it can act: where it cannot, nothing is lost.
 * @param state What the chain says; only what lies between the stage before and this one.
 */
export async function planSteps(
  context: Context,
  state: GovernanceState,
  holders: Holders,
  stage: TargetStage,
): Promise<HandoverStep[]> {
  const [before, after] = [expectedGrants(stageBefore(stage), holders), expectedGrants(stage, holders)];
  const held = heldGrants(state);
  const giving = without(without(after, before), held);
  const taking = without(held, after);
  const gifts = await Promise.all(giving.map((grant) => grantCall(context.suite, holders, grant)));
  const former = formerHolder(stage, holders);

  const give =
    stage === 3
      ? await throughTimelock(context, gifts, { name: "hand-over to stage 3", proposer: former })
      : gifts.map((call): HandoverStep => ({ ...call, by: former }));
  const take = await takingSteps(context, holders, { stage, former, taking });
  const wait = "the new holder to have its roles";
  return [...give, ...(give.length === 0 ? take : take.map((step) => ({ ...step, waitsFor: wait })))];
}

/** The steps by which the successor takes what the former holder has. */
async function takingSteps(
  context: Context,
  holders: Holders,
  { stage, former, taking }: { stage: TargetStage; former: string; taking: readonly Grant[] },
): Promise<HandoverStep[]> {
  const calls = await Promise.all(taking.map((grant) => revokeCall(context.suite, holders, grant)));
  switch (stage) {
    case 1:
      return takeFromDeployer(context, holders, { former, taking });
    case 2:
      return throughTimelock(context, calls, { name: "hand-over to stage 2", proposer: former });
    case 3:
      return calls.length === 0
        ? []
        : proposalSteps(context, calls, "Hand-over to stage 3: take the timelock from the Safe");
  }
}

/**
 * The Safe takes the roles of the manager; then the deployer gives up the timelock, which only it and the timelock
 * itself administer.
 */
async function takeFromDeployer(
  { suite }: Context,
  holders: Holders,
  { former, taking }: { former: string; taking: readonly Grant[] },
): Promise<HandoverStep[]> {
  const safe = holderNamed(holders, "safe");
  const ofManager = taking.filter(({ contract }) => contract === "AccessManager");
  const ofTimelock = taking.filter(({ contract }) => contract === "TimelockController");
  const steps: HandoverStep[] = [];
  for (const grant of ofManager) steps.push({ ...(await revokeCall(suite, holders, grant)), by: safe });
  for (const grant of ofTimelock) {
    const step: HandoverStep = { ...(await revokeCall(suite, holders, grant)), by: former };
    steps.push(ofManager.length === 0 ? step : { ...step, waitsFor: "the Safe to have shown that it can act" });
  }
  return steps;
}

async function throughTimelock(
  context: Context,
  calls: HandoverStep[],
  { name, proposer }: { name: string; proposer: string },
): Promise<HandoverStep[]> {
  return calls.length === 0 ? [] : timelockSteps(context, { calls, name, proposer });
}
