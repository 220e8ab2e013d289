import { ZeroAddress } from "ethers";

import type { Context } from "../chain/context.js";
import { pageLogs } from "../chain/page-logs.js";
import { differences, type Check, type Comparison, type Difference } from "../oracle/verify/check.js";
import { checkWeek } from "./check-week.js";
import { readLeaderboard } from "./leaderboard-file.js";
import type { Competitor } from "./pay-out.js";
import { readEarned } from "./plan.js";
import { plainRule, readPayoutRule } from "./payout-rule.js";
import { readReputation } from "./reputation.js";
import {
  readActivation,
  readOpenProposals,
  readProposal,
  readRewards,
  chainTime,
  isOpen,
  weekEnd,
  type ProposalState,
} from "./rewards-state.js";
import { checkWeekBlock } from "./week-block.js";
import { NO_ROOT, readWeek, type StoredWeek, type WeekFile } from "./week-file.js";

export interface VerifyOptions {
  /** Path of the week file. */
  plan: string;
  /** Path of the file of the week before; weeks/<n>.json when left out. */
  previous?: string | undefined;
  /** Path of the verifier's own leaderboard; that of the file is taken when left out. */
  leaderboard?: string | undefined;
  /** Path of the payout rule that the verifier expects; the default rule when left out. */
  rule?: string | undefined;
}

export interface VerifyResult {
  /** Whether all agrees. */
  ok: boolean;
  week: bigint;
  root: string;
  sha256: string;
  /** Proposals of this very file, oldest first. */
  proposals: ProposalState[];
  checks: Check[];
  /** Those of all checks. */
  differences: Difference[];
}

/**
 * Recomputes a week from its file, the file of the week before and the chain, and compares it with what is proposed or
 * live. Needs no key.
 * @throws {NumeraireError} when a file cannot be read.
 */
export async function verify(context: Context, options: VerifyOptions): Promise<VerifyResult> {
  const stored = await readWeek(options.plan);
  const { file, sha256 } = stored;
  const before = await readEarned(file.week - 1n, options.previous);
  const checks = [...checkWeek(file, before), await checkOrigin(context, file), await checkLiveBefore(context, file)];
  checks.push(await checkRule(file, options.rule));
  if (options.leaderboard !== undefined) checks.push(await checkLeaderboard(file, options.leaderboard));
  checks.push(await checkReputation(context, file));
  const { check, proposals } = await checkProposals(context, stored);
  checks.push(check, await checkBooks(context, file));
  const found = checks.flatMap((one) => one.differences);
  return { ok: found.length === 0, week: file.week, root: file.root, sha256, proposals, checks, differences: found };
}

async function checkOrigin(context: Context, { chainId, rewards, week, block }: WeekFile): Promise<Check> {
  const end = weekEnd(await readRewards(context), week);
  return {
    name: "origin",
    detail: `chain, contract and block ${block.number}, the week's last`,
    differences: [
      ...differences([
        ["chain id", context.chainId, chainId],
        ["WeeklyRewards", await context.suite.rewards.getAddress(), rewards],
      ]),
      ...(await checkWeekBlock(context, block, end)),
    ],
  };
}

/** Who plans a week must not choose what it pays by. */
async function checkRule({ rule }: WeekFile, path: string | undefined): Promise<Check> {
  const shown = (value: unknown): string => (value === undefined ? "none" : JSON.stringify(value));
  const [theirs, ours] = [plainRule(rule), plainRule(await readPayoutRule(path))];
  const fields = new Set([...Object.keys(ours), ...Object.keys(theirs)]);
  const comparisons = [...fields].map((field): Comparison => [
    `payout rule: ${field}`,
    shown(theirs[field]),
    shown(ours[field]),
  ]);
  return { name: "rule", detail: `against ${path ?? "the default rule"}`, differences: differences(comparisons) };
}

/** Files can agree with each other and not with the chain: the week must follow the one that was live. */
async function checkLiveBefore(context: Context, { week, previous }: WeekFile): Promise<Check> {
  const first = { root: NO_ROOT, allocated: 0n };
  const live = week === 1n ? first : await readActivation(context, week - 1n);
  return {
    name: "live before",
    detail: `week ${(week - 1n).toString()} as the chain has it`,
    differences: differences([
      ["root that was live", previous.root, live?.root ?? "none"],
      ["NMR that was allocated", previous.allocated, live?.allocated ?? 0n, "NMR"],
    ]),
  };
}

async function checkLeaderboard({ leaderboard }: WeekFile, path: string): Promise<Check> {
  const own = await readLeaderboard(path);
  const shown = (one: Competitor | undefined): string =>
    one === undefined ? "absent" : `rank ${one.rank ?? "-"}, log-loss ${one.logloss?.toString() ?? "-"} e-18`;
  const [theirs, ours] = [leaderboard.competitors, own.competitors].map(
    (list) => new Map(list.map((one) => [one.account, one])),
  );
  const accounts = new Set([...(ours?.keys() ?? []), ...(theirs?.keys() ?? [])]);
  const comparisons = [...accounts].map((account): Comparison => [
    `${account}: leaderboard`,
    shown(theirs?.get(account)),
    shown(ours?.get(account)),
  ]);
  return {
    name: "leaderboard",
    detail: `${ours?.size ?? 0} accounts, against ${path}`,
    differences: differences(comparisons),
  };
}

