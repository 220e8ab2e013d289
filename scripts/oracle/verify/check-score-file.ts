import type { Score } from "../../../sdk/score-sheet.js";
import type { Context } from "../../chain/context.js";
import { plural } from "../../terminal/plural.js";
import { matchScores } from "../match-scores.js";
import { readModelsAtClose } from "../models-at-close.js";
import { readScoreFile } from "../score-file.js";
import { differences, type Check } from "./check.js";
import { scoreDifferences } from "./check-scores.js";
import type { AttemptEvidence, RoundEvidence } from "./round-evidence.js";

/** The scores on chain are those of a score file, row by row, and the file is the attempt's evidence. */
export async function checkScoreFile(
  context: Context,
  { round, stored, blockNumber }: RoundEvidence,
  { attempt }: AttemptEvidence,
  onChain: readonly Score[],
  file: { path: string; mapping?: string | undefined },
): Promise<Check> {
  const { rows, sha256 } = await readScoreFile(file.path, {
    roundId: round.roundId,
    ...(file.mapping === undefined ? {} : { mapping: file.mapping }),
  });
  const models = await readModelsAtClose(context, round, blockNumber);
  // What the operator was allowed to leave out shows as a difference only where the chain says something else.
  const { scores, problems } = matchScores(rows, stored, models, {
    path: file.path,
    allowUnscored: true,
    allowUnstaked: true,
  });
  return {
    name: "score file",
    detail: `${plural(rows.length, "row")} of ${file.path} against the scores on chain`,
    differences: [
      ...problems.map((what) => ({ what, expected: "a row", found: "no such model" })),
      ...scoreDifferences(onChain, scores, stored, models),
      ...differences([["evidence hash", attempt.evidenceHash, sha256]]),
    ].map((difference) => ({ ...difference, by: "score file" })),
  };
}
