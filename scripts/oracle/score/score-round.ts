import { NumeraireError } from "../../../sdk/numeraire-error.js";
import { MAX_LOGLOSS } from "../../../sdk/score-sheet.js";
import { ProblemList } from "../../terminal/problem-list.js";
import { measureAccuracy } from "./accuracy.js";
import { measureConcordance } from "./concordance.js";
import { Database } from "./database.js";
import type { Delivery } from "./deliveries.js";
import { type Flaw, addFlaws, describeFlaws, findFlaws } from "./flaws.js";
import { maxFileBytes } from "./limits.js";
import { measureOriginality } from "./originality.js";
import {
  type PredictionSource,
  createPredictions,
  findSources,
  keepValid,
  loadCombinedPredictions,
  loadPredictions,
} from "./predictions.js";
import {
  type CommitmentTerms,
  type LastCommitment,
  type Submission,
  hashDeliveries,
  listSubmissions,
  matchCommitments,
} from "./submissions.js";
import { type TargetOptions, type Targets, loadTargets } from "./targets.js";

/** What was measured for one model, with the evidence. */
export interface ScoredModel {
  modelId: bigint;
  /** Always true: a model that could not be measured through its own fault has the worst score, not none. */
  scored: true;
  /** Live log-loss in millionths, rounded down, capped at 1,048,575. */
  logloss: number;
  /** Live log-loss with twelve decimals, not capped; empty when nothing valid was submitted. */
  loglossValue: string;
  /** Whole per cent, rounded down. */
  consistency: number;
  concordance: boolean;
  /** Mean Kolmogorov–Smirnov statistic over the clusters, twelve decimals; empty when nothing valid was submitted. */
  concordanceValue: string;
  originality: boolean;
  /** Rule that the model broke, e.g. "|r| > 0.95"; empty for an original model. */
  originalityRule: string;
  /** Earlier model that it is too close to. */
  originalityOther?: bigint;
  /** Statistic of that rule, twelve decimals; empty for an original model. */
  originalityValue: string;
  /** SHA-256 of the file that was measured, "0x" and 64 hex digits; empty when nothing valid was submitted. */
  fileSha256: string;
  /** Why the model has the worst score; empty for a measured model. */
  reason: string;
}

export interface ScoreRoundOptions extends TargetOptions {
  /** A file a model, or the path of one file with a column `model_id`, whose models are ordered by it. */
  predictions: readonly Delivery[] | string;
  /** Last commitments of the round; with them `closesAt`, `chainId`, `tournament` and `roundId` are needed. */
  commitments?: readonly LastCommitment[];
  closesAt?: number;
  chainId?: bigint;
  tournament?: string;
  roundId?: bigint;
  /** Threads to work with; all of the machine unless told. They change nothing in the result. */
  threads?: number;
  /** Memory in MiB that tables and sorting may take; what needs more uses the disk. It changes nothing either. */
  memoryMiB?: number;
  onProgress?: (stage: string, done: number, total: number) => void;
  /** Told of what was left out, and why a file cannot be read. */
  onWarning?: (text: string) => void;
}

/**
 * Measures every model of a round: live log-loss, consistency, concordance, originality.
 *
 * With commitments, each is a model's duty to deliver: without a matching, valid file in time the model has the worst
 * log-loss and all flags set, so that its stake can be destroyed. Without commitments invalid files are refused.
 * @returns Models in order of submission; the same on every machine and with any number of threads.
 * @throws {NumeraireError} listing what is wrong with the inputs.
 */
export async function scoreRound(options: ScoreRoundOptions): Promise<ScoredModel[]> {
  const database = await Database.open(options.threads, options.memoryMiB);
  try {
    return await scoreIn(database, options);
  } finally {
    await database.close();
  }
}