async function checkReputation(context: Context, { rule, reputation, block }: WeekFile): Promise<Check> {
  const shown = (one: { account: string; reputation: bigint } | undefined): string =>
    one === undefined ? "none" : `${one.reputation.toString()} for ${one.account}`;
  const theirs = new Map(reputation.map((one) => [one.modelId, one]));
  const models = rule.reputation === undefined ? [] : await readReputation(context, block.number);
  const ours = new Map(models.map((one) => [one.modelId, one]));
  const comparisons = [...new Set([...ours.keys(), ...theirs.keys()])].map((modelId): Comparison => [
    `model ${modelId.toString()}: reputation`,
    shown(theirs.get(modelId)),
    shown(ours.get(modelId)),
  ]);
  return {
    name: "reputation",
    detail: rule.reputation === undefined ? "not paid for" : `${ours.size} models, as of block ${block.number}`,
    differences: differences(comparisons),
  };
}

/** A proposal of the week, open or live, must be of this file. */
async function checkProposals(
  context: Context,
  { file, sha256 }: StoredWeek,
): Promise<{ check: Check; proposals: ProposalState[] }> {
  const state = await readRewards(context);
  const name = `week ${file.week.toString()}`;
  const isOfFile = ({ week, root, added, evidenceHash }: ProposalState): boolean =>
    week === file.week && root === file.root && added === file.added && evidenceHash === sha256;
  if (file.week > state.lastWeek) {
    const open = (await readOpenProposals(context, state)).filter((one) => one.week === file.week && isOpen(one));
    const proposals = open.filter(isOfFile);
    const others = open.filter((proposal) => !isOfFile(proposal));
    const detail = `${name} is not live: ${proposals.length} of ${open.length} open proposals are of this file`;
    const found = proposals.length === 0 ? others.flatMap((proposal) => compare(proposal, file, sha256)) : [];
    return { check: { name: "proposals", detail, differences: found }, proposals };
  }
  const activated = (await readActivation(context, file.week))?.proposalId;
  const live =
    activated === undefined ? undefined : await readProposal(context, state, activated, await chainTime(context));
  return {
    check: {
      name: "proposals",
      detail: `${name} was activated by proposal ${live?.proposalId.toString() ?? "?"}`,
      differences: live === undefined ? [] : compare(live, file, sha256),
    },
    proposals: live !== undefined && isOfFile(live) ? [live] : [],
  };
}

function compare(proposal: ProposalState, file: WeekFile, sha256: string): Difference[] {
  const name = `proposal ${proposal.proposalId.toString()}`;
  return differences([
    [`${name}: root`, proposal.root, file.root],
    [`${name}: NMR added`, proposal.added, file.added, "NMR"],
    [`${name}: evidence hash`, proposal.evidenceHash, sha256],
  ]);
}

/** What is allocated was minted and is there, and nobody claimed more than the leaves say. */
async function checkBooks(context: Context, file: WeekFile): Promise<Check> {
  const { nmr, rewards } = context.suite;
  const to = await context.provider.getBlockNumber();
  const range = { from: context.fromBlock, to };
  const state = await readRewards(context, to);
  const [weeks, claims, mints, held] = await Promise.all([
    pageLogs((from, until) => rewards.queryFilter(rewards.filters.WeekActivated(), from, until), range),
    pageLogs((from, until) => rewards.queryFilter(rewards.filters.RewardClaimed(), from, until), range),
    pageLogs((from, until) => nmr.queryFilter(nmr.filters.Transfer(ZeroAddress, rewards), from, until), range),
    nmr.balanceOf(rewards, { blockTag: to }),
  ]);
  const claimed = new Map(claims.map(({ args }) => [args.account, args.cumulative]));
  const isNewest = file.week >= state.lastWeek;
  const tooMuch = isNewest ? [...claimed].filter(([account, amount]) => amount > (file.earned.get(account) ?? 0n)) : [];
  const due = state.allocated - state.totalClaimed;
  return {
    name: "books",
    detail: `${weeks.length} weeks minted, ${claims.length} claims`,
    differences: [
      ...tooMuch.flatMap(([account, amount]) =>
        differences([[`${account}: claimed, at most its leaf`, amount, file.earned.get(account) ?? 0n, "NMR"]]),
      ),
      ...differences([
        ["W1: NMR held, at least what is allocated and not claimed", held < due ? held : due, due, "NMR"],
        ["W3: allocated", state.allocated, weeks.reduce((sum, { args }) => sum + args.added, 0n), "NMR"],
        ["W3: minted", mints.reduce((sum, { args }) => sum + args.value, 0n), state.allocated, "NMR"],
        ["W3: claimed", state.totalClaimed, claims.reduce((sum, { args }) => sum + args.amount, 0n), "NMR"],
      ]),
    ],
  };
}
