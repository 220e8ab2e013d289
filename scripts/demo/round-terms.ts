/** Terms of the demo's round: the stakes of `scientists.ts` are made for them. */
export const ROUND_TERMS = {
  /** Log-loss to stay below, in millionths: ln 2, that of saying one half every day. */
  benchmark: 693_147,
  /** Validation eras, in per cent, in which a model must beat one half. */
  minConsistency: 50,
  /** Ether for the models that perform, as a decimal string. */
  prizePool: "10",
  /** What a data scientist takes one ether to be worth, in NMR. */
  nmrPerEther: 20n,
} as const;
