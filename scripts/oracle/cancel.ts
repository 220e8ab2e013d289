import { NumeraireError } from "../../sdk/numeraire-error.js";
import { requireSigner, type Context, type SigningContext } from "../chain/context.js";
import type { PlannedCall } from "../chain/planned-call.js";
import { priceCall, type PricedCall } from "../chain/price-call.js";
import { send, withJournal, type SendSettings } from "../chain/send.js";
import { requireRole } from "./require-role.js";
import { readRound, type RoundState } from "./round-state.js";

export interface CancelOptions extends SendSettings {
  roundId: bigint;
}

/** What cancel would do now. */
export interface CancelPreview {
  round: RoundState;
  /** Absent when the round is void already. */
  due?: PricedCall;
}

export interface CancelResult {
  roundId: bigint;
  /** Stakes that go back whole. */
  stakeCount: number;
  /** NMR that goes back to the stakers, in wei. */
  totalStaked: bigint;
  /** Absent when the round was void already. */
  sent?: { hash: string; gasUsed: bigint };
}

/**
 * Finds whether the account can cancel a round; sends nothing.
 * @throws {NumeraireError} when the round is not open any more, or the account is not the guardian's.
 */
export async function previewCancel(context: Context, { roundId }: CancelOptions): Promise<CancelPreview> {
  const round = await readRound(context.suite.tournament, roundId);
  if (round.status === "Void") return { round };
  if (round.status !== "Open") {
    throw new NumeraireError(`round ${roundId.toString()}: found ${round.status}, expected Open`, {
      hint: "Only an open round can be cancelled; attempts to score a closed one can be vetoed.",
    });
  }
  const signing = requireSigner(context);
  const call = await cancelCall(context, roundId);
  await requireRole(signing, call, "cancel rounds", "the guardian");
  return { round, due: await priceCall(signing, call) };
}

/**
 * Ends an open round: every stake and contribution goes back. Nothing to do when it is void already.
 * @throws {NumeraireError} when the round cannot be cancelled by the account, or the transaction fails.
 */
export async function cancel(context: Context, options: CancelOptions): Promise<CancelResult> {
  const { round, due } = await previewCancel(context, options);
  if (due === undefined) return resultOf(round);
  const signing = requireSigner(context);
  return withJournal(signing, { ...options, due: [due] }, (held) => cancelNow(signing, held));
}

/** Looks again, now that nothing of the account is pending that could cancel the round, and cancels it. */
async function cancelNow(context: SigningContext, options: CancelOptions): Promise<CancelResult> {
  const { round, due } = await previewCancel(context, options);
  if (due === undefined) return resultOf(round);
  const { hash, gasUsed } = await send(context, due, due.step, options);
  // Somebody may have staked in the meantime.
  const ended = await readRound(context.suite.tournament, round.roundId);
  return { ...resultOf(ended), sent: { hash, gasUsed } };
}

function resultOf({ roundId, stakeCount, totalStaked }: RoundState): CancelResult {
  return { roundId, stakeCount, totalStaked };
}

async function cancelCall({ suite: { tournament } }: Context, roundId: bigint): Promise<PlannedCall> {
  return {
    step: `cancel round ${roundId.toString()}`,
    to: await tournament.getAddress(),
    data: tournament.interface.encodeFunctionData("cancelRound", [roundId]),
  };
}
