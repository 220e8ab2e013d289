import { NumeraireError } from "../../sdk/numeraire-error.js";
import { requireSigner, type Context, type SigningContext } from "../chain/context.js";
import type { PlannedCall } from "../chain/planned-call.js";
import { NOTHING_SETTLED, addAmounts, settledAmounts, type SettledAmounts } from "./settled-amounts.js";
import { readRound, readStakes, type RoundState } from "./round-state.js";
import { MAX_TRANSACTION_GAS, send, withJournal, type SendSettings } from "../chain/send.js";

/** Stakes a transaction: about 2.4 million gas. */
export const DEFAULT_BATCH = 100;
/** Gas of settling, an upper estimate for stakers who hold NMR already. */
const SETTLE_GAS = 60_000n;
const SETTLE_GAS_PER_STAKE = 30_000n;

export interface SettleOptions extends SendSettings {
  roundId: bigint;
  /** Most stakes a transaction. */
  batch?: number | undefined;
  /** Most batches of one run; all that are left when left out. */
  mostBatches?: number | undefined;
}

/** A range of stakes to settle in one transaction. */
export interface Batch {
  from: number;
  /** Place after the last. */
  to: number;
  /** Stakes in the range that are not settled yet. */
  unsettled: number;
}

export interface SettlePreview {
  round: RoundState;
  /** Empty when everything is settled. */
  batches: Batch[];
  /** Resolved rounds before this one with stakes left: settled later, they no longer raise this round's bonuses. */
  earlier: bigint[];
}

/** Everything that this run settled, and how. */
export interface SettleResult extends SettledAmounts {
  roundId: bigint;
  sent: ({ hash: string; gasUsed: bigint; from: number; to: number } & SettledAmounts)[];
}

/**
 * Finds what is left to settle; sends nothing.
 * @throws {NumeraireError} when the round is neither resolved nor void, or the batch is no positive number.
 */
export async function previewSettle(
  context: Context,
  { roundId, batch = DEFAULT_BATCH }: SettleOptions,
): Promise<SettlePreview> {
  const { tournament } = context.suite;
  if (!Number.isInteger(batch) || batch < 1) {
    throw new NumeraireError(`batch: found ${batch}, expected a whole number above zero`, {
      hint: `Leave it out for ${DEFAULT_BATCH} stakes a transaction.`,
    });
  }
  const round = await readRound(tournament, roundId);
  if (round.status !== "Resolved" && round.status !== "Void") {
    throw new NumeraireError(`round ${roundId.toString()}: found ${round.status}, expected Resolved or Void`, {
      hint: "A round can be settled once it is finalised or void; see status --round.",
      exitCode: 2,
    });
  }
  if (round.settledCount === round.stakeCount) return { round, batches: [], earlier: [] };
  const stakes = await readStakes(context, round);
  return {
    round,
    batches: batchesOf(
      stakes.map(({ amount }) => amount > 0n),
      batch,
    ),
    earlier: await unsettledBefore(tournament, round),
  };
}

/**
 * Settles every stake of a round that is not settled, for whoever is due; a second run sends nothing.
 * @throws {NumeraireError} when the round cannot be settled or a transaction fails.
 */
export async function settle(context: Context, options: SettleOptions): Promise<SettleResult> {
  const { batches } = await previewSettle(context, options);
  if (batches.length === 0) return { roundId: options.roundId, ...NOTHING_SETTLED, sent: [] };
  const signing = requireSigner(context);
  return withJournal(signing, options, (held) => settleAll(signing, held));
}

