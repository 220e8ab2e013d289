import { mkdir, rename, writeFile } from "node:fs/promises";
import path from "node:path";

import { keccak256 } from "ethers";

import { bonus, resolveAuction, type AuctionOutcome, type AuctionResult } from "../../sdk/auction.js";
import { toNumeraireError } from "../../sdk/decode-error.js";
import { NumeraireError } from "../../sdk/numeraire-error.js";
import { packScores, reportHash, scoresDigest, type Score } from "../../sdk/score-sheet.js";
import { NO_RECORD, reputationBefore } from "../../sdk/track-record.js";
import type { Context } from "../chain/context.js";
import { expectedGasPrice } from "../chain/gas-price.js";
import { planGas } from "./gas-model.js";
import { matchScores } from "./match-scores.js";
import { readModelsAtClose } from "./models-at-close.js";
import { pinBlock, type PinnedBlock } from "../chain/pin-block.js";
import { PLAN_VERSION, type Plan } from "./plan-file.js";
import { readRound, readStakes, type RoundState } from "./round-state.js";
import { readScoreFile, type ScoreFile } from "./score-file.js";
import { readOrdinals, readSettlements } from "./settlements.js";
import { stakesHash } from "./stakes-hash.js";
import { plural } from "../terminal/plural.js";
import { toJson } from "../terminal/to-json.js";
import { replayTrackRecords } from "./track-records.js";

export interface PlanOptions {
  roundId: bigint;
  /** Path of the score file. */
  scoreFile: string;
  /** File that maps usernames of a leaderboard to model ids. */
  mapping?: string | undefined;
  /** Where to write the plan; rounds/<n>/plan.json when left out. */
  out?: string | undefined;
  /** Where the evidence can be found by others. */
  evidenceURI?: string | undefined;
  /** Return stakes without a score instead of refusing. */
  allowUnscored?: boolean | undefined;
  /** Skip rows of models without a stake instead of refusing. */
  allowUnstaked?: boolean | undefined;
}

/** What the plan means for one stake. */
export interface PlannedOutcome extends AuctionOutcome {
  index: number;
  modelId: bigint;
  /** Label of the model. */
  model: string;
  /** At the close. */
  owner: string;
  /** NMR, in wei. */
  amount: bigint;
  /** NMR an ether, in wei. */
  confidence: bigint;
  score: Score;
}

export interface PlanResult {
  /** Where the plan was written. */
  path: string;
  plan: Plan;
  /** One a stake, in index order. */
  outcomes: PlannedOutcome[];
  warnings: string[];
}

/**
 * Works out from a score file and the chain what resolving a round takes, and writes it down. The same score file and
 * block give the same bytes on every machine. Sends nothing and needs no key.
 * @throws {NumeraireError} listing every problem of score file and round together.
 */
export async function plan(context: Context, options: PlanOptions): Promise<PlanResult> {
  const { tournament } = context.suite;
  const { roundId } = options;
  const block = await pinBlock(context);
  const round = await readRound(tournament, roundId, block.number);
  const staged = stageProblems(round, block);
  const file = await readFileOf(options, staged);
  const [stakes, models] = await Promise.all([
    readStakes(context, round, block.number),
    readModelsAtClose(context, round, block.number),
  ]);
  const { scores, problems, warnings } = matchScores(file.rows, stakes, models, {
    path: options.scoreFile,
    allowUnscored: options.allowUnscored ?? false,
    allowUnstaked: options.allowUnstaked ?? false,
  });
  refuse([...staged, ...problems]);

  const auction = resolveAuction({ stakes, scores, terms: round.terms, prizePool: round.prizePool });
  const evidenceURI = options.evidenceURI ?? "";
  await simulateBegin(context, round, auction.cut, file.sha256, evidenceURI, block);
  const out = options.out ?? path.join("rounds", roundId.toString(), "plan.json");
  const chunks = packScores(scores);
  const report = {
    chainId: context.chainId,
    tournament: await tournament.getAddress(),
    roundId,
    attemptId: BigInt(round.attemptCount + 1),
    cut: auction.cut,
    scoresDigest: scoresDigest(chunks),
    evidenceHash: file.sha256,
  };
  const gas = planGas(round.stakeCount, evidenceURI);
  const price = expectedGasPrice(block.baseFee);
  const made: Plan = {
    version: PLAN_VERSION,
    chainId: context.chainId,
    nmr: await context.suite.nmr.getAddress(),
    committee: await context.suite.committee.getAddress(),
    tournament: report.tournament,
    codeHash: keccak256(await context.provider.getCode(report.tournament, block.number)),
    block: { number: block.number, hash: block.hash, timestamp: block.timestamp },
    roundId,
    terms: round.terms,
    postBy: round.deadline - round.terms.challengePeriod,
    stakeCount: round.stakeCount,
    stakesHash: stakesHash(stakes),
    prizePool: round.prizePool,
    bonusPool: round.bonusPool,
    scoreFile: { path: relativePath(out, options.scoreFile), sha256: file.sha256 },
    mapping: file.mapping ? { path: relativePath(out, file.mapping.path), sha256: file.mapping.sha256 } : null,
    evidenceHash: file.sha256,
    evidenceURI,
    cut: auction.cut,
    scoresDigest: report.scoresDigest,
    expectedAttempt: round.attemptCount + 1,
    reportHash: reportHash(report),
    totals: {
      above: auction.above,
      cutPayout: auction.cutPayout,
      paid: auction.above + auction.cutPayout,
      burned: auction.burned,
      returned: round.totalStaked - auction.burned,
      bonus: await expectedBonus(context, round, auction, stakes, block),
    },
    counts: countVerdicts(auction),
    gas: { ...gas, price, cost: gas.total * price },
    chunks,
  };
  await writeWhole(out, toJson(made));
  const outcomes = auction.outcomes.flatMap((outcome, index) => {
    const [stake, score] = [stakes[index], scores[index]];
    if (stake === undefined || score === undefined) return [];
    const { name: model, owner } = models.get(stake.modelId) ?? { name: "", owner: "" };
    return [{ index, ...stake, model, owner, score, ...outcome }];
  });
  return { path: out, plan: made, outcomes, warnings };
}

