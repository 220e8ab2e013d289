import type { SigningContext } from "../../chain/context.js";
import { checkReport } from "../check-report.js";
import { ReportDiffers } from "../report-differs.js";
import type { ReadyScores, Verdict, WatchedAttempt } from "./round-view.js";

/**
 * Compares a complete attempt with the member's score file.
 * @throws {NumeraireError} when the file is not right, or the chain cannot be read.
 */
export async function judgeAttempt(
  context: SigningContext,
  roundId: bigint,
  { attemptId, approved }: WatchedAttempt,
  { path: scoreFile, mapping }: ReadyScores,
): Promise<Verdict> {
  try {
    // Stakes without a row were agreed to be unscored by whoever approved by hand.
    await checkReport(context, { roundId, scoreFile, mapping, allowUnscored: approved }, attemptId);
    return { agrees: true, detail: `agrees with ${scoreFile}` };
  } catch (error) {
    // A verdict is kept for good: a node that fails must not become one.
    if (!(error instanceof ReportDiffers)) throw error;
    return { agrees: false, detail: error.detail };
  }
}
