import { NumeraireError } from "../../sdk/numeraire-error.js";
import { requireSigner, type Context, type SigningContext } from "../chain/context.js";
import type { PlannedCall } from "../chain/planned-call.js";
import { priceCall, type PricedCall } from "../chain/price-call.js";
import { send, withJournal, type SendSettings } from "../chain/send.js";
import { plural } from "../terminal/plural.js";
import { readRemainder, type Remainder } from "./remainder.js";
import { readRound } from "./round-state.js";

export interface SweepOptions extends SendSettings {
  roundId: bigint;
}

/** What sweep would do now. */
export interface SweepPreview extends Remainder {
  roundId: bigint;
  treasury: string;
  /** Absent when nothing is left, or it was swept already. */
  due?: PricedCall;
}

export interface SweepResult extends Remainder {
  roundId: bigint;
  treasury: string;
  /** Absent when there was nothing to sweep. */
  sent?: { hash: string; gasUsed: bigint };
}

/**
 * Finds what is left of a resolved round's pools; sends nothing.
 * @throws {NumeraireError} with exit code 2 while the round is not resolved or not wholly settled.
 */
export async function previewSweep(context: Context, { roundId }: SweepOptions): Promise<SweepPreview> {
  const { tournament } = context.suite;
  const round = await readRound(tournament, roundId);
  const name = `round ${roundId.toString()}`;
  if (round.status === "Void") {
    throw new NumeraireError(`${name}: found Void, expected Resolved`, {
      hint: "The pools of a void round go back to their sponsors: each calls reclaimPrize and reclaimBonus.",
    });
  }
  if (round.status !== "Resolved") {
    throw new NumeraireError(`${name}: found ${round.status}, expected Resolved`, {
      hint: "Something is left only once a round is finalised and settled; see status --round.",
      exitCode: 2,
    });
  }
  if (round.settledCount < round.stakeCount) {
    throw new NumeraireError(
      `${name}: found ${round.settledCount} of ${plural(round.stakeCount, "stake")} settled, expected all`,
      { hint: "Settle the round first.", exitCode: 2 },
    );
  }
  const left = await readRemainder(context, round);
  const preview = { roundId, ...left, treasury: await tournament.treasury() };
  if (left.etherAmount === 0n && left.bonusAmount === 0n) return preview;
  return { ...preview, due: await priceCall(context, await sweepCall(context, roundId)) };
}

/**
 * Sends what is left of a resolved round's pools to the treasury. Nothing to do when nothing is left.
 * @throws {NumeraireError} while the round cannot be swept, or when the transaction fails.
 */
export async function sweep(context: Context, options: SweepOptions): Promise<SweepResult> {
  const { due, ...found } = await previewSweep(context, options);
  if (due === undefined) return found;
  const signing = requireSigner(context);
  return withJournal(signing, options, (held) => sweepNow(signing, held));
}

/** Looks again, now that nothing of the account is pending that could sweep the round, and sweeps it. */
async function sweepNow(context: SigningContext, options: SweepOptions): Promise<SweepResult> {
  const { due, ...found } = await previewSweep(context, options);
  if (due === undefined) return found;
  const { hash, gasUsed } = await send(context, due, due.step, options);
  return { ...found, sent: { hash, gasUsed } };
}

async function sweepCall({ suite: { tournament } }: Context, roundId: bigint): Promise<PlannedCall> {
  return {
    step: `sweep round ${roundId.toString()}`,
    to: await tournament.getAddress(),
    data: tournament.interface.encodeFunctionData("sweepRemainder", [roundId]),
  };
}
