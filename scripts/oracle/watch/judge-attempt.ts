import { NumeraireError } from "../../../sdk/numeraire-error.js";
import type { SigningContext } from "../../chain/context.js";
import { previewApprove } from "../approve.js";
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
    // Of what can be approved at all, only differences need a person; everything else is an error.
    if (!(error instanceof NumeraireError) || error.exitCode !== 2) throw error;
    return { agrees: false, detail: error.message.split("\n")[1]?.trim() ?? error.message };
  }
}
