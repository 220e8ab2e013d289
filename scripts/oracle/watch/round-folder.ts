import { readdir, stat } from "node:fs/promises";
import path from "node:path";

import { NumeraireError } from "../../../sdk/numeraire-error.js";
import { readText } from "../../terminal/read-text.js";
import type { ScoresOnDisk } from "./round-view.js";

/** Milliseconds without a change after which a file counts as written. */
const QUIET = 10_000;
/** And a folder of predictions: files come one by one, and who is missing gets the worst score. */
const DELIVERIES_QUIET = 60_000;

/** A round's folder: what is put there, and what the programs write. */
export function roundFolder(rounds: string, roundId: bigint): string {
  return path.join(rounds, roundId.toString());
}

/**
 * Finds the scores in a round's folder, or what they can be measured from:
 * `scores.csv` or `scores.json` (with `mapping.csv` or `mapping.json` for a leaderboard); else the folder `predictions`
 * with `targets.csv` or `targets.parquet`.
 * @param now Milliseconds since 1970.
 * @throws {NumeraireError} when there are two of one kind, or a file cannot be read.
 */
export async function readRoundFolder(folder: string, now = Date.now()): Promise<ScoresOnDisk> {
  const names = new Set(await namesIn(folder));
  const scores = oneOf(folder, names, ["scores.csv", "scores.json"]);
  if (scores !== undefined) return readScores(scores, oneOf(folder, names, ["mapping.csv", "mapping.json"]), now);
  const targets = oneOf(folder, names, ["targets.csv", "targets.parquet"]);
  if (targets === undefined || !names.has("predictions")) return { state: "missing" };
  const predictions = path.join(folder, "predictions");
  const files = (await namesIn(predictions)).map((name) => path.join(predictions, name));
  if (files.length === 0) return { state: "missing" };
  const changes = await changesOf([targets, predictions, ...files]);
  // Copies may keep the time of the original: then only that of the copy itself tells of them.
  const times = changes.flatMap(({ saved, arrived }) => [saved, arrived]);
  if (!times.every((time) => isQuiet(now - time, DELIVERIES_QUIET))) return { state: "arriving" };
  return { state: "measurable", predictions, targets };
}

async function readScores(scores: string, mapping: string | undefined, now: number): Promise<ScoresOnDisk> {
  const changes = await changesOf([scores, ...(mapping === undefined ? [] : [mapping])]);
  const changed = Math.max(...changes.map(({ saved }) => saved));
  if (!isQuiet(now - changed, QUIET)) return { state: "arriving" };
  const { sha256 } = await readText(scores);
  return {
    state: "ready",
    path: scores,
    ...(mapping === undefined ? {} : { mapping, mappingSha256: (await readText(mapping)).sha256 }),
    sha256,
    savedAt: Math.floor(changed / 1000),
  };
}

/** A time in the future is none of a file that is being written now. */
function isQuiet(age: number, quiet: number): boolean {
  return age < 0 || age >= quiet;
}

/** When files were written, and when they came to where they are, in milliseconds since 1970. */
async function changesOf(files: readonly string[]): Promise<{ saved: number; arrived: number }[]> {
  const stats = await Promise.all(files.map((file) => stat(file)));
  return stats.map(({ mtimeMs, ctimeMs }) => ({ saved: mtimeMs, arrived: ctimeMs }));
}

function oneOf(folder: string, names: ReadonlySet<string>, wanted: readonly string[]): string | undefined {
  const found = wanted.filter((name) => names.has(name));
  if (found.length > 1) {
    throw new NumeraireError(`${folder}: found ${found.join(" and ")}, expected one of them`, {
      hint: "Remove the one that does not count.",
    });
  }
  return found[0] === undefined ? undefined : path.join(folder, found[0]);
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}
