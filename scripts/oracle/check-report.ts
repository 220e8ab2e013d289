import { NumeraireError } from "../../sdk/numeraire-error.js";
import { unpackScores } from "../../sdk/score-sheet.js";
import type { Context } from "../chain/context.js";
import { pinBlock } from "../chain/pin-block.js";
import { plural } from "../terminal/plural.js";
import { compareScores } from "./compare-scores.js";
import { matchScores } from "./match-scores.js";
import { readModelsAtClose } from "./models-at-close.js";
import { ReportDiffers } from "./report-differs.js";
import { readScoreFile } from "./score-file.js";
import { verifyEvidence } from "./verify.js";
import type { Difference } from "./verify/check.js";
import { readRoundEvidence, type AttemptEvidence, type RoundEvidence } from "./verify/round-evidence.js";

/** The scores that a member measured for a round. */
export interface OwnScores {
  roundId: bigint;
  /** Path of the member's own score file. */
  scoreFile: string;
  /** File that maps usernames of a leaderboard to model ids. */
  mapping?: string | undefined;
  /** Agree that stakes without a row of the score file are unscored, instead of refusing. */
  allowUnscored?: boolean | undefined;
}

/** A report that a member's scores agree with. */
export interface AgreedReport {
  reportHash: string;
  /** Scores that agree but for one millionth of log-loss, with the same outcomes. */
  rounded: number;
  /** What the member should know although all agrees. */
  warnings: string[];
}

/**
 * Compares everything that the chain and a member's score file say with what an attempt says. The chain is read at a
 * block that will stay.
 * @throws {ReportDiffers} for any difference, naming the first.
 * @throws {NumeraireError} when the file is not right, or the chain cannot be read.
 */
export async function checkReport(context: Context, options: OwnScores, attemptId: number): Promise<AgreedReport> {
  const block = await pinBlock(context);
  const evidence = await readRoundEvidence(context, options.roundId, attemptId, block.number);
  const { scoring } = evidence;
  if (scoring === undefined) throw new Error("a closed round has no scoring"); // unreachable: void rounds were refused
  const verified = await verifyEvidence(context, evidence);
  refuse(options, attemptId, verified.differences);
  const compared = await compareFile(context, options, evidence, scoring);
  refuse(options, attemptId, compared.differences);
  const { rounded } = compared;
  const note = `${plural(rounded, "log-loss differs", "log-losses differ")} by one millionth, and every outcome is the same`;
  return {
    reportHash: scoring.reportHash,
    rounded,
    warnings: [...(rounded === 0 ? [] : [note]), ...compared.warnings],
  };
}

interface ComparedFile {
  differences: Difference[];
  rounded: number;
  warnings: string[];
}

async function compareFile(
  context: Context,
  { roundId, scoreFile, mapping, allowUnscored = false }: OwnScores,
  { round, placed, blockNumber }: RoundEvidence,
  { attempt, chunks }: AttemptEvidence,
): Promise<ComparedFile> {
  const file = await readScoreFile(scoreFile, { roundId, ...(mapping === undefined ? {} : { mapping }) });
  const models = await readModelsAtClose(context, round, blockNumber);
  const matched = matchScores(file.rows, placed, models, { path: scoreFile, allowUnscored, allowUnstaked: true });
  const { problems } = matched;
  if (problems.length > 0) {
    throw new NumeraireError(
      `${plural(problems.length, "problem")}, nothing was approved:\n  ${problems.join("\n  ")}`,
      {
        hint: "Put each right and approve again; a stake that you could not measure needs --allow-unscored.",
      },
    );
  }
  // Verified before: code, events and digest agree.
  const onChain = unpackScores(chunks.map(({ packed }) => packed));
  const { terms, prizePool } = round;
  const compared = compareScores(onChain, matched.scores, { stakes: placed, terms, prizePool, models });
  const otherFile = `the attempt's evidence is another file than ${scoreFile}: SHA-256 ${attempt.evidenceHash}, not ${file.sha256}`;
  return { ...compared, warnings: [...matched.warnings, ...(attempt.evidenceHash === file.sha256 ? [] : [otherFile])] };
}

function refuse({ roundId, scoreFile }: OwnScores, attemptId: number, differences: readonly Difference[]): void {
  if (differences.length === 0) return;
  throw new ReportDiffers(`round ${roundId.toString()}, attempt ${attemptId}`, scoreFile, differences);
}
