import { completeAttempts, liveAttempts, type RoundView } from "./round-view.js";

/** Where a round can stand, in the order in which it goes through them. */
export const STAGES = ["open", "closed", "posting", "approving", "challenge", "settling", "sweeping", "done"] as const;

export type Stage = (typeof STAGES)[number];

/** Where a round stands. */
export function stageOf(view: RoundView): Stage {
  const { round, quorum, sweepable } = view;
  switch (round.status) {
    case "None":
    case "Open":
      return "open";
    case "Closed": {
      const complete = completeAttempts(view);
      if (complete.some(({ approvals }) => approvals >= quorum)) return "challenge";
      if (complete.length > 0) return "approving";
      return liveAttempts(view).length > 0 ? "posting" : "closed";
    }
    case "Resolved":
    case "Void":
      if (round.settledCount < round.stakeCount) return "settling";
      return sweepable ? "sweeping" : "done";
  }
}
