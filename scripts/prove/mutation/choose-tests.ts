import { globSync } from "node:fs";
import { basename } from "node:path";

import { testedContract } from "./tested-contracts.js";
import { child, text, walk, type AstNode } from "./ast.js";

/** Random rounds by the hundred, and whole demos: minutes a mutant. One that only they would notice counts as a survivor. */
const LONG = /\/(auction-reference|demo|demo-scenarios)\.test\.ts$/;
/** Full chunks run out of gas without the whole optimizer. */
const OPTIMIZED = /\/(several-chunks|settling-chunks)\.test\.ts$/;

/** Tests that only a build with the project's exact settings passes. */
export function optimizedTests(contract: string): string[] {
  return testsOf(contract).filter((file) => OPTIMIZED.test(file));
}

/** Every other test of a contract, the quick ones first; no tests of gas, since mutants cost other gas. */
export function allTests(contract: string): string[] {
  return testsOf(contract).filter((file) => !LONG.test(file) && !OPTIMIZED.test(file));
}

function testsOf(contract: string): string[] {
  return testedContract(contract).tests.flatMap((pattern) => globSync(pattern).sort());
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
