import { UNSCORED, type Score } from "../../sdk/score-sheet.js";
import type { RegisteredModel } from "./models.js";
import type { ScoreRow } from "./score-file.js";

/** A round's scores in index order, or why there are none. */
export interface MatchedScores {
  scores: Score[];
  /** Every problem found, each in one line; scores are of use only when there is none. */
  problems: string[];
  /** What the operator should know although it is allowed. */
  warnings: string[];
}

export interface MatchOptions {
  /** Path of the score file, to name rows by. */
  path: string;
  /** Treat stakes without a row as unscored instead of refusing. */
  allowUnscored: boolean;
  /** Skip rows of models without a stake in the round instead of refusing. */
  allowUnstaked: boolean;
}

/**
 * Finds the stake of every row of a score file.
 * @param rows Rows of the score file.
 * @param stakes Stakes of the round in index order.
 * @param models Every registered model by id, with its owner at the close.
 */
export function matchScores(
  rows: readonly ScoreRow[],
  stakes: readonly { modelId: bigint }[],
  models: ReadonlyMap<bigint, RegisteredModel>,
  { path, allowUnscored, allowUnstaked }: MatchOptions,
): MatchedScores {
  const problems: string[] = [];
  const warnings: string[] = [];
  const indexOf = new Map(stakes.map(({ modelId }, index) => [modelId, index]));
  const find = modelFinder(models, indexOf);
  const lineOf = new Map<bigint, number>();
  const scores: (Score | undefined)[] = stakes.map(() => undefined);

  for (const row of rows) {
    const at = `${path}:${row.line}`;
    const found = find(row.model);
    if (typeof found === "string") {
      problems.push(`${at}: ${found}`);
      continue;
    }
    const earlier = lineOf.get(found);
    if (earlier !== undefined) {
      problems.push(`${at}: model ${found.toString()} is scored twice, first on line ${earlier}; keep one row`);
      continue;
    }
    lineOf.set(found, row.line);
    const index = indexOf.get(found);
    if (index === undefined) {
      const text = `${at}: model ${found.toString()} has no stake in the round`;
      if (allowUnstaked) warnings.push(`${text}; its row is skipped`);
      else problems.push(`${text}; remove the row, or pass --allow-unstaked`);
      continue;
    }
    scores[index] = scoreOf(row);
    if (!row.scored) warnings.push(`${at}: stake ${index} is unscored and will be returned: ${row.reason}`);
  }

  stakes.forEach(({ modelId }, index) => {
    if (scores[index] !== undefined) return;
    const text = `${path}: stake ${index} of model ${modelId.toString()} has no score`;
    if (allowUnscored) warnings.push(`${text}; it will be returned`);
    else problems.push(`${text}; add its row, or pass --allow-unscored to return it`);
  });
  return { scores: scores.map((score) => score ?? UNSCORED), problems, warnings };
}

function scoreOf(row: ScoreRow): Score {
  if (!row.scored) return UNSCORED;
  const { concordance: concordant, originality: original, consistency, logloss } = row;
  return { scored: true, concordant, original, consistency, logloss };
}

/** Finds the id of the model a row names; a text says why there is none. */
function modelFinder(
  models: ReadonlyMap<bigint, RegisteredModel>,
  staked: ReadonlyMap<bigint, number>,
): (model: ScoreRow["model"]) => bigint | string {
  const key = (name: string, owner: string) => `${owner.toLowerCase()} ${name}`;
  const byName = new Map<string, bigint[]>();
  for (const [modelId, { name, owner }] of models) {
    const ids = byName.get(key(name, owner));
    if (ids === undefined) byName.set(key(name, owner), [modelId]);
    else ids.push(modelId);
  }
  return (model) => {
    if ("modelId" in model) {
      if (models.has(model.modelId)) return model.modelId;
      return `model ${model.modelId.toString()} is not registered; expected one from 1 to ${models.size}`;
    }
    const ids = byName.get(key(model.name, model.owner)) ?? [];
    const candidates = ids.length > 1 ? ids.filter((id) => staked.has(id)) : ids;
    const [only] = candidates;
    if (only !== undefined && candidates.length === 1) return only;
    const named = `model "${model.name}" of ${model.owner}`;
    return ids.length === 0
      ? `${named} is not registered; compare name and owner at the close with the chain`
      : `${named} is ambiguous: models ${ids.map(String).join(", ")}; give model_id instead`;
  };
}
