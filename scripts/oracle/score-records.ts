import { CsvError, parse } from "csv-parse/sync";
import type { JsonNode } from "./json-nodes.js";
import { type ProblemList, quoted } from "../terminal/problem-list.js";

/** A row of a score file before its values are judged. */
export interface ScoreRecord {
  line: number;
  /** Text of each column; a column without a value is left out or empty. */
  values: Map<string, string>;
}

/** Columns every score file has, beside those that name the model. */
const MEASUREMENTS = ["live_logloss", "consistency", "concordance", "originality"];

/** The records of a CSV file with a header; problems with its form are added to `problems`. */
export function csvRecords(file: string, text: string, problems: ProblemList): ScoreRecord[] {
  const table = csvTable(file, text, problems);
  const isComplete = table !== undefined && hasColumns(file, new Set(table.columns), problems);
  return isComplete ? table.records : [];
}

/** Header and records of any CSV text; undefined, with a problem added, when it is no CSV. */
export function csvTable(
  file: string,
  text: string,
  problems: ProblemList,
): { columns: string[]; records: ScoreRecord[] } | undefined {
  let lines: { record: string[]; info: { lines: number } }[];
  try {
    // with `info` the parser answers pairs of record and position, which its declared type does not tell
    lines = parse(text, { info: true, trim: true, skip_empty_lines: true, relax_column_count: true }) as never;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error["lines"] === "number" ? error["lines"] : 1;
    const found = `text that is not CSV (${error.message})`;
    problems.add({ file, line, column: "row", found, expected: "CSV", remedy: "Close the quotes, or export again." });
    return undefined;
  }
  const [header, ...body] = lines;
  const columns = header?.record ?? [];
  for (const column of new Set(columns.filter((name, index) => columns.indexOf(name) !== index))) {
    const remedy = "Keep the column that is meant.";
    problems.add({ file, line: 1, column, found: "this column twice", expected: "it once", remedy });
  }
  const records: ScoreRecord[] = [];
  for (const { record, info } of body) {
    // the parser is at the end of the record, which may have line ends in its values
    const line = info.lines - (record.join("").split("\n").length - 1);
    if (record.length === columns.length) {
      records.push({ line, values: new Map(columns.map((name, index) => [name, record[index] ?? ""])) });
      continue;
    }
    const found = `${record.length} values`;
    const expected = `${columns.length}, as in the header`;
    problems.add({ file, line, column: "row", found, expected, remedy: "Add or quote what is missing." });
  }
  return { columns, records };
}

/** The records of a JSON array of rows, or of `{"scores": [...]}`; undefined when the JSON is something else. */
export function jsonRecords(file: string, root: JsonNode, problems: ProblemList): ScoreRecord[] | undefined {
  const list = root.kind === "object" ? root.members.get("scores") : root;
  if (list?.kind !== "array") return undefined;
  const isLeaderboard = list.items.some((item) => item.kind === "object" && item.members.has("username"));
  if (isLeaderboard) return undefined;
  return list.items.flatMap((item) => {
    if (item.kind !== "object") {
      const found = item.kind === "array" ? "an array" : quoted(scalarText(item));
      const remedy = "Write one object a model.";
      problems.add({ file, line: item.line, column: "row", found, expected: "an object", remedy });
      return [];
    }
    if (!hasColumns(file, new Set(item.members.keys()), problems, item.line)) return [];
    return [{ line: item.line, values: new Map([...item.members].map(([key, node]) => [key, scalarText(node)])) }];
  });
}

/** Text of a JSON value as a CSV would hold it: null is empty, numbers keep their digits. */
export function scalarText(node: JsonNode): string {
  if (node.kind === "string") return node.value.trim();
  if (node.kind === "number") return node.text;
  if (node.kind === "boolean") return String(node.value);
  return node.kind === "null" ? "" : `[${node.kind}]`;
}

/** Whether every column a score needs is there; those that are not are added to `problems`. */
function hasColumns(file: string, columns: ReadonlySet<string>, problems: ProblemList, line = 1): boolean {
  const missing = MEASUREMENTS.filter((name) => !columns.has(name));
  if (!columns.has("model_id") && !(columns.has("model") && columns.has("owner"))) missing.unshift("model_id");
  for (const column of missing) {
    const expected = column === "model_id" ? "model_id, or model and owner" : "this column";
    problems.add({ file, line, column, found: "no such column", expected, remedy: "Add the column." });
  }
  return missing.length === 0;
}
