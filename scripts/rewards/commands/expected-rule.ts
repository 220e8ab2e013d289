/** Help of the option with the rule that a week must have been paid by. */
export const EXPECTED_RULE = "payout rule that you expect, JSON (default: 2,000 NMR for the first hundred)";
