import type { Stage } from "./_stages.js";

/**
 * What a deployment of the suite can choose. Accounts are in rocketh.ts, roles in _roles.ts, the stages of the hand-over
 * in _stages.ts.
 */
export interface Parameters {
  /** NMR that may be minted at once, in wei. */
  initialAllowance: bigint;
  /** Named accounts on the oracle committee. */
  committee: readonly ("member1" | "member2" | "member3")[];
  /** Approvals a report needs. */
  quorum: bigint;
  /** NMR that a week of rewards may add at first, in wei. */
  weeklyBudget: bigint;
  /** Seconds that what was decided waits in the timelock, for all to see. */
  timelockDelay: bigint;
  /** Seconds from a proposal to the snapshot of the votes. */
  votingDelay: number;
  /** Seconds from the snapshot to the end of a vote. */
  votingPeriod: number;
  /** Share of all NMR it takes to propose, in basis points. */
  proposalThresholdBps: bigint;
  /** Share of all NMR that has to take part in a vote, in basis points. */
  quorumBps: bigint;
  /** Stage that the hand-over has reached: raise it once the next is done, or check-deployment tells. */
  stage: Stage;
  /** Safe that the deployer hands over to; absent until there is one. */
  safe?: string;
}

const DAY = 86_400;

const defaults: Parameters = {
  initialAllowance: 1_500_000n * 10n ** 18n,
  committee: ["member1", "member2", "member3"],
  quorum: 2n,
  weeklyBudget: 2_000n * 10n ** 18n,
  timelockDelay: 2n * BigInt(DAY),
  votingDelay: DAY,
  votingPeriod: 5 * DAY,
  proposalThresholdBps: 10n,
  quorumBps: 400n,
  stage: 0,
};

/** Networks that differ from the defaults, by name. */
const overrides: Readonly<Record<string, Partial<Parameters>>> = {
  // To rehearse the hand-over: the first contract that the node's last account deploys.
  localhost: { safe: "0x73511669fd4dE447feD18BB79bAFeAC93aB7F31f" },
};

/** The parameters of a network. */
export function parametersOf(network: string): Parameters {
  return { ...defaults, ...overrides[network] };
}
