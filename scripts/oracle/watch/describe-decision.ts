import type { Decision } from "./decide.js";

/** A decision in words. */
export function describeDecision(decision: Decision): string {
  switch (decision.do) {
    case "wait":
      return `${decision.why}${decision.until === undefined ? "" : `, until ${time(decision.until)}`}`;
    case "score":
      return `measure ${decision.predictions}`;
    case "post":
      return "post the scores and approve them";
    case "approve":
      return `approve attempt ${decision.attemptId}`;
    case "finalize":
      return `finalize by attempt ${decision.attemptId}`;
    case "finish":
      return "nothing is left to do";
    default:
      return decision.do;
  }
}

function time(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(".000", "");
}
