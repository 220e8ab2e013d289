import { mkdir, rename } from "node:fs/promises";
import path from "node:path";

import { NumeraireError } from "../../../sdk/numeraire-error.js";
import type { SigningContext } from "../../chain/context.js";
import type { SendSettings } from "../../chain/send.js";
import { apply } from "../apply.js";
import { approve } from "../approve.js";
import { finalize } from "../finalize.js";
import { plan } from "../plan.js";
import { score } from "../score.js";
import { settle } from "../settle.js";
import { sweep } from "../sweep.js";
import { voidRound } from "../void-round.js";
import type { Decision } from "./decide.js";
import { roundFolder } from "./round-folder.js";
import { liveAttempts, type ReadyScores, type RoundView } from "./round-view.js";

/** Batches of stakes that one step settles, minutes of work: other rounds have deadlines. */
const MOST_BATCHES = 10;

/** What a decision says to do, where it says so. */
export type Action = Exclude<Decision, { do: "wait" | "finish" }>;

/**
 * Carries out a decision with the function of the command that a person would run.
 * @param rounds Folder that holds one folder a round.
 * @throws {NumeraireError} as the command does.
 */
export async function act(
  context: SigningContext,
  view: RoundView,
  action: Action,
  rounds: string,
  sending: SendSettings,
): Promise<void> {
  const { roundId } = view.round;
  const folder = roundFolder(rounds, roundId);
  switch (action.do) {
    case "score":
      return measure(context, roundId, folder, action);
    case "post":
      return post(context, view, folder, readyScores(view), sending);
    case "approve":
      return agree(context, roundId, action.attemptId, readyScores(view), sending);
    case "finalize":
      await finalize(context, { ...sending, roundId, attemptId: action.attemptId });
      return;
    case "void":
      said(context, "void", await voidRound(context, { ...sending, roundId }));
      return;
    case "settle":
      for (const sent of (await settle(context, { ...sending, roundId, mostBatches: MOST_BATCHES })).sent) {
        said(context, `stakes ${sent.from} to ${sent.to - 1} settled`, { sent });
      }
      return;
    case "sweep":
      said(context, "remainder sent to the treasury", await sweep(context, { ...sending, roundId }));
      return;
  }
}

/** Nobody sees half a score file. */
async function measure(
  context: SigningContext,
  roundId: bigint,
  folder: string,
  { predictions, targets }: Extract<Action, { do: "score" }>,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const part = path.join(folder, "scores.part.csv");
  await score({ predictions, targets, out: part, roundId }, context.log, context);
  await rename(part, path.join(folder, "scores.csv"));
}

async function post(
  context: SigningContext,
  view: RoundView,
  folder: string,
  scores: ReadyScores,
  sending: SendSettings,
): Promise<void> {
  const planPath = path.join(folder, "plan.json");
  const request = { roundId: view.round.roundId, scoreFile: scores.path, mapping: scores.mapping, out: planPath };
  const { plan: made, warnings } = await plan(context, request);
  const remapped = made.mapping !== null && made.mapping.sha256 !== scores.mappingSha256;
  if (made.scoreFile.sha256 !== scores.sha256 || remapped) {
    const changed = remapped ? (scores.mapping ?? "") : scores.path;
    throw new NumeraireError(`${changed}: found it changed since it was read, expected it to stay as it is`, {
      hint: "Put files into a round's folder whole: write them elsewhere and move them there.",
    });
  }
  for (const warning of warnings) context.log.warn(warning);
  // What was begun is continued or left alone: a veto in between, or another mapping, must not begin another.
  const onlyContinue = liveAttempts(view).some((attempt) => attempt.own);
  await apply(context, { ...sending, planPath, onlyContinue });
}

async function agree(
  context: SigningContext,
  roundId: bigint,
  attemptId: number,
  { path: scoreFile, mapping }: ReadyScores,
  sending: SendSettings,
): Promise<void> {
  const result = await approve(context, { ...sending, roundId, attemptId, scoreFile, mapping });
  for (const warning of result.warnings) context.log.warn(warning);
  said(context, `attempt ${attemptId} approved`, result);
}

/** Names the transaction, where there was one, for whoever reads the log later. */
function said(
  { log }: SigningContext,
  what: string,
  { sent }: { sent?: { hash: string; gasUsed: bigint } | undefined },
): void {
  if (sent !== undefined) log.info(`${what}: ${sent.hash}, ${sent.gasUsed.toString()} gas`);
}

function readyScores({ round, scores }: RoundView): ReadyScores {
  if (scores.state === "ready") return scores;
  throw new NumeraireError(`round ${round.roundId.toString()}: found no score file, expected one to work from`, {
    hint: "Put scores.csv into the round's folder.",
  });
}
