import { stages, type Stage } from "../../deploy/_stages.js";
import { holderNamed, type Holders } from "../governance/holders.js";

/** Stages that can be handed over to. */
export type TargetStage = Exclude<Stage, 0>;

/** The stage before. */
export function stageBefore(stage: TargetStage): Stage {
  return (stage - 1) as Stage;
}

/** The account that hands over when a stage begins: the deployer, afterwards the Safe. */
export function formerHolder(stage: TargetStage, holders: Holders): string {
  const { admin, proposers } = stages[stageBefore(stage)];
  return holderNamed(holders, proposers[0] ?? admin);
}
