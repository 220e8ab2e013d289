import { getAddress } from "ethers";

import { parseJsonNodes } from "../oracle/json-nodes.js";
import { csvTable, scalarText, type ScoreRecord } from "../oracle/score-records.js";
import { ProblemList, quoted } from "../terminal/problem-list.js";
import { readText } from "../terminal/read-text.js";
import { parseExactLogloss } from "./exact-logloss.js";
import type { Competitor } from "./pay-out.js";

export interface Leaderboard {
  path: string;
  /** SHA-256 of the file's bytes, "0x" and 64 hex digits. */
  sha256: string;
  /** Every account once, in the order of the file; all have a rank, or all a log-loss, or both. */
  competitors: Competitor[];
}

/** Columns that are read; others may be there. */
const RANK = "rank";
const LOGLOSS = "live_logloss";

/**
 * Reads a leaderboard: CSV with a header, or a JSON array of objects, with `account` and `rank`, `live_logloss` or both.
 * @throws {NumeraireError} listing everything that is wrong, each with file, line, column, value and remedy.
 */
export async function readLeaderboard(path: string): Promise<Leaderboard> {
  const { text, sha256 } = await readText(path);
  const problems = new ProblemList();
  const { columns, records } = /^\s*[[{]/.test(text)
    ? jsonTable(path, text, problems)
    : (csvTable(path, text, problems) ?? { columns: [], records: [] });
  const has = new Set(columns);
  const missing = [...(has.has("account") ? [] : ["account"]), ...(has.has(RANK) || has.has(LOGLOSS) ? [] : [RANK])];
  if (problems.isEmpty && missing.length === 0 && records.length === 0) {
    const remedy = "Export the leaderboard again.";
    problems.add({ file: path, line: 1, column: "file", found: "no rows", expected: "a row an account", remedy });
  }
  for (const column of problems.isEmpty ? missing : []) {
    const expected = column === RANK ? "rank or live_logloss" : "this column";
    problems.add({ file: path, line: 1, column, found: "no such column", expected, remedy: "Add the column." });
  }
  const competitors =
    missing.length > 0 ? [] : records.flatMap((record) => toCompetitor(path, record, has, problems) ?? []);
  addDuplicates(path, records, problems);
  problems.throwIfAny();
  return { path, sha256, competitors };
}

function jsonTable(file: string, text: string, problems: ProblemList): { columns: string[]; records: ScoreRecord[] } {
  const root = parseJsonNodes(text, file);
  const records: ScoreRecord[] = [];
  for (const item of root.kind === "array" ? root.items : [root]) {
    if (root.kind === "array" && item.kind === "object") {
      records.push({
        line: item.line,
        values: new Map([...item.members].map(([key, node]) => [key, scalarText(node)])),
      });
      continue;
    }
    const remedy = "Write a list of objects, one an account.";
    const found = root.kind === "array" ? quoted(scalarText(item)) : "no list";
    problems.add({ file, line: item.line, column: "row", found, expected: "an object in a list", remedy });
  }
  // A column that some rows lack is missed there, by its row.
  return { columns: [...new Set(records.flatMap(({ values }) => [...values.keys()]))], records };
}

function toCompetitor(
  file: string,
  { line, values }: ScoreRecord,
  has: ReadonlySet<string>,
  problems: ProblemList,
): Competitor | undefined {
  const own = new ProblemList();
  const refuse = (column: string, expected: string, remedy: string): void => {
    const value = values.get(column) ?? "";
    const found = value === "" ? "no value" : quoted(value);
    own.add({ file, line, column, found, expected, remedy });
  };
  const account = addressOf(values.get("account") ?? "");
  if (account === undefined) {
    refuse("account", "an address of 20 bytes, not zero", "Give the account that is to be paid.");
  }
  const rank = values.get(RANK) ?? "";
  if (has.has(RANK) && !/^[1-9]\d{0,8}$/.test(rank)) refuse(RANK, "a place from 1", "Rank every account.");
  const logloss = has.has(LOGLOSS) ? parseExactLogloss(values.get(LOGLOSS) ?? "") : undefined;
  if (has.has(LOGLOSS) && logloss === undefined) {
    refuse(LOGLOSS, "a decimal of at most 18 places such as 0.6925", "Measure the account's model again.");
  }
  problems.addAll(own);
  if (!own.isEmpty || account === undefined) return undefined;
  return {
    account,
    ...(has.has(RANK) ? { rank: Number(rank) } : {}),
    ...(logloss === undefined ? {} : { logloss }),
  };
}

/** An address with its checksum; one in mixed case has to have the right one. */
function addressOf(text: string): string | undefined {
  if (!/^0x[0-9a-fA-F]{40}$/.test(text) || /^0x0+$/.test(text)) return undefined;
  try {
    return getAddress(text);
  } catch {
    return undefined;
  }
}

function addDuplicates(file: string, records: readonly ScoreRecord[], problems: ProblemList): void {
  const lines = new Map<string, number>();
  for (const { line, values } of records) {
    const account = (values.get("account") ?? "").toLowerCase();
    const first = lines.get(account);
    if (first === undefined) lines.set(account, line);
    else if (account !== "") {
      const found = `${account} again, first on line ${first}`;
      problems.add({ file, line, column: "account", found, expected: "a row an account", remedy: "Keep one row." });
    }
  }
}
