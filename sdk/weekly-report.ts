import { AbiCoder, keccak256 } from "ethers";

/** What a week's report hash commits to. */
export interface WeeklyReport {
  chainId: bigint;
  /** Address of WeeklyRewards. */
  rewards: string;
  week: bigint;
  proposalId: bigint;
  root: string;
  /** NMR the week adds, in wei. */
  added: bigint;
  evidenceHash: string;
}

const TYPES = ["uint256", "address", "uint40", "uint256", "bytes32", "uint96", "bytes32"];

/** The hash that the committee approves, as `WeeklyRewards.reportHash` gives it. */
export function weeklyReportHash(report: WeeklyReport): string {
  const { chainId, rewards, week, proposalId, root, added, evidenceHash } = report;
  const values = [chainId, rewards, week, proposalId, root, added, evidenceHash];
  return keccak256(AbiCoder.defaultAbiCoder().encode(TYPES, values));
}
