import { globSync } from "node:fs";
import { basename } from "node:path";

import { child, text, walk, type AstNode } from "./ast.js";

const ALL: Readonly<Record<string, readonly string[]>> = {
  Numeraire: ["test/unit/Numeraire/*.test.ts"],
  OracleCommittee: ["test/unit/OracleCommittee/*.test.ts"],
  StakingTournament: ["test/unit/{StakingTournament,EtherPayments,libraries}/*.test.ts", "test/integration/*.test.ts"],
};

/**
 * Left out: random rounds by the hundred take minutes a mutant, and full chunks need the optimizer that mutants do
 * without, or they run out of gas. A mutant that only these would notice counts as a survivor.
 */
const LEFT_OUT = /\/(auction-reference|several-chunks|settling-chunks)\.test\.ts$/;

/** Every test of a contract, the quick ones first; tests of gas are not among them, since mutants cost other gas. */
export function allTests(contract: string): string[] {
  return (ALL[contract] ?? []).flatMap((pattern) => globSync(pattern).sort()).filter((file) => !LEFT_OUT.test(file));
}

/**
 * For each function, the externally callable ones that reach it, itself among them.
 * @param units Syntax trees of all sources.
 */
export function callersByFunction(units: readonly AstNode[]): Map<string, Set<string>> {
  const names = new Map<number, string>();
  const calls = new Map<string, Set<string>>();
  for (const unit of units) {
    walk(unit, (node) => {
      if (node.nodeType === "FunctionDefinition") names.set(Number(node["id"]), text(node, "name"));
      return undefined;
    });
  }
  for (const unit of units) {
    walk(unit, (node) => {
      const body = node.nodeType === "FunctionDefinition" ? child(node, "body") : undefined;
      if (body === undefined) return undefined;
      walk(body, (inner) => {
        const called = names.get(Number(inner["referencedDeclaration"]));
        if (called !== undefined) calls.set(called, (calls.get(called) ?? new Set()).add(text(node, "name")));
        return undefined;
      });
      return false;
    });
  }
  return new Map(
    [...names.values()].map((name) => {
      const reached = new Set([name]);
      // A set visits what is added while it is being visited.
      for (const next of reached) for (const caller of calls.get(next) ?? []) reached.add(caller);
      return [name, reached];
    }),
  );
}

/** The tests named after the function of a mutant or after what calls it, nearest first. */
export function nearTests(within: string, contract: string, callers: ReadonlyMap<string, Set<string>>): string[] {
  const all = allTests(contract);
  return [...(callers.get(within) ?? [within])].flatMap((name) =>
    all.filter((file) => basename(file) === `${name}.test.ts`),
  );
}
