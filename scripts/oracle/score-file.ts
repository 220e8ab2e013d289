import { getAddress, isAddress } from "ethers";
import { parseLogloss } from "../../sdk/units.js";
import { leaderboardRecords } from "./leaderboard.js";
import { ProblemList, quoted } from "../terminal/problem-list.js";
import { readText } from "../terminal/read-text.js";
import { type ScoreRecord, csvRecords, jsonRecords } from "./score-records.js";
import { parseJsonNodes } from "./json-nodes.js";
import { readUsernames } from "./usernames.js";

/** What was measured for one model, as a score file says it. */
export interface ScoreRow {
  /** Line in the score file, from 1. */
  line: number;
  model: { modelId: bigint } | { name: string; owner: string };
  /** False where the operator could not measure the model; the other measurements then mean nothing. */
  scored: boolean;
  /** Live log-loss in millionths, rounded down, 0–1,048,575; greater ones are capped. */
  logloss: number;
  /** Whole per cent, rounded down, 0–100. */
  consistency: number;
  concordance: boolean;
  originality: boolean;
  /** Why the model is unscored, or what the scorer had to say; may be empty. */
  reason: string;
}

export interface ScoreFile {
  path: string;
  /** SHA-256 of the file's bytes, "0x" and 64 hex digits. */
  sha256: string;
  /** File that named the models of usernames; absent where there are none. */
  mapping?: { path: string; sha256: string };
  rows: ScoreRow[];
}

export interface ScoreFileOptions {
  /** File that names the model id of each username; a leaderboard needs it. */
  mapping?: string;
  /** Round the scores must be for, where the file says which round it is for. */
  roundId?: bigint;
}

const MAX_MODEL_ID = 2n ** 40n - 1n;

/**
 * Reads a score file: CSV, JSON rows, or the leaderboard of numerai's GraphQL API of 2017–18.
 * @throws {NumeraireError} listing everything that is wrong, each with file, line, column, value and remedy.
 */
export async function readScoreFile(path: string, options: ScoreFileOptions = {}): Promise<ScoreFile> {
  const { text, sha256 } = await readText(path);
  const problems = new ProblemList();
  const { records, mapping } = await readRecords(path, text, options, problems);
  const rows = records.flatMap((record) => toRow(path, record, options.roundId, problems) ?? []);
  if (records.length === 0 && problems.isEmpty) {
    const remedy = "Export the scores again.";
    problems.add({ file: path, line: 1, column: "file", found: "no rows", expected: "a row a model", remedy });
  }
  addDuplicates(path, rows, problems);
  problems.throwIfAny();
  return { path, sha256, ...(mapping === undefined ? {} : { mapping }), rows };
}

