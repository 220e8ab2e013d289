import { formatNmr } from "../../sdk/units.js";

/** Who gets how much, and when. */
export interface AwardTerms {
  bountyId: bigint;
  submissionId: bigint;
  /** In order; at most 16 accounts, all different. */
  payments: readonly Payment[];
  /** Seconds over which the award vests; zero pays at once. */
  vestingSeconds: bigint;
}

export interface Payment {
  payee: string;
  /** NMR, in wei. */
  amount: bigint;
}

const DAY = 86_400n;

/** An award as people read it before they agree to it. */
export function awardFacts({ bountyId, submissionId, payments, vestingSeconds }: AwardTerms): Record<string, string> {
  const total = payments.reduce((sum, { amount }) => sum + amount, 0n);
  return {
    bounty: bountyId.toString(),
    submission: submissionId.toString(),
    pays: payments.map(({ payee, amount }) => `${formatNmr(amount)} NMR to ${payee}`).join(", "),
    total: `${formatNmr(total)} NMR, ${vesting(vestingSeconds)}`,
  };
}

/** When an award is paid, in words. */
export function vesting(seconds: bigint): string {
  if (seconds === 0n) return "at once";
  return seconds % DAY === 0n ? `over ${(seconds / DAY).toString()} days` : `over ${seconds.toString()} seconds`;
}
