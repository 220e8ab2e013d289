import type { Context } from "../chain/context.js";
import { readHolders, type Holders } from "../governance/holders.js";
import { readGovernance } from "../governance/read-governance.js";
import type { TargetStage } from "./former-holder.js";
import type { HandoverStep } from "./handover-step.js";
import { planSteps } from "./plan-steps.js";
import { requirePreconditions } from "./preconditions.js";

/** What is left to do of a hand-over. */
export interface HandoverPlan {
  stage: TargetStage;
  /** Block that was looked at. */
  block: number;
  holders: Holders;
  /** In order; empty when it is done. */
  steps: HandoverStep[];
}

/**
 * Finds what is left to do to reach a stage from the one before; sends nothing.
 * @throws {NumeraireError} with exit code 2 when the chain is neither as the stage before says nor on the way from there,
 * or the new holder is not what it must be.
 */
export async function plan(context: Context, stage: TargetStage): Promise<HandoverPlan> {
  const holders = await readHolders(context);
  const state = await readGovernance(context);
  await requirePreconditions(context, state, holders, stage);
  return { stage, block: state.block, holders, steps: await planSteps(context, state, holders, stage) };
}
