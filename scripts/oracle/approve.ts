import type { TransactionReceipt } from "ethers";

import { NumeraireError } from "../../sdk/numeraire-error.js";
import { requireSigner, type Context, type SigningContext } from "../chain/context.js";
import type { PlannedCall } from "../chain/planned-call.js";
import { priceCall, type PricedCall } from "../chain/price-call.js";
import { send, withJournal, type SendSettings } from "../chain/send.js";
import { plural } from "../terminal/plural.js";
import { readAttempt, readAttempts, type AttemptState } from "./attempt-state.js";
import { checkReport, type OwnScores } from "./check-report.js";
import { readRound, type RoundState } from "./round-state.js";

export interface ApproveOptions extends SendSettings, OwnScores {
  /** Attempt to approve; the newest that is complete and not vetoed when left out. */
  attemptId?: number | undefined;
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
  const agreed = await checkReport(context, options, attempt.attemptId);
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
    (await withJournal(signing, { ...options, due: [due] }, (held) =>
      approveNow(signing, held, { round, attempt, due, reportHash }),
    ));
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
  {
    round: { roundId },
    attempt,
    due,
    reportHash,
  }: Pick<ApprovePreview, "round" | "attempt" | "reportHash"> & { due: PricedCall },
): Promise<TransactionReceipt | undefined> {
  const { committee, tournament } = context.suite;
  if (await committee.hasApproved(reportHash, await context.signer.getAddress())) return undefined;
  // Recomputing takes its time, and what was sent before may have had to be waited for.
  requireAlive(`round ${roundId.toString()}`, await readAttempt(tournament, roundId, attempt.attemptId));
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
