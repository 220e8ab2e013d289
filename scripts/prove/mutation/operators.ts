import { child, rangeOf, text, typeOf, type AstNode } from "./ast.js";
import type { Mutant } from "./mutant.js";
import type { SiblingOf } from "./siblings.js";

/** A change of one node: the bytes it replaces, and by what. */
export interface Change extends Pick<Mutant, "operator" | "after" | "start" | "end" | "form"> {
  before: string;
}

/** The text of a node. */
export type TextOf = (node: AstNode) => string;

const BOUNDARY: Readonly<Record<string, string>> = { "<": "<=", "<=": "<", ">": ">=", ">=": ">" };
const OPPOSITE: Readonly<Record<string, string>> = {
  "<": ">=",
  "<=": ">",
  ">": "<=",
  ">=": "<",
  "==": "!=",
  "!=": "==",
};
const CONNECTIVE: Readonly<Record<string, string>> = { "||": "&&", "&&": "||" };
const ARITHMETIC: Readonly<Record<string, string>> = {
  "+": "-",
  "-": "+",
  "*": "/",
  "/": "*",
  "<<": ">>",
  ">>": "<<",
  "&": "|",
  "|": "&",
};
const CALLEE: Readonly<Record<string, string>> = { min: "max", max: "min" };

/** Another operator between the same operands. */
function swapOperator(node: AstNode, textOf: TextOf): Change[] {
  const [left, right] = [child(node, "leftExpression"), child(node, "rightExpression")];
  // The compiler works out expressions of literals by itself.
  if (left === undefined || right === undefined || typeOf(node).startsWith("t_rational")) return [];
  const operator = text(node, "operator");
  const swaps: [string, string | undefined][] = [
    ["boundary", BOUNDARY[operator]],
    ["flip comparison", OPPOSITE[operator]],
    ["connective", CONNECTIVE[operator]],
    ["arithmetic", ARITHMETIC[operator]],
  ];
  return swaps.flatMap(([name, other]) =>
    other === undefined ? [] : [expression(name, node, textOf, `${textOf(left)} ${other} ${textOf(right)}`)],
  );
}

function expression(operator: string, node: AstNode, textOf: TextOf, after: string): Change {
  return { operator, before: textOf(node), after, ...rangeOf(node), form: "expression" };
}

/** A number one more, where it counts, shifts or bounds something. */
function shiftLiteral(node: AstNode, parent: AstNode | undefined, textOf: TextOf): Change[] {
  if (text(node, "kind") !== "number" || parent === undefined) return [];
  const isOperand = parent.nodeType === "BinaryOperation" && !typeOf(parent).startsWith("t_rational");
  const isArgument = parent.nodeType === "FunctionCall" && parent["kind"] === "functionCall";
  // A comparison with zero is an emptiness test; "flip comparison" changes it.
  if ((!isOperand && !isArgument) || /^[=!]=$/.test(text(parent, "operator"))) return [];
  return [expression("off by one", node, textOf, `uint256(${textOf(node)}) + 1`)];
}

/** Types of a slot at most: of others a variable is a reference, which two branches cannot always share. */
const VALUE = /^t_(u?int\d+|bool|address|bytes\d+|enum\$.*|contract\$.*|userDefinedValueType\$.*)$/;

/** Another field of the struct, or another parameter of the function, of the same type. */
function mistake(node: AstNode, textOf: TextOf, siblingOf: SiblingOf): Change[] {
  const sibling = VALUE.test(typeOf(node)) ? siblingOf(node) : undefined;
  if (sibling === undefined) return [];
  if (node.nodeType === "Identifier") return [expression("wrong parameter", node, textOf, sibling)];
  const base = child(node, "expression");
  return base === undefined ? [] : [expression("wrong field", node, textOf, `${textOf(base)}.${sibling}`)];
}

/** Changes of an expression that can be switched at run time. */
export function changeExpression(
  node: AstNode,
  parent: AstNode | undefined,
  textOf: TextOf,
  siblingOf: SiblingOf,
): Change[] {
  switch (node.nodeType) {
    case "Identifier":
      return mistake(node, textOf, siblingOf);
    case "BinaryOperation":
      return swapOperator(node, textOf);
    case "MemberAccess":
      return textOf(node) === "block.timestamp"
        ? [expression("time bound", node, textOf, "block.timestamp + 1")]
        : mistake(node, textOf, siblingOf);
    case "Literal":
      if (text(node, "kind") === "bool") {
        return [expression("boolean", node, textOf, text(node, "value") === "true" ? "false" : "true")];
      }
      return shiftLiteral(node, parent, textOf);
    case "Conditional": {
      const parts = ["condition", "falseExpression", "trueExpression"].map((field) => child(node, field));
      const [condition, otherwise, then] = parts.map((part) => (part === undefined ? "" : textOf(part)));
      return [expression("swap branches", node, textOf, `${condition ?? ""} ? ${otherwise ?? ""} : ${then ?? ""}`)];
    }
    case "FunctionCall": {
      const callee = child(node, "expression");
      const other = callee === undefined ? undefined : CALLEE[text(callee, "memberName")];
      if (other === undefined) return [];
      return [expression("swap call", node, textOf, textOf(node).replace(/\.(min|max)\(/, `.${other}(`))];
    }
    case "UnaryOperation": {
      const operand = child(node, "subExpression");
      // As a statement of its own it is dropped instead.
      if (operand === undefined || parent?.nodeType === "ExpressionStatement") return [];
      if (text(node, "operator") === "!") return [expression("negate", node, textOf, textOf(operand))];
      if (text(node, "operator") !== "++") return [];
      return [expression("arithmetic", node, textOf, textOf(node).replace("++", "--"))];
    }
    default:
      return [];
  }
}

/** Changes of a statement that can be switched at run time. */
export function changeStatement(node: AstNode, textOf: TextOf, end: number): Change[] {
  const { start } = rangeOf(node);
  const change = (operator: string, after: string): Change => ({
    operator,
    before: textOf(node),
    after,
    start,
    end,
    form: "statement",
  });
  if (node.nodeType === "EmitStatement") return [change("drop effect", "")];
  if (node.nodeType === "IfStatement") {
    const body = child(node, "trueBody");
    const statements = (body?.["statements"] as AstNode[] | undefined) ?? (body === undefined ? [] : [body]);
    const reverts = statements.at(-1)?.nodeType === "RevertStatement" && child(node, "falseBody") === undefined;
    return [change(reverts ? "remove check" : "drop branch", "")];
  }
  if (node.nodeType !== "ExpressionStatement") return [];
  const inner = child(node, "expression");
  if (inner === undefined || !["Assignment", "UnaryOperation", "FunctionCall"].includes(inner.nodeType)) return [];
  // The compiler insists that storage references are set.
  if (typeOf(inner).includes("_storage_ptr")) return [];
  const changes = [change("drop effect", "")];
  const operator = inner.nodeType === "Assignment" ? text(inner, "operator") : "";
  const other = operator.length > 1 ? ARITHMETIC[operator.slice(0, -1)] : undefined;
  if (other !== undefined) changes.push(change("arithmetic", `${textOf(node).replace(operator, `${other}=`)};`));
  return changes;
}
