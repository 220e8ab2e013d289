/** How one user stands with the provider; amounts in wei. */
export interface Standing {
  /** What all metered usage costs so far. */
  owed: bigint;
  /** What the best voucher promises. */
  signed: bigint;
  /** What vouchers were paid on chain. */
  claimed: bigint;
  /** Balance on chain without what is being withdrawn. */
  available: bigint;
}

/** Run: there is credit. Ask: it runs out soon. Pause: none is left. */
export type Credit = "run" | "ask" | "pause";

/** What the provider has done for which it holds no voucher that the chain would pay, in wei. */
export function exposureOf({ owed, signed, claimed, available }: Standing): bigint {
  const promised = signed > claimed ? signed - claimed : 0n;
  const covered = claimed + (promised < available ? promised : available);
  return owed > covered ? owed - covered : 0n;
}

/**
 * Whether to go on with a user's jobs.
 * @param standing How the user stands.
 * @param interval Most that may be done on credit, in wei.
 * @param step Most that the user's running jobs can cost until the next look, in wei: pausing that much early keeps the
 * exposure within the interval.
 */
export function creditOf(standing: Standing, interval: bigint, step: bigint): Credit {
  const exposure = exposureOf(standing);
  const { owed, claimed, available } = standing;
  // Usage beyond the balance could be signed for, but not paid.
  if (exposure + step > interval || owed + step > claimed + available) return "pause";
  return 2n * (exposure + step) > interval ? "ask" : "run";
}
