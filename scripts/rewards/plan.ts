import { NumeraireError } from "../../sdk/numeraire-error.js";
import { rewardsTree, type Earned } from "../../sdk/rewards-tree.js";
import { formatNmr } from "../../sdk/units.js";
import type { Context } from "../chain/context.js";
import { lastBlockBefore } from "../chain/last-block-before.js";
import { pinBlock } from "../chain/pin-block.js";
import { describeDifference } from "./describe-difference.js";
import { addPayouts, checkPrevious, checkTree, sumOf } from "./check-week.js";
import { readLeaderboard, type Leaderboard } from "./leaderboard-file.js";
import { payOut } from "./pay-out.js";
import { readPayoutRule, type PayoutRule } from "./payout-rule.js";
import { readReputation } from "./reputation.js";
import { readRewards, showTime } from "./rewards-state.js";
import { readWeek, sorted, weekPath, writeWeek, type StoredWeek, type WeekFile } from "./week-file.js";

export interface PlanOptions {
  /** Path of the leaderboard. */
  leaderboard: string;
  /** Path of the payout rule; the default rule when left out. */
  rule?: string | undefined;
  /** Path of the week file of the live week; weeks/<n>.json when left out. */
  previous?: string | undefined;
  /** Where to write the week file; weeks/<n>.json when left out. */
  out?: string | undefined;
}

export interface PlanResult extends StoredWeek {
  /** Accounts that were not in the tree before. */
  newAccounts: number;
}

/**
 * Works out the next week from a leaderboard, a payout rule and the chain, and writes it down. The same input gives the
 * same bytes on every machine and at any time. Sends nothing and needs no key.
 * @throws {NumeraireError} when the week is not over, the week before is not the one that is live, nobody is paid, or
 * the week would add more than the budget.
 */
export async function plan(context: Context, options: PlanOptions): Promise<PlanResult> {
  const pinned = await pinBlock(context);
  const state = await readRewards(context, pinned.number);
  const week = state.lastWeek + 1n;
  const name = `week ${week.toString()}`;
  if (BigInt(pinned.timestamp) < state.nextDueAt) {
    throw new NumeraireError(
      `${name}: found block ${pinned.number} of ${showTime(BigInt(pinned.timestamp))}, expected one from ${showTime(state.nextDueAt)}, when the week is over`,
      { hint: "Wait until the week is over, and plan again.", exitCode: 2 },
    );
  }
  const leaderboard = await readLeaderboard(options.leaderboard);
  const rule = await readPayoutRule(options.rule);
  requireMeasured(rule, leaderboard);
  const before = await readEarned(state.lastWeek, options.previous);
  const block = await lastBlockBefore(context, Number(state.nextDueAt), pinned.number);
  const reputation = rule.reputation === undefined ? [] : await readReputation(context, block.number);
  const payouts = sorted(payOut(rule, leaderboard.competitors, reputation));
  const added = sumOf(payouts);
  requirePayouts(name, payouts, added, state.weeklyBudget);
  const earned = sorted(addPayouts(before, payouts));
  const file: WeekFile = {
    chainId: context.chainId,
    rewards: await context.suite.rewards.getAddress(),
    week,
    block,
    previous: { root: state.root, allocated: state.allocated },
    rule,
    leaderboard: { sha256: leaderboard.sha256, competitors: leaderboard.competitors },
    reputation,
    payouts,
    added,
    earned,
    root: rewardsTree(earned).root,
  };
  requireSound(name, file, before);
  const stored = await writeWeek(options.out ?? weekPath(week), file);
  return { ...stored, newAccounts: earned.size - before.size };
}

/**
 * What each account has earned by a week.
 * @param week The live week; 0 for none.
 * @param path Of its file, when it is not in its usual place.
 */
export async function readEarned(week: bigint, path: string | undefined): Promise<Earned> {
  return week === 0n ? new Map() : (await readWeek(path ?? weekPath(week))).file.earned;
}

function requireMeasured({ benchmark }: PayoutRule, { path, competitors }: Leaderboard): void {
  if (benchmark === undefined || competitors.every(({ logloss }) => logloss !== undefined)) return;
  throw new NumeraireError(`${path}: found no column live_logloss, expected it, since the rule has a benchmark`, {
    hint: "Add the log-losses, or pay by a rule without a benchmark.",
  });
}

function requirePayouts(name: string, payouts: Earned, added: bigint, budget: bigint): void {
  if (payouts.size === 0) {
    throw new NumeraireError(`${name}: found nobody to pay, expected at least one account`, {
      hint: "Look at the leaderboard and the benchmark of the rule; a week in which nobody earns anything needs no proposal.",
      exitCode: 2,
    });
  }
  if (added > budget) {
    throw new NumeraireError(
      `${name}: found payouts of ${formatNmr(added)} NMR, expected at most the weekly budget of ${formatNmr(budget)} NMR`,
      { hint: "Pay by a smaller rule, or let the admin raise the weekly budget first." },
    );
  }
}

/** What plan itself adds up cannot be wrong; what it adds to can. */
function requireSound(name: string, file: WeekFile, before: Earned): void {
  const [first] = [checkPrevious(file, before), checkTree(file, before)].flatMap((check) => check.differences);
  if (first === undefined) return;
  throw new NumeraireError(
    `${name}: the file of the week before is not the live week's: ${describeDifference(first)}`,
    {
      hint: "Give the file that the live week was proposed with as --previous.",
    },
  );
}
