import { formatEther, formatNmr } from "../../sdk/units.js";
import type { NextStep, StatusReport } from "./status.js";
import { table } from "../terminal/table.js";

/** Where rounds stand, for people: one row a round, then the attempts of those being scored. */
export function statusTable({ network, chainId, block, members, quorum, rounds }: StatusReport): string {
  const rows = rounds.map(({ round, next }) => [
    round.roundId.toString(),
    round.status,
    String(round.stakeCount),
    formatNmr(round.totalStaked),
    formatEther(round.prizePool),
    `${round.settledCount}/${round.stakeCount}`,
    describe(next),
  ]);
  const attempts = rounds.flatMap(({ round, attempts: own }) =>
    own.map((attempt) => [
      `${round.roundId.toString()}.${attempt.attemptId}`,
      attempt.proposer,
      `${attempt.scoredCount}/${round.stakeCount}`,
      attempt.vetoed ? "vetoed" : attempt.completedAt === 0 ? "incomplete" : "complete",
      `${attempt.approvals.toString()}/${quorum.toString()}`,
      attempt.reportHash,
    ]),
  );
  return [
    `chain ${chainId.toString()} (${network}) at block ${block.number}, ${time(block.timestamp)}`,
    `committee: ${quorum.toString()} of ${members.join(", ")}`,
    table(["round", "status", "stakes", "NMR", "ether", "settled", "due next"], rows, [0, 2, 3, 4, 5]),
    ...(attempts.length === 0
      ? []
      : [table(["attempt", "proposer", "scores", "state", "approvals", "report hash"], attempts, [2, 4])]),
  ].join("\n");
}

function describe({ step, by, from, until }: NextStep): string {
  const after = from === undefined ? "" : `, from ${time(from)}`;
  const before = until === undefined ? "" : `, until ${time(until)}`;
  return `${step}: ${by}${after}${before}`;
}

function time(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(".000", "");
}
