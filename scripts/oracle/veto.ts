import { NumeraireError } from "../../sdk/numeraire-error.js";
import { requireSigner, type Context, type SigningContext } from "../chain/context.js";
import type { PlannedCall } from "../chain/planned-call.js";
import { priceCall, type PricedCall } from "../chain/price-call.js";
import { pageLogs } from "../chain/page-logs.js";
import { send, withJournal, type SendSettings } from "../chain/send.js";
import { plural } from "../terminal/plural.js";
import { readAttempts, type AttemptState } from "./attempt-state.js";
import { requireRole } from "./require-role.js";
import { readRound, type RoundState } from "./round-state.js";

export interface VetoOptions extends SendSettings {
  roundId: bigint;
  /** Attempt that must not resolve the round. */
  attemptId: number;
  /** Why, for everybody to read on chain. */
  reason: string;
}

/** What veto would do now. */
export interface VetoPreview {
  round: RoundState;
  /** Attempts that a veto kills now: all that were begun and are alive; empty when there is nothing to do. */
  attempts: AttemptState[];
  /** Vetoes that the round has left. */
  vetoesLeft: number;
  /** Absent when the attempt is vetoed already. */
  due?: PricedCall;
}

export interface VetoResult {
  roundId: bigint;
  attemptId: number;
  /** Attempts that this veto killed. */
  vetoed: number[];
  vetoesLeft: number;
  /** Last second in which the round can be resolved now, in Unix seconds. */
  deadline: number;
  /** Absent when the attempt was vetoed already. */
  sent?: { hash: string; gasUsed: bigint };
}

/**
 * Finds what a veto would kill, and whether the account may; sends nothing.
 * @throws {NumeraireError} when the round or attempt cannot be vetoed, the account may not, or no veto is left.
 */
export async function previewVeto(context: Context, { roundId, attemptId, reason }: VetoOptions): Promise<VetoPreview> {
  const { tournament } = context.suite;
  const round = await readRound(tournament, roundId);
  const name = `round ${roundId.toString()}`;
  if (round.status !== "Closed") {
    throw new NumeraireError(`${name}: found ${round.status}, expected Closed`, {
      hint: "Attempts can be vetoed from the close of a round until it is resolved or void; see status --round.",
    });
  }
  const attempts = await readAttempts(tournament, round);
  const attempt = attempts[attemptId - 1];
  if (attempt === undefined) {
    throw new NumeraireError(
      `${name}: found ${plural(round.attemptCount, "attempt")}, expected one numbered ${attemptId}`,
      {
        hint: "List them with status --round.",
      },
    );
  }
  const vetoesLeft = await readVetoesLeft(context, roundId);
  if (attempt.vetoed) return { round, attempts: [], vetoesLeft };
  await checkTime(context, round);
  if (vetoesLeft === 0) {
    throw new NumeraireError(`${name}: found no veto left, expected one`, {
      hint: "The round's vetoes are used up: the committee's admin can remove members, and others can revoke approvals.",
      exitCode: 2,
    });
  }
  const signing = requireSigner(context);
  const call = await vetoCall(context, roundId, reason);
  await requireRole(signing, call, "veto", "the guardian");
  return {
    round,
    attempts: attempts.filter(({ vetoed }) => !vetoed),
    vetoesLeft,
    due: await priceCall(signing, call),
  };
}

/**
 * Kills every attempt begun so far; another can follow. Nothing to do when the attempt is vetoed already.
 * @throws {NumeraireError} when it cannot be vetoed by the account, or the transaction fails.
 */
export async function veto(context: Context, options: VetoOptions): Promise<VetoResult> {
  const { due, ...found } = await previewVeto(context, options);
  if (due === undefined) return resultOf(options, found);
  const signing = requireSigner(context);
  return withJournal(signing, { ...options, due: [due] }, (held) => vetoNow(signing, held));
}

/** Looks again, now that nothing of the account is pending that could be a veto, and vetoes. */
async function vetoNow(context: SigningContext, options: VetoOptions): Promise<VetoResult> {
  const { due, ...found } = await previewVeto(context, options);
  if (due === undefined) return resultOf(options, found);
  const { hash, gasUsed } = await send(context, due, due.step, options);
  return {
    ...resultOf(options, found),
    vetoed: found.attempts.map((one) => one.attemptId),
    vetoesLeft: found.vetoesLeft - 1,
    deadline: (await readRound(context.suite.tournament, options.roundId)).deadline,
    sent: { hash, gasUsed },
  };
}

/** Of an attempt that is vetoed already. */
function resultOf({ roundId, attemptId }: VetoOptions, { round, vetoesLeft }: VetoPreview): VetoResult {
  return { roundId, attemptId, vetoed: [], vetoesLeft, deadline: round.deadline };
}

async function checkTime({ provider }: Context, { roundId, deadline }: RoundState): Promise<void> {
  const now = (await provider.getBlock("latest"))?.timestamp ?? 0;
  if (now <= deadline) return;
  throw new NumeraireError(
    `round ${roundId.toString()}: found ${new Date(now * 1000).toISOString()}, expected a time up to its deadline ${new Date(deadline * 1000).toISOString()}`,
    { hint: "No attempt can resolve it any more: void it, and every stake goes back." },
  );
}

async function readVetoesLeft(
  { fromBlock, provider, suite: { tournament } }: Context,
  roundId: bigint,
): Promise<number> {
  const range = { from: fromBlock, to: await provider.getBlockNumber() };
  const filter = tournament.filters.AttemptsVetoed(roundId);
  const vetoes = await pageLogs((from, to) => tournament.queryFilter(filter, from, to), range);
  return Number(await tournament.MAX_VETOES()) - vetoes.length;
}

async function vetoCall({ suite: { tournament } }: Context, roundId: bigint, reason: string): Promise<PlannedCall> {
  return {
    step: `veto the attempts of round ${roundId.toString()}`,
    to: await tournament.getAddress(),
    data: tournament.interface.encodeFunctionData("veto", [roundId, reason]),
  };
}
