import { StandardMerkleTree } from "@openzeppelin/merkle-tree";
import { ZeroHash } from "ethers";

import { costOf, type Prices, type Usage } from "./prices.js";

/** What a job used between two measurements. */
export interface UsageLine extends Usage {
  /** The job, 32 bytes as hex. */
  jobId: string;
  /** Place among the job's lines, from 0. */
  index: number;
  /** What the line costs, in wei. */
  cost: bigint;
}

/** Types of a leaf: jobId, index, cpuMicros, byteMillis, cost. */
export const LEAF = ["bytes32", "uint64", "uint64", "uint128", "uint96"];

/**
 * The Merkle root that a voucher names: OpenZeppelin's StandardMerkleTree over all lines of the channel so far, with
 * leaves (jobId, index, cpuMicros, byteMillis, cost). Zero for no lines.
 */
export function usageRoot(lines: readonly UsageLine[]): string {
  if (lines.length === 0) return ZeroHash;
  const leaves = lines.map(({ jobId, index, cpuMicros, byteMillis, cost }) => [
    jobId,
    index,
    cpuMicros,
    byteMillis,
    cost,
  ]);
  return StandardMerkleTree.of(leaves, LEAF).root;
}

/** What lines cost together, in wei. */
export function totalCost(lines: readonly UsageLine[]): bigint {
  return lines.reduce((sum, { cost }) => sum + cost, 0n);
}

/** What an audit of a usage log found. */
export interface Audit {
  /** What the lines cost at the price list, in wei. */
  due: bigint;
  /** What the voucher promises beyond that, in wei; negative when it promises less. */
  overcharge: bigint;
  /** What is wrong, in words; empty for an honest log. */
  problems: string[];
}

/**
 * Adds a channel's lines again, at the price list.
 * @param lines All lines of the channel that the voucher is for.
 * @param prices What the user agreed to.
 * @param promise What the voucher says.
 */
export function audit(
  lines: readonly UsageLine[],
  prices: Prices,
  promise: { cumulative: bigint; usageRoot: string },
): Audit {
  const problems: string[] = [];
  const next = new Map<string, number>();
  for (const line of lines) {
    const name = `job ${line.jobId}, line ${line.index}`;
    const expected = next.get(line.jobId) ?? 0;
    if (line.index !== expected) problems.push(`${name}: expected line ${expected}`);
    next.set(line.jobId, line.index + 1);
    const cost = costOf(line, prices);
    if (line.cost !== cost) {
      problems.push(`${name}: costs ${line.cost.toString()} wei, expected ${cost.toString()} at the price list`);
    }
  }
  const root = usageRoot(lines);
  if (root !== promise.usageRoot) problems.push(`Merkle root: found ${promise.usageRoot}, expected ${root}`);
  const due = lines.reduce((sum, line) => sum + costOf(line, prices), 0n);
  const overcharge = promise.cumulative - due;
  if (overcharge > 0n) {
    problems.push(`voucher: found ${promise.cumulative.toString()} wei, expected at most ${due.toString()}`);
  }
  return { due, overcharge, problems };
}
