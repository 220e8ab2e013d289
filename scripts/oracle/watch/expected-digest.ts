import { packScores, scoresDigest } from "../../../sdk/score-sheet.js";
import type { SigningContext } from "../../chain/context.js";
import { matchScores } from "../match-scores.js";
import { readModelsAtClose } from "../models-at-close.js";
import { readStakes, type RoundState } from "../round-state.js";
import { readScoreFile } from "../score-file.js";
import type { Head } from "./head.js";
import type { ReadyScores } from "./round-view.js";

/**
 * The digest that an attempt has if its scores are exactly those of a score file: a comparison of one word, where
 * recomputing a round reads all of its events.
 * @param head Of a time at which the close will stay.
 * @returns Undefined where the file does not score every stake.
 * @throws {NumeraireError} when the file cannot be read.
 */
export async function expectedDigest(
  context: SigningContext,
  { settledBlock }: Head,
  round: RoundState,
  { path, mapping }: ReadyScores,
): Promise<string | undefined> {
  const { rows } = await readScoreFile(path, {
    roundId: round.roundId,
    ...(mapping === undefined ? {} : { mapping }),
  });
  const [stakes, models] = await Promise.all([
    readStakes(context, round, settledBlock),
    readModelsAtClose(context, round, settledBlock),
  ]);
  const { scores, problems } = matchScores(rows, stakes, models, { path, allowUnscored: false, allowUnstaked: true });
  return problems.length > 0 ? undefined : scoresDigest(packScores(scores));
}
