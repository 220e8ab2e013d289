import type { TransactionReceipt } from "ethers";

import { NumeraireError } from "../../sdk/numeraire-error.js";
import { unpackScores } from "../../sdk/score-sheet.js";
import { requireSigner, type Context, type SigningContext } from "../chain/context.js";
import { pinBlock } from "../chain/pin-block.js";
import type { PlannedCall } from "../chain/planned-call.js";
import { priceCall, type PricedCall } from "../chain/price-call.js";
import { send, withJournal, type SendSettings } from "../chain/send.js";
import { plural } from "../terminal/plural.js";
import { readAttempts, type AttemptState } from "./attempt-state.js";
import { compareScores } from "./compare-scores.js";
import { matchScores } from "./match-scores.js";
import { readModels } from "./models.js";
import { ReportDiffers } from "./report-differs.js";
import { readRound, type RoundState } from "./round-state.js";
import { readScoreFile } from "./score-file.js";
import { verifyEvidence } from "./verify.js";
import type { Difference } from "./verify/check.js";
import { readRoundEvidence, type AttemptEvidence, type RoundEvidence } from "./verify/round-evidence.js";

export interface ApproveOptions extends SendSettings {
  roundId: bigint;
  /** Path of the member's own score file. */
  scoreFile: string;
  /** File that maps usernames of a leaderboard to model ids. */
  mapping?: string | undefined;
  /** Attempt to approve; the newest that is complete and not vetoed when left out. */
  attemptId?: number | undefined;
  /** Agree that stakes without a row of the score file are unscored, instead of refusing. */
  allowUnscored?: boolean | undefined;
}

/** What approve would do now. */
export interface ApprovePreview {
  round: RoundState;
  attempt: AttemptState;
  reportHash: string;
  /** What the member should know although all agrees. */
  warnings: string[];
  /** Scores that agree but for one millionth of log-loss, with the same outcomes. */
  rounded: number;
  /** Absent when the account has approved the report, or the round is resolved by it. */
  due?: PricedCall;
}

export interface ApproveResult {
  roundId: bigint;
  attemptId: number;
  reportHash: string;
  rounded: number;
  warnings: string[];
  approvals: bigint;
  quorum: bigint;
  /** Absent when there was nothing to do. */
  sent?: { hash: string; gasUsed: bigint };
}

/**
 * Recomputes a round from the chain and the member's own score file, and compares everything with what an attempt says;
 * sends nothing. The chain is read at a block that will stay.
 * @throws {ReportDiffers} for any difference, naming the first.
 * @throws {NumeraireError} with exit code 2 while there is nothing to approve.
 */
export async function previewApprove(context: Context, options: ApproveOptions): Promise<ApprovePreview> {
  const { committee, tournament } = context.suite;
  const signing = requireSigner(context);
  const account = await signing.signer.getAddress();
  const round = await readRound(tournament, options.roundId);
  const attempt = await chooseAttempt(context, round, options.attemptId);
  const reportHash = await tournament.reportHash(round.roundId, attempt.attemptId);
  const preview = { round, attempt, reportHash, warnings: [], rounded: 0 };
  if (round.status === "Resolved" || (await committee.hasApproved(reportHash, account))) return preview;
  await checkMember(signing, account);
  await checkTime(context, round);
  const agreed = await recompute(context, options, attempt);
  return {
    ...preview,
    ...agreed,
    due: await priceCall(signing, await approveCall(context, attempt, agreed.reportHash)),
  };
}

/**
 * Approves a report that agrees with the member's own score file. Nothing to do when it is approved already.
 * @param preview What {@link previewApprove} found, where it was asked before.
 * @throws {NumeraireError} for any difference, or when the transaction fails.
 */
export async function approve(
  context: Context,
  options: ApproveOptions,
  preview?: ApprovePreview,
): Promise<ApproveResult> {
  const { committee } = context.suite;
  const { round, attempt, reportHash, rounded, warnings, due } = preview ?? (await previewApprove(context, options));
  const signing = requireSigner(context);
  // The hash stands for every score, the cut and the attempt: what was compared is what is approved.
  const receipt =
    due &&
    (await withJournal(signing, { ...options, due: [due] }, (held) => approveNow(signing, held, { due, reportHash })));
  const [approvals, quorum] = await Promise.all([committee.approvals(reportHash), committee.quorum()]);
  return {
    roundId: round.roundId,
    attemptId: attempt.attemptId,
    reportHash,
    rounded,
    warnings,
    approvals,
    quorum,
    ...(receipt && { sent: { hash: receipt.hash, gasUsed: receipt.gasUsed } }),
  };
}