/** Looks again, now that nothing of the account is pending that could settle stakes, and settles. */
async function settleAll(context: SigningContext, options: SettleOptions): Promise<SettleResult> {
  const { roundId } = options;
  const { batches, round, earlier } = await previewSettle(context, options);
  if (earlier.length > 0) context.log.warn(earlierWarning(earlier));
  const sent: SettleResult["sent"] = [];
  const progress = context.log.progress("stakes settled", round.stakeCount);
  try {
    progress.step(round.settledCount);
    for (const { from, to, unsettled } of batches.slice(0, options.mostBatches)) {
      for (const part of await fitting(context, roundId, { from, to })) {
        const call = await settleCall(context, roundId, part);
        const receipt = await send(context, call, call.step, options);
        const { hash, gasUsed } = receipt;
        sent.push({ hash, gasUsed, ...part, ...settledAmounts(context.suite.tournament, receipt) });
      }
      progress.step(unsettled);
    }
  } finally {
    progress.stop();
  }
  return { roundId, ...sent.reduce<SettledAmounts>(addAmounts, NOTHING_SETTLED), sent };
}

/** The calls that settle batches, each within the gas limit of a transaction. */
export async function settleCalls(
  context: Context,
  roundId: bigint,
  batches: readonly Batch[],
): Promise<PlannedCall[]> {
  const calls: PlannedCall[] = [];
  for (const batch of batches) {
    for (const part of await fitting(context, roundId, batch)) calls.push(await settleCall(context, roundId, part));
  }
  return calls;
}

/** What an operator should know before settling a round out of order. */
export function earlierWarning(earlier: readonly bigint[]): string {
  return `resolved earlier and not wholly settled: round ${earlier.map(String).join(", ")}; settle in order, bonuses count only what is settled`;
}

/**
 * Cuts a round into ranges of at most `size` unsettled stakes each, that begin and end with one.
 * @param unsettled One a stake: whether it is unsettled.
 */
export function batchesOf(unsettled: readonly boolean[], size: number): Batch[] {
  const batches: Batch[] = [];
  let current: Batch | undefined;
  unsettled.forEach((open, index) => {
    if (!open) return;
    if (current === undefined || current.unsettled === size) {
      current = { from: index, to: index + 1, unsettled: 1 };
      batches.push(current);
    } else {
      current.to = index + 1;
      current.unsettled += 1;
    }
  });
  return batches;
}

/** Halves a range until each part fits the gas limit of a transaction. */
async function fitting(
  context: Context,
  roundId: bigint,
  range: { from: number; to: number },
): Promise<{ from: number; to: number }[]> {
  const { from, to } = range;
  if (to - from <= DEFAULT_BATCH) return [range];
  const { to: target, data } = await settleCall(context, roundId, range);
  // A node may refuse to estimate what is too much; another reason shows again with the small parts.
  const gas = await context.provider.estimateGas({ to: target, data }).catch(() => MAX_TRANSACTION_GAS);
  if (gas < (MAX_TRANSACTION_GAS * 4n) / 5n) return [range];
  const middle = from + Math.floor((to - from) / 2);
  const halves = [
    { from, to: middle },
    { from: middle, to },
  ];
  return (await Promise.all(halves.map((half) => fitting(context, roundId, half)))).flat();
}

async function settleCall(
  { suite: { tournament } }: Context,
  roundId: bigint,
  { from, to }: { from: number; to: number },
): Promise<PlannedCall> {
  return {
    step: `settle stakes ${from} to ${to - 1}`,
    to: await tournament.getAddress(),
    data: tournament.interface.encodeFunctionData("settle", [roundId, from, to]),
    gas: SETTLE_GAS + SETTLE_GAS_PER_STAKE * BigInt(to - from),
  };
}

async function unsettledBefore(tournament: Context["suite"]["tournament"], round: RoundState): Promise<bigint[]> {
  if (round.status !== "Resolved") return [];
  const found: bigint[] = [];
  const count = await tournament.roundCount();
  for (let roundId = 1n; roundId <= count; roundId += 1n) {
    const other = await readRound(tournament, roundId);
    if (other.status === "Resolved" && other.ordinal < round.ordinal && other.settledCount < other.stakeCount) {
      found.push(roundId);
    }
  }
  return found;
}
