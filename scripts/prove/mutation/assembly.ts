import { child, rangeOf, text, walk, type AstNode } from "./ast.js";
import type { Change, TextOf } from "./operators.js";

const SWAPS: Readonly<Record<string, string>> = { add: "sub", sub: "add", shl: "shr", shr: "shl", mul: "add" };

/** Changes inside a block of assembly; each replaces the whole block, which a statement around it can switch. */
export function changeAssembly(block: AstNode, textOf: TextOf): Change[] {
  const { start, end } = rangeOf(block);
  const source = Buffer.from(textOf(block));
  const changes: Change[] = [];
  const replace = (operator: string, node: AstNode, after: string): void => {
    const range = rangeOf(node);
    const pieces = [source.subarray(0, range.start - start), Buffer.from(after), source.subarray(range.end - start)];
    changes.push({
      operator,
      before: textOf(block),
      after: Buffer.concat(pieces).toString(),
      start,
      end,
      form: "statement",
    });
  };
  walk(block, (node) => {
    if (node.nodeType === "YulExpressionStatement" || node.nodeType === "YulAssignment")
      replace("drop effect", node, "");
    if (node.nodeType === "YulLiteral" && text(node, "kind") === "number") {
      replace("off by one", node, (BigInt(text(node, "value")) + 1n).toString());
    }
    const callee = node.nodeType === "YulFunctionCall" ? child(node, "functionName") : undefined;
    const other = callee === undefined ? undefined : SWAPS[text(callee, "name")];
    if (callee !== undefined && other !== undefined) replace("arithmetic", callee, other);
    if (callee !== undefined && text(callee, "name") === "and") {
      for (const operand of node["arguments"] as AstNode[]) replace("drop operand", node, textOf(operand));
    }
    return undefined;
  });
  return changes;
}
