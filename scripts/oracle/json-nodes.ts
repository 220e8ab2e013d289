import { ProblemList, quoted } from "../terminal/problem-list.js";

/** A JSON value that knows its line; numbers keep the digits they were written with. */
export type JsonNode = { line: number } & (
  | { kind: "null" }
  | { kind: "boolean"; value: boolean }
  | { kind: "number"; text: string }
  | { kind: "string"; value: string }
  | { kind: "array"; items: JsonNode[] }
  | { kind: "object"; members: Map<string, JsonNode> }
);

const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null|[[\]{}:,]/y;
const SPACE = /[ \t\r\n]*/y;

/**
 * Parses JSON keeping lines and the digits of numbers, both of which `JSON.parse` drops.
 * @param file Name used in the error.
 * @throws {NumeraireError} with the line where the text stops being JSON, or where a key is repeated.
 */
export function parseJsonNodes(text: string, file: string): JsonNode {
  const problems = new ProblemList();
  try {
    JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const position = Number(/position (\d+)/.exec(reason)?.[1] ?? text.length);
    const line = lineAt(text, position);
    const found = `text that is not JSON (${reason.replaceAll(/\s+/g, " ")})`;
    problems.add({ file, line, column: "file", found, expected: "JSON", remedy: "Export the file again." });
    problems.throwIfAny();
  }
  const root = new Reader(text, file, problems).value();
  problems.throwIfAny();
  return root;
}

/** Reads text that is known to be JSON, so it checks nothing but repeated keys. */
class Reader {
  #offset = 0;
  #line = 1;
  readonly #text: string;
  readonly #file: string;
  readonly #problems: ProblemList;

  constructor(text: string, file: string, problems: ProblemList) {
    this.#text = text;
    this.#file = file;
    this.#problems = problems;
  }

  value(token = this.#next()): JsonNode {
    const line = this.#line;
    if (token === "{") return { line, kind: "object", members: this.#members() };
    if (token === "[") return { line, kind: "array", items: this.#items() };
    if (token === "null") return { line, kind: "null" };
    if (token === "true" || token === "false") return { line, kind: "boolean", value: token === "true" };
    if (token.startsWith('"')) return { line, kind: "string", value: String(JSON.parse(token)) };
    return { line, kind: "number", text: token };
  }

  #members(): Map<string, JsonNode> {
    const members = new Map<string, JsonNode>();
    for (let token = this.#next(); token !== "}"; token = this.#next()) {
      if (token === ",") continue;
      const key = String(JSON.parse(token));
      const line = this.#line;
      this.#next(); // the colon
      if (members.has(key)) {
        const found = `the key ${quoted(key)} twice in one object`;
        const remedy = "Keep the value that is meant.";
        this.#problems.add({ file: this.#file, line, column: key, found, expected: "it once", remedy });
      }
      members.set(key, this.value());
    }
    return members;
  }

  #items(): JsonNode[] {
    const items: JsonNode[] = [];
    for (let token = this.#next(); token !== "]"; token = this.#next()) {
      if (token !== ",") items.push(this.value(token));
    }
    return items;
  }

  #next(): string {
    const space = this.#match(SPACE);
    this.#line += space.split("\n").length - 1;
    return this.#match(TOKEN);
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#offset;
    const match = pattern.exec(this.#text)?.[0] ?? "";
    this.#offset += match.length;
    return match;
  }
}

function lineAt(text: string, position: number): number {
  return text.slice(0, position).split("\n").length;
}