async function readRecords(
  path: string,
  text: string,
  { mapping, roundId }: ScoreFileOptions,
  problems: ProblemList,
): Promise<{ records: ScoreRecord[]; mapping?: { path: string; sha256: string } }> {
  if (!/^\s*[[{]/.test(text)) return { records: csvRecords(path, text, problems) };
  const root = parseJsonNodes(text, path);
  const rows = jsonRecords(path, root, problems);
  if (rows !== undefined) return { records: rows };
  const usernames = mapping === undefined ? undefined : await readUsernames(mapping, problems);
  return {
    records: leaderboardRecords(path, root, { usernames: usernames?.models, roundId }, problems),
    ...(mapping === undefined || usernames === undefined
      ? {}
      : { mapping: { path: mapping, sha256: usernames.sha256 } }),
  };
}

/** The row of a record; undefined, with the problems added, when it cannot be one. */
function toRow(
  file: string,
  record: ScoreRecord,
  roundId: bigint | undefined,
  problems: ProblemList,
): ScoreRow | undefined {
  const own = new ProblemList();
  const refuse: Refuse = (column, expected, remedy) => {
    const value = record.values.get(column) ?? "";
    const found = value === "" ? "no value" : quoted(value);
    own.add({ file, line: record.line, column, found, expected, remedy });
  };
  const value = (column: string): string => record.values.get(column) ?? "";

  if (roundId !== undefined && value("round") !== "" && value("round") !== roundId.toString()) {
    refuse("round", `round ${roundId}`, "Use the score file of this round.");
  }
  const model = toModel(value, refuse);
  const scored = value("live_logloss") !== "";
  const measured = (column: string): boolean => scored || value(column) !== "";
  if (!scored && value("reason") === "") {
    const expected = "a log-loss, or a reason in the column reason";
    refuse("live_logloss", expected, "Wait until it is measured, or say why it could not be.");
  }
  const row = {
    line: record.line,
    scored,
    logloss: scored ? toLogloss(value("live_logloss"), refuse) : 0,
    consistency: measured("consistency") ? toConsistency(value("consistency"), refuse) : 0,
    concordance: measured("concordance") ? toBoolean("concordance", value, refuse) : false,
    originality: measured("originality") ? toBoolean("originality", value, refuse) : false,
    reason: value("reason"),
  };
  problems.addAll(own);
  return model === undefined || !own.isEmpty ? undefined : { ...row, model };
}

type Value = (column: string) => string;
type Refuse = (column: string, expected: string, remedy: string) => void;

function toModel(value: Value, refuse: Refuse): ScoreRow["model"] | undefined {
  const id = value("model_id");
  if (id !== "" || (value("model") === "" && value("owner") === "")) {
    if (/^[1-9]\d{0,12}$/.test(id) && BigInt(id) <= MAX_MODEL_ID) return { modelId: BigInt(id) };
    refuse("model_id", "the number of a model, from 1", "Look the number up in ModelRegistered.");
    return undefined;
  }
  const owner = value("owner");
  if (value("model") === "") refuse("model", "the name of a model", "Name the model, or give its model_id.");
  // an address typed in one case is taken; one in mixed case has to have the right checksum
  if (!isAddress(owner)) {
    refuse("owner", "an address of 20 bytes", "Give the account that owns the model, or its model_id.");
    return undefined;
  }
  return value("model") === "" ? undefined : { name: value("model"), owner: getAddress(owner) };
}

function toLogloss(text: string, refuse: Refuse): number {
  try {
    return parseLogloss(text);
  } catch {
    refuse("live_logloss", "a non-negative decimal such as 0.693147", "Measure the model again.");
    return 0;
  }
}

/** Whole per cent, rounded down; digits after the point are dropped without going through a float. */
function toConsistency(text: string, refuse: Refuse): number {
  const match = /^(\d{1,3})(?:\.(\d+))?$/.exec(text);
  const whole = Number(match?.[1] ?? Number.NaN);
  const above = whole === 100 && /[1-9]/.test(match?.[2] ?? "");
  if (whole <= 100 && !above) return whole;
  refuse("consistency", "a per cent from 0 to 100", "Measure the model again.");
  return 0;
}

function toBoolean(column: string, value: Value, refuse: Refuse): boolean {
  const text = value(column).toLowerCase();
  if (text === "true" || text === "1") return true;
  if (text !== "false" && text !== "0") refuse(column, "true or false", "Measure the model again.");
  return false;
}

function addDuplicates(file: string, rows: readonly ScoreRow[], problems: ProblemList): void {
  const lines = new Map<string, number>();
  for (const { line, model } of rows) {
    const byId = "modelId" in model;
    const key = byId ? model.modelId.toString() : JSON.stringify([model.name, model.owner]);
    const first = lines.get(key);
    if (first === undefined) {
      lines.set(key, line);
      continue;
    }
    const found = `${byId ? key : quoted(model.name)} again, first on line ${first}`;
    const column = byId ? "model_id" : "model";
    problems.add({ file, line, column, found, expected: "one row a model", remedy: "Keep the right row." });
  }
}
