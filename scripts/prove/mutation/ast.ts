/** A node of the compiler's syntax tree; which other fields it has depends on its type. */
export interface AstNode {
  nodeType: string;
  /** `start:length:file`, in bytes. */
  src: string;
  [field: string]: unknown;
}

function isNode(value: unknown): value is AstNode {
  return typeof value === "object" && value !== null && "nodeType" in value && "src" in value;
}

/** The node in a field, if there is one. */
export function child(node: AstNode, field: string): AstNode | undefined {
  const value = node[field];
  return isNode(value) ? value : undefined;
}

/** A field's text; empty where it is none. */
export function text(node: AstNode, field: string): string {
  const value = node[field];
  return typeof value === "string" ? value : "";
}

/** Where a node lies in its file, in bytes, the end exclusive. */
export function rangeOf(node: AstNode): { start: number; end: number } {
  const [start = 0, length = 0] = node.src.split(":").map(Number);
  return { start, end: start + length };
}

/** The compiler's name of an expression's type. */
export function typeOf(node: AstNode): string {
  const type = node["typeDescriptions"] as { typeIdentifier?: string } | undefined;
  return type?.typeIdentifier ?? "";
}

/** Visits a node and all below it, each with its parent and the field of the parent it is in; `false` skips what is below. */
export function walk(
  node: AstNode,
  visit: (node: AstNode, parent: AstNode | undefined, field: string) => boolean | undefined,
  parent?: AstNode,
  at = "",
): void {
  if (visit(node, parent, at) === false) return;
  for (const [field, value] of Object.entries(node)) {
    for (const item of Array.isArray(value) ? (value as unknown[]) : [value]) {
      if (isNode(item)) walk(item, visit, node, field);
    }
  }
}
