import type { SigningContext } from "../../chain/context.js";
import { previewApprove } from "../approve.js";
import { ReportDiffers } from "../report-differs.js";
import type { ScoresOnDisk, Verdict } from "./round-view.js";

/**
 * Compares a complete attempt that this member may still approve with the member's score file.
 * @throws {NumeraireError} when the file is not right, or the chain cannot be read.
 */
export async function judgeAttempt(
  context: SigningContext,
  roundId: bigint,
  attemptId: number,
  { path: scoreFile, mapping }: Extract<ScoresOnDisk, { state: "ready" }>,
): Promise<Verdict> {
  try {
    await previewApprove(context, { roundId, attemptId, scoreFile, mapping });
    return { agrees: true, detail: `agrees with ${scoreFile}` };
  } catch (error) {
    // A verdict is kept for good: a node that fails, or a veto in between, must not become one.
    if (!(error instanceof ReportDiffers)) throw error;
    return { agrees: false, detail: error.detail };
  }
}
