import { NumeraireError } from "../../sdk/numeraire-error.js";
import { readAttempts, type AttemptState } from "./attempt-state.js";
import { requireSigner, type Context, type SigningContext } from "../chain/context.js";
import type { PlannedCall } from "../chain/planned-call.js";
import { plural } from "../terminal/plural.js";
import { readRound, type RoundState } from "./round-state.js";
import { send, withJournal, type SendSettings } from "../chain/send.js";

export interface FinalizeOptions extends SendSettings {
  roundId: bigint;
  /** Attempt to resolve the round by; the newest that the committee approved when left out. */
  attemptId?: number | undefined;
}

/** What finalize would do now. */
export interface FinalizePreview {
  round: RoundState;
  /** Absent when the round is resolved already. */
  attempt?: AttemptState;
}

export interface FinalizeResult {
  roundId: bigint;
  attemptId: number;
  ordinal: number;
  /** NMR destroyed, in wei. */
  burned: bigint;
  /** Absent when the round was resolved already. */
  sent?: { hash: string; gasUsed: bigint };
}

/**
 * Finds the attempt that can resolve a round; sends nothing.
 * @throws {NumeraireError} with exit code 2 while approvals or the challenge period are outstanding.
 */
export async function previewFinalize(
  { provider, suite: { committee, tournament } }: Context,
  { roundId, attemptId }: FinalizeOptions,
): Promise<FinalizePreview> {
  const round = await readRound(tournament, roundId);
  const name = `round ${roundId.toString()}`;
  if (round.status === "Resolved") return { round };
  if (round.status !== "Closed") {
    throw new NumeraireError(`${name}: found ${round.status}, expected Closed`, {
      hint: "Only a closed round with approved scores can be finalised; see status --round.",
    });
  }
  const attempts = await readAttempts(tournament, round);
  const complete = attempts.filter(
    (one) => one.completedAt > 0 && !one.vetoed && (attemptId === undefined || one.attemptId === attemptId),
  );
  if (complete.length === 0) {
    throw new NumeraireError(`${name}: found no complete attempt that is not vetoed, expected one`, {
      hint: "A committee member must plan and apply first; see status --round.",
      exitCode: 2,
    });
  }
  const quorum = await committee.quorum();
  const approvals = await Promise.all(
    complete.map(async (one) => committee.approvals(await tournament.reportHash(roundId, one.attemptId))),
  );
  const attempt = complete.findLast((_, i) => (approvals[i] ?? 0n) >= quorum);
  if (attempt === undefined) {
    const found = complete
      .map((one, i) => `attempt ${one.attemptId} with ${plural(approvals[i] ?? 0n, "approval")}`)
      .join(", ");
    throw new NumeraireError(`${name}: found ${found}, expected ${quorum.toString()}`, {
      hint: "More committee members must verify and approve the report.",
      exitCode: 2,
    });
  }
  const block = await provider.getBlock("latest");
  const endsAt = attempt.completedAt + round.terms.challengePeriod;
  // The next block may be the first after the challenge period: its time is not known, the clock's is close.
  const now = Math.max(block?.timestamp ?? 0, Math.floor(Date.now() / 1000));
  if (now < endsAt) {
    throw new NumeraireError(
      `${name}: found the challenge period running until ${new Date(endsAt * 1000).toISOString()}`,
      {
        hint: "Wait until then, and finalize.",
        exitCode: 2,
      },
    );
  }
  return { round, attempt };
}

/**
 * Resolves a round by an approved attempt. Nothing to do when it is resolved already.
 * @throws {NumeraireError} while the round cannot be finalised, or when the transaction fails.
 */
export async function finalize(context: Context, options: FinalizeOptions): Promise<FinalizeResult> {
  const { round, attempt } = await previewFinalize(context, options);
  if (attempt === undefined) return resultOf(context, round);
  const signing = requireSigner(context);
  const due = [await finalizeCall(context, options.roundId, attempt.attemptId)];
  return withJournal(signing, { ...options, due }, (held) => finalizeNow(signing, held));
}

/** Looks again, now that nothing of the account is pending that could resolve the round, and resolves it. */
async function finalizeNow(context: SigningContext, options: FinalizeOptions): Promise<FinalizeResult> {
  const { roundId } = options;
  const { round, attempt } = await previewFinalize(context, options);
  if (attempt === undefined) return resultOf(context, round);
  const call = await finalizeCall(context, roundId, attempt.attemptId);
  const { hash, gasUsed } = await send(context, call, call.step, options);
  context.log.info(`round ${roundId.toString()} resolved: ${hash}, ${gasUsed.toString()} gas`);
  const result = await resultOf(context, await readRound(context.suite.tournament, roundId));
  return { ...result, sent: { hash, gasUsed } };
}

/** Resolves a round by one of its attempts. */
export async function finalizeCall(
  { suite: { tournament } }: Context,
  roundId: bigint,
  attemptId: number,
): Promise<PlannedCall> {
  return {
    step: `finalize round ${roundId.toString()} by attempt ${attemptId}`,
    to: await tournament.getAddress(),
    data: tournament.interface.encodeFunctionData("finalize", [roundId, attemptId]),
  };
}

async function resultOf({ suite: { tournament } }: Context, round: RoundState): Promise<FinalizeResult> {
  const { roundId, resolvedAttempt: attemptId, ordinal } = round;
  const { burned } = await tournament.getAttempt(roundId, attemptId);
  return { roundId, attemptId, ordinal, burned };
}