/** Why the round cannot be scored as of the block. */
function stageProblems(round: RoundState, block: PinnedBlock): string[] {
  const name = `round ${round.roundId.toString()}`;
  const when = (seconds: number) => new Date(seconds * 1000).toISOString();
  if (round.status !== "Closed") {
    const until = round.status === "Open" ? ` until ${when(round.terms.closesAt)}` : "";
    return [
      `${name}: found ${round.status}${until} at block ${block.number} (${when(block.timestamp)}), expected Closed`,
    ];
  }
  if (round.stakeCount === 0) return [`${name}: found no stake, expected at least one; void the round instead`];
  const postBy = round.deadline - round.terms.challengePeriod;
  if (block.timestamp > postBy) {
    return [
      `${name}: found ${when(block.timestamp)}, expected to post scores by ${when(postBy)}; void the round instead`,
    ];
  }
  return [];
}

/** Reads the score file; what is wrong with the round is told together with what is wrong with the file. */
async function readFileOf(
  { roundId, scoreFile, mapping }: PlanOptions,
  problemsOfRound: readonly string[],
): Promise<ScoreFile> {
  try {
    return await readScoreFile(scoreFile, { roundId, ...(mapping === undefined ? {} : { mapping }) });
  } catch (error) {
    if (!(error instanceof NumeraireError) || problemsOfRound.length === 0) throw error;
    const { message, hint } = error;
    throw new NumeraireError([...problemsOfRound, message].join("\n"), { hint, cause: error });
  }
}

function refuse(problems: readonly string[]): void {
  if (problems.length === 0) return;
  throw new NumeraireError(`${plural(problems.length, "problem")}, nothing was planned:\n  ${problems.join("\n  ")}`, {
    hint: "Put each right and plan again.",
  });
}

/** Lets the contract itself judge the first call, as a committee member would send it. */
async function simulateBegin(
  context: Context,
  round: RoundState,
  cut: number,
  evidenceHash: string,
  evidenceURI: string,
  block: PinnedBlock,
): Promise<void> {
  const { committee, tournament } = context.suite;
  const [from] = await committee.members({ blockTag: block.number });
  if (from === undefined) return;
  try {
    await tournament.beginScoring.staticCall(round.roundId, cut, evidenceHash, evidenceURI, {
      from,
      blockTag: block.number,
    });
  } catch (error) {
    throw toNumeraireError(error, `simulating beginScoring for round ${round.roundId.toString()}`);
  }
}

async function expectedBonus(
  context: Context,
  round: RoundState,
  auction: AuctionResult,
  stakes: readonly { modelId: bigint }[],
  block: PinnedBlock,
): Promise<bigint> {
  if (round.bonusPool === 0n) return 0n;
  const [settlements, ordinals] = await Promise.all([
    readSettlements(context, block.number),
    readOrdinals(context, block.number),
  ]);
  const { records } = replayTrackRecords(settlements, ordinals);
  const next = ordinals.size + 1;
  return auction.outcomes.reduce((sum, { etherPaid }, index) => {
    const modelId = stakes[index]?.modelId;
    const record = (modelId === undefined ? undefined : records.get(modelId)) ?? NO_RECORD;
    return sum + bonus(round.bonusPool, etherPaid, reputationBefore(record, next), round.prizePool);
  }, 0n);
}

function countVerdicts({ outcomes }: AuctionResult): Plan["counts"] {
  const counts = { paid: 0, destroyed: 0, returned: 0 };
  for (const { verdict } of outcomes) counts[verdict] += 1;
  return counts;
}

/** With slashes on every machine. */
function relativePath(planPath: string, file: string): string {
  return path
    .relative(path.dirname(path.resolve(planPath)), path.resolve(file))
    .split(path.sep)
    .join("/");
}

/** A reader never sees half a plan. */
async function writeWhole(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(`${file}.part`, text);
  await rename(`${file}.part`, file);
}
