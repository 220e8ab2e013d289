import type { Context } from "../chain/context.js";
import { pageLogs } from "../chain/page-logs.js";

const WEEK_SECONDS = 7n * 86_400n;

/** What WeeklyRewards says of itself. Amounts in wei, times in Unix seconds. */
export interface RewardsState {
  /** Newest week that is live; 0 before the first. */
  lastWeek: bigint;
  root: string;
  allocated: bigint;
  totalClaimed: bigint;
  weeklyBudget: bigint;
  /** When the next week is over and may be proposed. */
  nextDueAt: bigint;
  proposalCount: bigint;
  vetoedCount: bigint;
  challengePeriod: bigint;
  proposalLifetime: bigint;
}

/** Where a proposal stands. Overtaken: another one is the week's. */
export type ProposalStage = "challenge" | "ready" | "vetoed" | "expired" | "overtaken" | "live";

export interface ProposalState {
  proposalId: bigint;
  proposer: string;
  week: bigint;
  /** NMR, in wei. */
  added: bigint;
  root: string;
  evidenceHash: string;
  reportHash: string;
  approvals: bigint;
  stage: ProposalStage;
  /** Unix seconds between which it can be activated, if the committee approves. */
  from: bigint;
  until: bigint;
}

/** Whether a proposal can still become live. */
export function isOpen({ stage }: ProposalState): boolean {
  return stage === "challenge" || stage === "ready";
}

/** Reads the state of WeeklyRewards at a block, or now. */
export async function readRewards({ suite: { rewards } }: Context, blockTag?: number): Promise<RewardsState> {
  const at = blockTag === undefined ? {} : { blockTag };
  const [lastWeek, root, allocated, totalClaimed, weeklyBudget, deployedAt, proposalCount, vetoedCount] =
    await Promise.all([
      rewards.lastWeek(at),
      rewards.root(at),
      rewards.allocated(at),
      rewards.totalClaimed(at),
      rewards.weeklyBudget(at),
      rewards.DEPLOYED_AT(at),
      rewards.proposalCount(at),
      rewards.vetoedCount(at),
    ]);
  const [challengePeriod, proposalLifetime] = await Promise.all([
    rewards.CHALLENGE_PERIOD(at),
    rewards.PROPOSAL_LIFETIME(at),
  ]);
  const nextDueAt = deployedAt + (lastWeek + 1n) * WEEK_SECONDS;
  const counts = { proposalCount, vetoedCount, challengePeriod, proposalLifetime };
  return { lastWeek, root, allocated, totalClaimed, weeklyBudget, nextDueAt, ...counts };
}

/** When a week is over, in Unix seconds. */
export function weekEnd({ lastWeek, nextDueAt }: RewardsState, week: bigint): bigint {
  return nextDueAt + (week - lastWeek - 1n) * WEEK_SECONDS;
}

/** A proposal as of a time, in Unix seconds. */
export async function readProposal(
  context: Context,
  state: RewardsState,
  proposalId: bigint,
  now: bigint,
): Promise<ProposalState> {
  const { committee, rewards } = context.suite;
  const { proposer, week, added, root, evidenceHash, proposedAt } = await rewards.getProposal(proposalId);
  const reportHash = await rewards.reportHash(proposalId);
  const from = proposedAt + state.challengePeriod;
  const until = proposedAt + state.proposalLifetime;
  const stage = async (): Promise<ProposalStage> => {
    if (week <= state.lastWeek) {
      return (await readActivation(context, week))?.proposalId === proposalId ? "live" : "overtaken";
    }
    if (proposalId <= state.vetoedCount) return "vetoed";
    if (now > until) return "expired";
    return now < from ? "challenge" : "ready";
  };
  return {
    proposalId,
    proposer,
    week,
    added,
    root,
    evidenceHash,
    reportHash,
    approvals: await committee.approvals(reportHash),
    stage: await stage(),
    from,
    until,
  };
}

/** What made a week live; amounts in wei. */
export interface Activation {
  proposalId: bigint;
  root: string;
  /** NMR of this week and all before. */
  allocated: bigint;
}

/** How a week was activated; undefined for a week that is not live yet. */
export async function readActivation(
  { fromBlock, provider, suite: { rewards } }: Context,
  week: bigint,
): Promise<Activation | undefined> {
  const range = { from: fromBlock, to: await provider.getBlockNumber() };
  const filter = rewards.filters.WeekActivated(week);
  const [activated] = await pageLogs((from, to) => rewards.queryFilter(filter, from, to), range);
  if (activated === undefined) return undefined;
  const { proposalId, root, allocated } = activated.args;
  return { proposalId, root, allocated };
}

/** Every proposal for the next week, oldest first. */
export async function readOpenProposals(context: Context, state: RewardsState): Promise<ProposalState[]> {
  const now = await chainTime(context);
  const found: ProposalState[] = [];
  // Proposals are for the week that is next when they are made, so those for one week are next to each other.
  for (let id = state.proposalCount; id > 0n; id -= 1n) {
    const proposal = await readProposal(context, state, id, now);
    if (proposal.week !== state.lastWeek + 1n) break;
    found.unshift(proposal);
  }
  return found;
}

/** Time of the newest block, in Unix seconds. */
export async function chainTime({ provider }: Context): Promise<bigint> {
  return BigInt((await provider.getBlock("latest"))?.timestamp ?? 0);
}

/** A time as people read it. */
export function showTime(seconds: bigint): string {
  return new Date(Number(seconds) * 1000).toISOString().replace(".000", "");
}
