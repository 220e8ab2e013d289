/** What a deployment of the suite can choose. Accounts are in rocketh.ts, roles in _roles.ts. */
export interface Parameters {
  /** NMR that may be minted at once, in wei. */
  initialAllowance: bigint;
  /** Named accounts on the oracle committee. */
  committee: readonly ("member1" | "member2" | "member3")[];
  /** Approvals a report needs. */
  quorum: bigint;
  /** NMR that a week of rewards may add at first, in wei. */
  weeklyBudget: bigint;
}

const defaults: Parameters = {
  initialAllowance: 1_500_000n * 10n ** 18n,
  committee: ["member1", "member2", "member3"],
  quorum: 2n,
  weeklyBudget: 2_000n * 10n ** 18n,
};

/** Networks that differ from the defaults, by name. */
const overrides: Readonly<Record<string, Partial<Parameters>>> = {};

/** The parameters of a network. */
export function parametersOf(network: string): Parameters {
  return { ...defaults, ...overrides[network] };
}
