import path from "node:path";

import { apply } from "../oracle/apply.js";
import { approve } from "../oracle/approve.js";
import { finalize } from "../oracle/finalize.js";
import { plan, type PlannedOutcome } from "../oracle/plan.js";
import { score } from "../oracle/score.js";
import type { ScoredModel } from "../oracle/score/score-round.js";
import { settle } from "../oracle/settle.js";
import { sweep } from "../oracle/sweep.js";
import { verify, type VerifyResult } from "../oracle/verify.js";
import type { DemoChain } from "./chain.js";
import type { Competitor } from "./scientists.js";
import { stageRound, type Entrant, type StagedRound } from "./stage-round.js";

export interface PlayedRound {
  roundId: bigint;
  entrants: Entrant[];
  /** What the plan said would become of each stake; in index order. */
  outcomes: PlannedOutcome[];
  verified: VerifyResult;
}

/**
 * Plays a whole round: opens it, lets the data scientists train and stake, scores and resolves it with the oracle's own
 * commands, settles every stake and sweeps the remainder.
 * @param folder Where predictions, targets, scores and plan are kept.
 * @param opened Called when everybody holds NMR and the round takes stakes: the time to read the books.
 * @param competitors Who takes part; all of them when left out.
 */
export async function playRound(
  chain: DemoChain,
  folder: string,
  opened: (roundId: bigint, entrants: readonly Entrant[]) => Promise<void>,
  competitors?: readonly Competitor[],
): Promise<PlayedRound> {
  const { log } = chain.context;
  const staged = await stageRound(chain, folder, opened, competitors);
  log.info("the oracle measures the predictions and resolves the round …");
  const scoreFile = path.join(folder, "scores.csv");
  await measure(chain, staged, scoreFile);
  return resolve(chain, staged, { scoreFile, planPath: path.join(folder, "plan.json") });
}

/** Measures the predictions, as every committee member does for itself. */
export async function measure(
  { context }: DemoChain,
  { roundId, store, targets }: StagedRound,
  scoreFile: string,
): Promise<ScoredModel[]> {
  const { models } = await score({ predictions: store, targets, out: scoreFile, roundId }, context.log, context);
  return models;
}

/** A member of the committee, by its part in the deployment. */
export type Member = "member1" | "member2" | "member3";

/**
 * One member plans and applies, another recomputes everything and approves; then the round is finalised, settled and
 * swept.
 */
export async function resolve(
  chain: DemoChain,
  { roundId, entrants, challengePeriod }: StagedRound,
  { scoreFile, planPath }: { scoreFile: string; planPath: string },
  [proposer, second]: readonly [Member, Member] = ["member1", "member2"],
): Promise<PlayedRound> {
  const { context } = chain;
  const { log } = context;
  const { outcomes } = await plan(context, { roundId, scoreFile, out: planPath });
  const operator = { ...context, signer: await chain.signer(proposer) };
  const { attemptId } = await apply(operator, { planPath });

  log.info("a second committee member recomputes everything and approves …");
  await approve({ ...context, signer: await chain.signer(second) }, { roundId, attemptId, scoreFile });
  await chain.advanceTo((await chain.now()) + challengePeriod);
  await finalize(operator, { roundId });

  log.info("settling …");
  await settle(operator, { roundId });
  await sweep(operator, { roundId });
  const verified = await verify(context, { roundId, scoreFile });
  requireAgreement(verified);
  return { roundId, entrants, outcomes, verified };
}

/** @throws {Error} when the round does not verify: a demo must not go on as if it did. */
export function requireAgreement({ ok, differences }: VerifyResult): void {
  if (!ok) throw new Error(`the round does not verify: ${JSON.stringify(differences)}`);
}
