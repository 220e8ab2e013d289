import { globSync, readFileSync } from "node:fs";

import { callersByFunction } from "./choose-tests.js";
import { compile } from "./compile.js";
import { findMutants } from "./find-mutants.js";
import type { Mutant } from "./mutant.js";
import { fieldsOfStructs } from "./siblings.js";
import { NumeraireError } from "../../../sdk/numeraire-error.js";

export interface MutantList {
  mutants: Mutant[];
  /** For each function, the callable ones that reach it. */
  callers: Map<string, Set<string>>;
}

/**
 * Every mutant of the shipped contracts, in the order of files and lines. Interfaces have no code and mocks never ship.
 * @throws {NumeraireError} when the contracts do not compile.
 */
export async function listMutants(): Promise<MutantList> {
  const files = globSync(["contracts/*.sol", "contracts/libraries/*.sol"]).sort();
  const interfaces = globSync("contracts/interfaces/*.sol");
  const { errors, trees } = await compile({ changed: {}, targets: [], trees: [...files, ...interfaces] });
  const [error] = errors;
  if (error !== undefined) {
    throw new NumeraireError(`reading the contracts' syntax: ${error.message}`, {
      hint: "npm run build must pass first.",
    });
  }
  const structs = fieldsOfStructs(Object.values(trees));
  const mutants = files.flatMap((file) => {
    const tree = trees[file];
    return tree === undefined ? [] : findMutants(file, readFileSync(file, "utf8"), tree, structs);
  });
  return { mutants, callers: callersByFunction(Object.values(trees)) };
}
