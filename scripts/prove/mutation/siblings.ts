import { child, text, typeOf, walk, type AstNode } from "./ast.js";

/** What else of the same type an expression could have named by mistake. */
export type SiblingOf = (node: AstNode) => string | undefined;

/** The first after a name, in a circle, that has its type; nothing where it is the only one. */
function next(fields: readonly AstNode[], name: string): string | undefined {
  const at = fields.findIndex((field) => text(field, "name") === name);
  const field = fields[at];
  if (field === undefined) return undefined;
  const others = [...fields.slice(at + 1), ...fields.slice(0, at)];
  const other = others.find((candidate) => typeOf(candidate) === typeOf(field) && text(candidate, "name") !== "");
  return other === undefined ? undefined : text(other, "name");
}

/** Fields of every struct in some syntax trees, by the number that the compiler gives it. */
export function fieldsOfStructs(trees: readonly AstNode[]): Map<number, AstNode[]> {
  const structs = new Map<number, AstNode[]>();
  for (const tree of trees) {
    walk(tree, (node) => {
      if (node.nodeType === "StructDefinition") structs.set(node["id"] as number, node["members"] as AstNode[]);
      return undefined;
    });
  }
  return structs;
}

/** Parameters of a function, those it returns included. */
function parametersOf(definition: AstNode): AstNode[] {
  return ["parameters", "returnParameters"].flatMap((field) => child(definition, field)?.["parameters"] as AstNode[]);
}

/** Confuses fields of a struct, and parameters of a function; only what is read. */
export function siblingsIn(definition: AstNode, structs: ReadonlyMap<number, AstNode[]>): SiblingOf {
  const parameters = parametersOf(definition);
  const numbers = new Set(parameters.map((parameter) => parameter["id"]));
  return (node) => {
    if (node["lValueRequested"] === true) return undefined;
    if (node.nodeType === "Identifier") {
      return numbers.has(node["referencedDeclaration"]) ? next(parameters, text(node, "name")) : undefined;
    }
    const base = child(node, "expression");
    const [, struct] = /^t_struct\$_\w+_\$(\d+)_/.exec(base === undefined ? "" : typeOf(base)) ?? [];
    if (struct === undefined) return undefined;
    return next(structs.get(Number(struct)) ?? [], text(node, "memberName"));
  };
}
