import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { NumeraireError } from "../../sdk/numeraire-error.js";
import { readCommitments } from "./commitments.js";
import type { Context } from "../chain/context.js";
import type { Log, Progress } from "../terminal/log.js";
import { pinBlock } from "../chain/pin-block.js";
import { readRound } from "./round-state.js";
import { readDeliveries } from "./score/deliveries.js";
import { type ScoreRoundOptions, type ScoredModel, scoreRound } from "./score/score-round.js";
import { writeScoreFile } from "./score/write-score-file.js";

export interface ScoreRequest {
  /** Folder or glob of prediction files, or one file of all models. */
  predictions: string;
  /** CSV or Parquet `id,era,data_type,target[,cluster]`. */
  targets: string;
  /** Score file to write. */
  out: string;
  /** CSV or Parquet of `id` and numeric columns, with how many clusters to make of them. */
  features?: string | undefined;
  clusters?: number | undefined;
  /** Round whose commitments the predictions are checked against; needs a context. */
  roundId?: bigint | undefined;
}

export interface ScoreReport {
  out: string;
  models: ScoredModel[];
  /** What was left out or could not be read. */
  warnings: string[];
}

/**
 * Measures predictions and writes the score file.
 * @param context Chain to read the round's close and commitments from; without it every file counts as delivered.
 * @throws {NumeraireError} listing what is wrong with the inputs; with exit code 2 while the round is still open.
 */
export async function score(request: ScoreRequest, log: Log, context?: Context): Promise<ScoreReport> {
  const { targets, features, clusters, roundId } = request;
  const warnings: string[] = [];
  const progress = reportProgress(log);
  const options: ScoreRoundOptions = {
    predictions: await findPredictions(request.predictions),
    targets,
    ...(features === undefined ? {} : { features }),
    ...(clusters === undefined ? {} : { clusters }),
    ...(await readTerms(context, roundId)),
    onProgress: progress.report,
    onWarning: (text) => warnings.push(text),
  };
  try {
    const models = await scoreRound(options);
    await writeScoreFile(request.out, models, roundId);
    return { out: request.out, models, warnings };
  } finally {
    progress.stop();
    for (const warning of warnings) log.warn(warning);
  }
}

async function findPredictions(path: string): Promise<ScoreRoundOptions["predictions"]> {
  const isFile = await stat(path).then(
    (entry) => entry.isFile(),
    () => false,
  );
  return isFile ? resolve(path) : readDeliveries(path);
}

async function readTerms(
  context: Context | undefined,
  roundId: bigint | undefined,
): Promise<Pick<ScoreRoundOptions, "chainId" | "tournament" | "roundId" | "closesAt" | "commitments">> {
  if (roundId === undefined) return {};
  if (context === undefined) {
    throw new NumeraireError(`round ${roundId}: found no chain, expected one to read its commitments from`, {
      hint: "Name the network of the round.",
    });
  }
  const { suite, chainId, fromBlock } = context;
  const block = await pinBlock(context);
  const { status, terms } = await readRound(suite.tournament, roundId, block.number);
  if (status !== "Closed" && status !== "Resolved") {
    const hint =
      status === "Open"
        ? `Run the command after the close at ${new Date(terms.closesAt * 1000).toISOString()}: until then commitments change.`
        : "Every stake of a void round is returned: there is nothing to score.";
    throw new NumeraireError(`round ${roundId}: found it ${status}, expected Closed or Resolved`, {
      hint,
      exitCode: 2,
    });
  }
  return {
    chainId,
    tournament: await suite.tournament.getAddress(),
    roundId,
    closesAt: terms.closesAt,
    commitments: await readCommitments(suite, roundId, { from: fromBlock, to: block.number }),
  };
}

/** Steps between two lines or movements of a bar: enough to see it move, few enough to keep a log readable. */
const STEPS = 20;

function reportProgress(log: Log): {
  report: (stage: string, done: number, total: number) => void;
  stop: () => void;
} {
  let current: { stage: string; progress: Progress; done: number } | undefined;
  const stop = (): void => {
    current?.progress.stop();
    current = undefined;
  };
  return {
    report: (stage, done, total) => {
      if (current?.stage !== stage) {
        stop();
        current = { stage, progress: log.progress(stage, total), done: 0 };
      }
      if (done < total && done - current.done < total / STEPS) return;
      current.progress.step(done - current.done);
      current.done = done;
    },
    stop,
  };
}