async function scoreIn(database: Database, options: ScoreRoundOptions): Promise<ScoredModel[]> {
  const { predictions, onProgress = () => undefined, onWarning = () => undefined } = options;
  const terms = commitmentTerms(options);
  if (typeof predictions === "string" && terms !== undefined) {
    throw new NumeraireError(`${predictions}: found one file of all models, expected a file a model`, {
      hint: "A commitment is to the bytes of a model's own file: name the folder with deliveries.csv.",
    });
  }
  const targets = await loadTargets(database, options);
  const { rowCount } = targets;
  if (!targets.clustered) onWarning("no cluster column and no features: concordance takes all rows as one cluster");
  await createPredictions(database);
  const loaded =
    typeof predictions === "string"
      ? await loadCombined(database, predictions)
      : await loadDelivered(database, predictions, targets, terms, { onProgress, onWarning });
  const { submissions } = loaded;

  const valid = await keepValid(database, rowCount);
  const failures = await explainFailures(database, loaded, targets, valid, terms !== undefined);
  const entries = [...valid].toSorted((a, b) => a - b);
  const progress = (stage: string) => (done: number) => {
    onProgress(stage, done, entries.length);
  };
  const accuracy = await measureAccuracy(database);
  progress("log-loss and consistency")(entries.length);
  const concordance = await measureConcordance(database, entries, progress("concordance"));
  const originality = await measureOriginality(database, entries, rowCount, progress("originality"));

  return submissions.map((submission, entry): ScoredModel => {
    const { modelId } = submission;
    const measured = accuracy.get(entry);
    const alike = concordance.get(entry);
    const original = originality.get(entry);
    if (measured === undefined || alike === undefined || original === undefined) {
      return worstScore(modelId, submission.failure ?? failures.get(entry) ?? "");
    }
    const other = original.originality ? undefined : submissions[original.other]?.modelId;
    return {
      modelId,
      scored: true,
      ...measured,
      concordance: alike.concordance,
      concordanceValue: alike.value,
      originality: original.originality,
      originalityRule: original.originality ? "" : original.rule,
      ...(other === undefined ? {} : { originalityOther: other }),
      originalityValue: original.originality ? "" : original.value,
      fileSha256: submission.fileSha256 ?? "",
      reason: "",
    };
  });
}

function commitmentTerms({
  commitments,
  closesAt,
  chainId,
  tournament,
  roundId,
}: ScoreRoundOptions): CommitmentTerms | undefined {
  if (commitments === undefined) return undefined;
  if (closesAt === undefined || chainId === undefined || tournament === undefined || roundId === undefined) {
    throw new NumeraireError("Commitments: found no close, chain, tournament or round, expected all four", {
      hint: "Pass closesAt, chainId, tournament and roundId with the commitments.",
    });
  }
  return { commitments, closesAt, chainId, tournament, roundId };
}

interface Loaded {
  submissions: Submission[];
  sources: PredictionSource[];
  /** What is wrong with files that were not read, by number of the submission. */
  excess: Map<number, Flaw[]>;
}

async function loadCombined(database: Database, file: string): Promise<Loaded> {
  const [hashed] = await hashDeliveries([{ modelId: 0n, file }]);
  const { modelIds, sources } = await loadCombinedPredictions(database, file);
  const submissions = modelIds.map((modelId) => ({ modelId, file, fileSha256: hashed?.fileSha256 ?? "" }));
  return { submissions, sources, excess: new Map() };
}

async function loadDelivered(
  database: Database,
  deliveries: readonly Delivery[],
  targets: Targets,
  terms: CommitmentTerms | undefined,
  { onProgress, onWarning }: Required<Pick<ScoreRoundOptions, "onProgress" | "onWarning">>,
): Promise<Loaded> {
  const hashed = await hashDeliveries(deliveries, maxFileBytes(targets));
  const submissions = terms === undefined ? listSubmissions(hashed) : matchCommitments(hashed, terms, onWarning);
  const files = submissions.flatMap(({ file }, entry) => (file === undefined ? [] : [{ entry, file }]));
  const sources = await findSources(database, files);
  const excess = await loadPredictions(database, sources, targets, onWarning, (done) => {
    onProgress("predictions", done, sources.length);
  });
  return { submissions, sources, excess };
}

/** Why each file that was loaded is not valid, by submission; refused where nobody committed to delivering better. */
async function explainFailures(
  database: Database,
  { submissions, sources, excess }: Loaded,
  targets: Targets,
  valid: ReadonlySet<number>,
  isCommitted: boolean,
): Promise<Map<number, string>> {
  const problems = new ProblemList();
  const failures = new Map<number, string>();
  for (const source of sources.filter(({ entry }) => !valid.has(entry))) {
    const flaws = excess.get(source.entry) ?? (await findFlaws(database, source, targets));
    failures.set(source.entry, describeFlaws(source.file, flaws));
    addFlaws(problems, source.file, flaws);
  }
  if (!isCommitted) problems.throwIfAny();
  if (submissions.length === 0) {
    throw new NumeraireError("Predictions: found none, expected at least one model", {
      hint: "Check the folder of predictions, and that the round has stakes.",
    });
  }
  return failures;
}

function worstScore(modelId: bigint, reason: string): ScoredModel {
  return {
    modelId,
    scored: true,
    logloss: MAX_LOGLOSS,
    loglossValue: "",
    consistency: 100,
    concordance: true,
    concordanceValue: "",
    originality: true,
    originalityRule: "",
    originalityValue: "",
    fileSha256: "",
    reason,
  };
}
