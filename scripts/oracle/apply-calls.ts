import type { Suite } from "../../sdk/contracts.js";
import type { PlannedCall } from "../chain/planned-call.js";
import type { Plan } from "./plan-file.js";

/** Begins an attempt with the plan's cut and evidence. */
export async function beginCall({ tournament }: Suite, plan: Plan): Promise<PlannedCall> {
  const { roundId, cut, evidenceHash, evidenceURI, gas } = plan;
  return {
    step: "begin scoring",
    to: await tournament.getAddress(),
    data: tournament.interface.encodeFunctionData("beginScoring", [roundId, cut, evidenceHash, evidenceURI]),
    gas: gas.begin,
  };
}

/**
 * Posts one chunk of the plan's scores.
 * @param chunk From 0.
 */
export async function postCall(
  { tournament }: Suite,
  plan: Plan,
  attemptId: number,
  chunk: number,
): Promise<PlannedCall> {
  const packed = plan.chunks[chunk] ?? "";
  return {
    step: `post chunk ${chunk + 1} of ${plan.chunks.length}`,
    to: await tournament.getAddress(),
    data: tournament.interface.encodeFunctionData("postScores", [plan.roundId, attemptId, packed]),
    gas: plan.gas.post[chunk] ?? 0n,
  };
}

/** Approves a report. */
export async function approveCall({ committee }: Suite, plan: Plan, reportHash: string): Promise<PlannedCall> {
  return {
    step: "approve the report",
    to: await committee.getAddress(),
    data: committee.interface.encodeFunctionData("approve", [reportHash]),
    gas: plan.gas.approve,
  };
}