/** Looks again, now that nothing of the account is pending that could be the approval, and approves. */
async function approveNow(
  context: SigningContext,
  options: ApproveOptions,
  { due, reportHash }: { due: PricedCall; reportHash: string },
): Promise<TransactionReceipt | undefined> {
  if (await context.suite.committee.hasApproved(reportHash, await context.signer.getAddress())) return undefined;
  return send(context, due, due.step, options);
}

async function chooseAttempt(
  { suite: { tournament } }: Context,
  round: RoundState,
  wanted: number | undefined,
): Promise<AttemptState> {
  const name = `round ${round.roundId.toString()}`;
  const isResolved = round.status === "Resolved";
  if (round.status !== "Closed" && !isResolved) {
    throw new NumeraireError(`${name}: found ${round.status}, expected Closed`, {
      hint: "Reports are approved after the close and before the round is resolved or void; see status --round.",
    });
  }
  if (isResolved && wanted !== undefined && wanted !== round.resolvedAttempt) {
    throw new NumeraireError(`${name}: found it resolved by attempt ${round.resolvedAttempt}, expected it Closed`, {
      hint: "It is too late to approve another attempt; compare with verify --round and --scores.",
      exitCode: 2,
    });
  }
  const attempts = await readAttempts(tournament, round);
  const id = wanted ?? (isResolved ? round.resolvedAttempt : undefined);
  const chosen =
    id === undefined
      ? attempts.findLast(({ completedAt, vetoed }) => completedAt > 0 && !vetoed)
      : attempts.find(({ attemptId }) => attemptId === id);
  if (chosen === undefined) {
    const expected = id === undefined ? "a complete one that is not vetoed" : `one numbered ${id}`;
    throw new NumeraireError(`${name}: found ${plural(attempts.length, "attempt")}, expected ${expected}`, {
      hint: "See status --round; until every score of an attempt is posted there is nothing to approve.",
      exitCode: 2,
    });
  }
  requireAlive(name, chosen);
  return chosen;
}

function requireAlive(name: string, { attemptId, completedAt, vetoed }: AttemptState): void {
  if (vetoed) {
    throw new NumeraireError(`${name}: found attempt ${attemptId} vetoed, expected it alive`, {
      hint: "Find out why the guardian vetoed it; a member must plan and apply again.",
      exitCode: 2,
    });
  }
  if (completedAt === 0) {
    throw new NumeraireError(`${name}: found attempt ${attemptId} incomplete, expected every score posted`, {
      hint: "Wait until its proposer has posted the rest; see status --round.",
      exitCode: 2,
    });
  }
}

async function checkMember({ suite: { committee } }: SigningContext, account: string): Promise<void> {
  if (await committee.isMember(account)) return;
  throw new NumeraireError(`account ${account}: found no committee member, expected one`, {
    hint: "Use a member's account; status names the members. Anybody can compare with verify.",
  });
}

async function checkTime({ provider }: Context, { roundId, deadline }: RoundState): Promise<void> {
  const now = (await provider.getBlock("latest"))?.timestamp ?? 0;
  if (now <= deadline) return;
  throw new NumeraireError(
    `round ${roundId.toString()}: found ${new Date(now * 1000).toISOString()}, expected a time up to its deadline ${new Date(deadline * 1000).toISOString()}`,
    { hint: "It is too late to resolve the round: void it, and every stake goes back." },
  );
}

/** Everything that the chain and the member's file say, against what the attempt says. */
async function recompute(
  context: Context,
  options: ApproveOptions,
  { attemptId }: AttemptState,
): Promise<Pick<ApprovePreview, "reportHash" | "rounded" | "warnings">> {
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
  { roundId, scoreFile, mapping, allowUnscored = false }: ApproveOptions,
  { round, placed, blockNumber }: RoundEvidence,
  { attempt, chunks }: AttemptEvidence,
): Promise<ComparedFile> {
  const file = await readScoreFile(scoreFile, { roundId, ...(mapping === undefined ? {} : { mapping }) });
  const models = await readModels(context, blockNumber);
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

function refuse({ roundId, scoreFile }: ApproveOptions, attemptId: number, differences: readonly Difference[]): void {
  if (differences.length === 0) return;
  throw new ReportDiffers(`round ${roundId.toString()}, attempt ${attemptId}`, scoreFile, differences);
}

async function approveCall(
  { suite: { committee } }: Context,
  { attemptId }: AttemptState,
  reportHash: string,
): Promise<PlannedCall> {
  return {
    step: `approve attempt ${attemptId}, report ${reportHash}`,
    to: await committee.getAddress(),
    data: committee.interface.encodeFunctionData("approve", [reportHash]),
  };
}
