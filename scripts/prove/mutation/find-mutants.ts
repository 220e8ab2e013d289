import { changeAssembly } from "./assembly.js";
import { child, rangeOf, text, walk, type AstNode } from "./ast.js";
import type { Mutant } from "./mutant.js";
import { changeExpression, changeStatement, type Change, type TextOf } from "./operators.js";
import { siblingsIn, type SiblingOf } from "./siblings.js";

const SEMICOLON = 0x3b;

/**
 * Every mutant of a source file, in the order of the file.
 * @param file Path from the root of the project.
 * @param source Its text.
 * @param unit Its syntax tree.
 * @param structs Fields of the structs that it may use.
 */
export function findMutants(
  file: string,
  source: string,
  unit: AstNode,
  structs: ReadonlyMap<number, AstNode[]>,
): Mutant[] {
  const bytes = Buffer.from(source);
  const textOf: TextOf = (node) => {
    const { start, end } = rangeOf(node);
    return bytes.subarray(start, end).toString();
  };
  const found: { within: string; change: Change }[] = [];

  const body = (root: AstNode, within: string, siblingOf: SiblingOf): void => {
    walk(root, (node, parent, field) => {
      // A loop that does not go on ends only by a time-out, which proves nothing.
      if (field === "initializationExpression" || field === "loopExpression") return false;
      const { end } = rangeOf(node);
      const isAssembly = node.nodeType === "InlineAssembly";
      const changes = isAssembly
        ? changeAssembly(node, textOf)
        : [
            ...changeStatement(node, textOf, bytes[end] === SEMICOLON ? end + 1 : end),
            ...changeExpression(node, parent, textOf, siblingOf),
          ];
      for (const change of changes) found.push({ within, change });
      return !isAssembly;
    });
  };

  walk(unit, (node) => {
    if (node.nodeType === "FunctionDefinition") {
      const within = text(node, "name") === "" ? text(node, "kind") : text(node, "name");
      for (const modifier of text(node, "kind") === "constructor" ? [] : (node["modifiers"] as AstNode[])) {
        const change: Change = {
          operator: "drop modifier",
          before: textOf(modifier),
          after: "",
          ...rangeOf(modifier),
          form: "alone",
        };
        found.push({ within, change });
      }
      const block = child(node, "body");
      if (block !== undefined) body(block, within, siblingsIn(node, structs));
      return false;
    }
    const value =
      node.nodeType === "VariableDeclaration" && node["constant"] === true ? child(node, "value") : undefined;
    if (value !== undefined) {
      const change: Change = {
        operator: "off by one",
        before: textOf(value),
        after: `(${textOf(value)}) + 1`,
        ...rangeOf(value),
        form: "alone",
      };
      found.push({ within: text(node, "name"), change });
    }
    return undefined;
  });

  const seen = new Map<string, number>();
  return found
    .sort((a, b) => a.change.start - b.change.start || a.change.end - b.change.end)
    .map(({ within, change }) => {
      const oneLine = (code: string): string => code.replace(/\s+/g, " ");
      const name = `${file} ${within}: ${change.operator}: ${oneLine(change.before)} → ${oneLine(change.after)}`;
      const count = (seen.get(name) ?? 0) + 1;
      seen.set(name, count);
      const line = bytes.subarray(0, change.start).toString().split("\n").length;
      return { ...change, id: count === 1 ? name : `${name} (${count})`, file, line, within };
    });
}
