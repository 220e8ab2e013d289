import { formatNmr } from "../../sdk/units.js";
import type { Context } from "../chain/context.js";
import { table } from "../terminal/table.js";
import {
  chainTime,
  isOpen,
  readOpenProposals,
  readRewards,
  showTime,
  type ProposalState,
  type RewardsState,
} from "./rewards-state.js";

export interface StatusReport {
  network: string;
  chainId: bigint;
  state: RewardsState;
  /** NMR that the contract holds, in wei. */
  held: bigint;
  quorum: bigint;
  /** Proposals for the next week, oldest first. */
  proposals: ProposalState[];
  /** What is due next, and by whom. */
  next: string;
}

/** Where weekly rewards stand. Needs no key. */
export async function status(context: Context): Promise<StatusReport> {
  const { nmr, committee, rewards } = context.suite;
  const state = await readRewards(context);
  const [proposals, quorum, held, now] = await Promise.all([
    readOpenProposals(context, state),
    committee.quorum(),
    nmr.balanceOf(rewards),
    chainTime(context),
  ]);
  const next = nextStep(state, proposals, quorum, now);
  return { network: context.network, chainId: context.chainId, state, held, quorum, proposals, next };
}

/** What is due next, in words. */
function nextStep(
  { lastWeek, nextDueAt }: RewardsState,
  proposals: readonly ProposalState[],
  quorum: bigint,
  now: bigint,
): string {
  const week = `week ${(lastWeek + 1n).toString()}`;
  if (now < nextDueAt) return `${week}: plan and propose it, a member, from ${showTime(nextDueAt)}`;
  const open = proposals.filter(isOpen);
  const approved = open.findLast(({ approvals }) => approvals >= quorum);
  if (approved !== undefined) {
    const { proposalId, from, until } = approved;
    const when = now < from ? `from ${showTime(from)} ` : "";
    return `${week}: activate proposal ${proposalId.toString()}, anybody, ${when}until ${showTime(until)}`;
  }
  const newest = open.at(-1);
  return newest === undefined
    ? `${week}: plan and propose it, a member`
    : `${week}: verify and approve proposal ${newest.proposalId.toString()}, members`;
}

/** Where weekly rewards stand, for people. */
export function statusTable({ network, chainId, state, held, quorum, proposals, next }: StatusReport): string {
  const rows = proposals.map(({ proposalId, proposer, added, approvals, stage, from, until, root }) => [
    proposalId.toString(),
    proposer,
    formatNmr(added),
    `${approvals.toString()}/${quorum.toString()}`,
    stage,
    showTime(from),
    showTime(until),
    root,
  ]);
  return [
    `chain ${chainId.toString()} (${network})`,
    `live: week ${state.lastWeek.toString()}, root ${state.root}`,
    `allocated ${formatNmr(state.allocated)} NMR, claimed ${formatNmr(state.totalClaimed)} NMR, held ${formatNmr(held)} NMR; budget ${formatNmr(state.weeklyBudget)} NMR a week`,
    ...(rows.length === 0
      ? []
      : [table(["proposal", "proposer", "NMR", "approvals", "stage", "from", "until", "root"], rows, [0, 2, 3])]),
    `next: ${next}`,
  ].join("\n");
}
