import type { Context } from "../../chain/context.js";
import { pageLogs } from "../../chain/page-logs.js";

/** How far the committee had agreed on a report. */
export interface Approvals {
  /** Members whose approval counted. */
  approvedBy: string[];
  quorum: number;
}

/** A place in the chain's order of events. */
export interface Position {
  blockNumber: number;
  logIndex: number;
}

/**
 * Replays the committee's events: who were members, and who of them approved a report, at some place of the chain.
 * Needs no archive, and is not changed by what the committee does later.
 * @param before Events from here on do not count; all up to `toBlock` do when left out.
 */
export async function replayApprovals(
  context: Context,
  reportHash: string,
  toBlock: number,
  before?: Position,
): Promise<Approvals> {
  const { committee } = context.suite;
  const { filters } = committee;
  const range = { from: context.fromBlock, to: toBlock };
  const members = new Set<string>();
  const approved = new Set<string>();
  let quorum = 0;
  const [added, removed, changed, given, revoked] = await Promise.all([
    pageLogs((from, to) => committee.queryFilter(filters.MemberAdded(), from, to), range),
    pageLogs((from, to) => committee.queryFilter(filters.MemberRemoved(), from, to), range),
    pageLogs((from, to) => committee.queryFilter(filters.QuorumChanged(), from, to), range),
    pageLogs((from, to) => committee.queryFilter(filters.ReportApproved(reportHash), from, to), range),
    pageLogs((from, to) => committee.queryFilter(filters.ApprovalRevoked(reportHash), from, to), range),
  ]);
  const changes = [
    ...added.map((log) => ({
      log,
      play: () => {
        members.add(log.args.member);
        quorum = Number(log.args.quorum);
      },
    })),
    ...removed.map((log) => ({
      log,
      play: () => {
        members.delete(log.args.member);
        // Whoever returns later must approve again.
        approved.delete(log.args.member);
        quorum = Number(log.args.quorum);
      },
    })),
    ...changed.map((log) => ({
      log,
      play: () => {
        quorum = Number(log.args.quorum);
      },
    })),
    ...given.map((log) => ({ log, play: () => approved.add(log.args.member) })),
    ...revoked.map((log) => ({ log, play: () => approved.delete(log.args.member) })),
  ];
  changes.sort((a, b) => a.log.blockNumber - b.log.blockNumber || a.log.index - b.log.index);
  for (const { log, play } of changes) {
    if (before === undefined || precedes(log.blockNumber, log.index, before)) play();
  }
  return { approvedBy: [...approved].filter((member) => members.has(member)), quorum };
}

function precedes(blockNumber: number, logIndex: number, before: Position): boolean {
  return blockNumber < before.blockNumber || (blockNumber === before.blockNumber && logIndex < before.logIndex);
}
