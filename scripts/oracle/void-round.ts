import { NumeraireError } from "../../sdk/numeraire-error.js";
import { requireSigner, type Context, type SigningContext } from "../chain/context.js";
import type { PlannedCall } from "../chain/planned-call.js";
import { priceCall, type PricedCall } from "../chain/price-call.js";
import { send, withJournal, type SendSettings } from "../chain/send.js";
import { readRound, type RoundState } from "./round-state.js";

export interface VoidOptions extends SendSettings {
  roundId: bigint;
}

/** What void would do now. */
export interface VoidPreview {
  round: RoundState;
  /** Absent when the round is void already. */
  due?: PricedCall;
}

export interface VoidResult {
  roundId: bigint;
  /** Stakes that go back whole. */
  stakeCount: number;
  /** NMR that goes back to the stakers, in wei. */
  totalStaked: bigint;
  /** Absent when the round was void already. */
  sent?: { hash: string; gasUsed: bigint };
}

/**
 * Finds whether a round can be voided: its deadline has passed, or it closed without a stake. Sends nothing.
 * @throws {NumeraireError} with exit code 2 while it can still be resolved.
 */
export async function previewVoid(context: Context, { roundId }: VoidOptions): Promise<VoidPreview> {
  const { provider, suite } = context;
  const round = await readRound(suite.tournament, roundId);
  const name = `round ${roundId.toString()}`;
  if (round.status === "Void") return { round };
  if (round.status === "Open") {
    throw new NumeraireError(`${name}: found Open, expected Closed and past its deadline`, {
      hint: "Only the guardian can end an open round, with cancel.",
      exitCode: 2,
    });
  }
  if (round.status !== "Closed") {
    throw new NumeraireError(`${name}: found ${round.status}, expected Closed`, {
      hint: "A resolved round stays resolved: settle it.",
    });
  }
  // The next block may be the first after the deadline: its time is not known, the clock's is close.
  const now = Math.max((await provider.getBlock("latest"))?.timestamp ?? 0, Math.floor(Date.now() / 1000));
  if (round.stakeCount > 0 && now <= round.deadline) {
    throw new NumeraireError(
      `${name}: found ${new Date(now * 1000).toISOString()}, expected a time after its deadline ${new Date(round.deadline * 1000).toISOString()}`,
      { hint: "Until then it can still be resolved; see status --round.", exitCode: 2 },
    );
  }
  return { round, due: await priceCall(context, await voidCall(context, roundId)) };
}

/**
 * Voids a round that was not resolved in time or that nobody staked on: every stake and contribution goes back.
 * Nothing to do when it is void already.
 * @throws {NumeraireError} while it cannot be voided, or when the transaction fails.
 */
export async function voidRound(context: Context, options: VoidOptions): Promise<VoidResult> {
  const { round, due } = await previewVoid(context, options);
  if (due === undefined) return resultOf(round);
  const signing = requireSigner(context);
  return withJournal(signing, options, (held) => voidNow(signing, held));
}

/** Looks again, now that nothing of the account is pending that could void the round, and voids it. */
async function voidNow(context: SigningContext, options: VoidOptions): Promise<VoidResult> {
  const { round, due } = await previewVoid(context, options);
  if (due === undefined) return resultOf(round);
  const { hash, gasUsed } = await send(context, due, due.step, options);
  return { ...resultOf(round), sent: { hash, gasUsed } };
}

function resultOf({ roundId, stakeCount, totalStaked }: RoundState): VoidResult {
  return { roundId, stakeCount, totalStaked };
}

async function voidCall({ suite: { tournament } }: Context, roundId: bigint): Promise<PlannedCall> {
  return {
    step: `void round ${roundId.toString()}`,
    to: await tournament.getAddress(),
    data: tournament.interface.encodeFunctionData("voidRound", [roundId]),
  };
}
