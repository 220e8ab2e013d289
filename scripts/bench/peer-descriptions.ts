import type { DesignName } from "./peer-round.js";

/** What each compared design is called, and what its contract verifies. */
export const DESIGNS: Record<DesignName, { name: string; verifies: string }> = {
  operator: {
    name: "one operator transaction a stake (2017)",
    verifies:
      "That the caller is the operator and the stake is not resolved yet. Payout and destruction are whatever the operator says; no scores, no order, no cut.",
  },
  batched: {
    name: "batched payouts by the operator",
    verifies: "The same as one transaction a stake: nothing about scores, order or amounts.",
  },
  claims: {
    name: "Merkle root, one claim each",
    verifies:
      "That a claim is in the operator's list and not paid yet. The list, and the sum destroyed, are whatever the operator says.",
  },
  keeper: {
    name: "Merkle root, keeper's multiproofs",
    verifies: "The same as one claim each; stakers need no second transaction.",
  },
  tournament: {
    name: "StakingTournament",
    verifies:
      "Everything but the measurements: it stores the scores of all stakes, proves the cut by one pass over them, computes every payout and every destroyed stake itself, needs a committee's quorum and a challenge period, and pays each stake once. Models, payees and track records are kept as well.",
  },
};
