import { readFileSync } from "node:fs";

import { compile } from "./compile.js";
import type { Mutant } from "./mutant.js";
import { SENTINEL, SWITCH_FILE, SWITCH_SOURCE, switchMutants } from "./switch-mutants.js";
import { contractOf, testedContract } from "./tested-contracts.js";
import type { Workspace } from "./workspace.js";
import { NumeraireError } from "../../../sdk/numeraire-error.js";

/** Creation bytecode, without `0x`, by contract. */
export type Bytecode = Readonly<Record<string, string>>;

/** One build with many mutants in it, none of them active. */
export interface SwitchedBuild {
  bytecode: Bytecode;
  /** The number that activates each mutant. */
  numbers: Map<Mutant, number>;
  /** What the compiler refused, and why. */
  refused: Map<Mutant, string>;
}

/**
 * Builds a contract with mutants that the bytecode can switch on; what the compiler refuses is left out.
 * @throws {NumeraireError} when it refuses something else than a mutant.
 */
export async function buildSwitched(contract: string, mutants: readonly Mutant[]): Promise<SwitchedBuild> {
  const numbers = new Map(mutants.map((mutant, i) => [mutant, i + 1]));
  const refused = new Map<Mutant, string>();
  for (;;) {
    const changed: Record<string, string> = { [SWITCH_FILE]: SWITCH_SOURCE };
    for (const file of new Set([...numbers.keys()].map((mutant) => mutant.file))) {
      const here = [...numbers].filter(([mutant]) => mutant.file === file);
      changed[file] = switchMutants(
        readFileSync(file, "utf8"),
        here.map(([mutant, number]) => ({ mutant, number })),
      );
    }
    const { errors, bytecode } = await compile({ changed, targets: testedContract(contract).builds, trees: [] });
    if (errors.length === 0) return { bytecode, numbers, refused };

    for (const { message, file, start } of errors) {
      // The mutant that begins last before the error is the one to blame.
      const before = Buffer.from(changed[file] ?? "")
        .subarray(0, start + "mutantActive(".length + 9)
        .toString();
      const number = Number([...before.matchAll(/mutantActive\((\d+)\)/g)].at(-1)?.[1] ?? 0);
      const culprit = [...numbers].find(([, n]) => n === number)?.[0];
      if (culprit === undefined && refused.size > 0) continue;
      if (culprit === undefined) {
        throw new NumeraireError(`building ${contract} with mutants: ${message}`, {
          hint: "This is a mistake of the mutator: the message shows which text it wrote.",
        });
      }
      refused.set(culprit, message.split("\n")[0] ?? message);
      numbers.delete(culprit);
    }
  }
}

/**
 * Builds a contract with one mutant and no switch; gives what the compiler says if it refuses.
 * @param optimized Whether to use the project's exact settings, which take three times as long.
 */
export async function buildAlone(
  mutant: Mutant,
  optimized: boolean,
): Promise<{ bytecode: Bytecode; error: string | undefined }> {
  const source = readFileSync(mutant.file);
  const wrapped = { expression: `(${mutant.after})`, statement: `{ ${mutant.after} }`, alone: mutant.after };
  const after = Buffer.from(wrapped[mutant.form]);
  const pieces = [source.subarray(0, mutant.start), after, source.subarray(mutant.end)];
  const { errors, bytecode } = await compile({
    changed: { [mutant.file]: Buffer.concat(pieces).toString() },
    targets: testedContract(contractOf(mutant.file)).builds,
    trees: [],
    optimized,
  });
  return { bytecode, error: errors[0]?.message.split("\n")[0] };
}

/** Puts a build into a workspace, with the mutant of a number active; zero is none. */
export function installBuild(workspace: Workspace, bytecode: Bytecode, number: number): void {
  for (const [contract, code] of Object.entries(bytecode)) {
    workspace.install(contract, code.replaceAll(SENTINEL, number.toString(16).padStart(64, "0")));
  }
}
