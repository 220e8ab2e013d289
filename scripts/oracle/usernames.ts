import { parseJsonNodes } from "./json-nodes.js";
import { type ProblemList, quoted } from "../terminal/problem-list.js";
import { readText } from "../terminal/read-text.js";
import { csvTable, scalarText } from "./score-records.js";

/** A mapping file. */
export interface Usernames {
  /** Model id as it is written, by username; a score row judges it. */
  models: ReadonlyMap<string, string>;
  /** SHA-256 of the file's bytes, "0x" and 64 hex digits. */
  sha256: string;
}

/**
 * Reads which model stands behind each username: CSV `username,model_id`, or a JSON object of username to model id.
 * @throws {NumeraireError} when the file cannot be read or parsed; other problems are added to `problems`.
 */
export async function readUsernames(file: string, problems: ProblemList): Promise<Usernames> {
  const { text, sha256 } = await readText(file);
  const entries = /^\s*\{/.test(text) ? jsonEntries(file, text) : csvEntries(file, text, problems);
  const usernames = new Map<string, string>();
  const owners = new Map<string, string>();
  for (const { line, username, modelId } of entries) {
    const expected = "one line a username and a model";
    const remedy = "Keep the right line.";
    const other = owners.get(modelId);
    if (usernames.has(username)) {
      const found = `${quoted(username)} again`;
      problems.add({ file, line, column: "username", found, expected, remedy });
    } else if (other !== undefined) {
      const found = `${modelId} again, first for ${quoted(other)}`;
      problems.add({ file, line, column: "model_id", found, expected, remedy });
    }
    usernames.set(username, modelId);
    owners.set(modelId, username);
  }
  return { models: usernames, sha256 };
}

interface Entry {
  line: number;
  username: string;
  modelId: string;
}

function jsonEntries(file: string, text: string): Entry[] {
  const root = parseJsonNodes(text, file);
  if (root.kind !== "object") return [];
  return [...root.members].map(([username, node]) => ({ line: node.line, username, modelId: scalarText(node) }));
}

function csvEntries(file: string, text: string, problems: ProblemList): Entry[] {
  const table = csvTable(file, text, problems);
  if (table === undefined) return [];
  for (const column of ["username", "model_id"].filter((name) => !table.columns.includes(name))) {
    const remedy = "Add the column.";
    problems.add({ file, line: 1, column, found: "no such column", expected: "this column", remedy });
  }
  return table.records.map(({ line, values }) => ({
    line,
    username: values.get("username") ?? "",
    modelId: values.get("model_id") ?? "",
  }));
}
