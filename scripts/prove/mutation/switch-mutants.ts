import type { Mutant } from "./mutant.js";

/** Path and text of the source that says which mutant is active. */
export const SWITCH_FILE = "contracts/MutantSwitch.sol";
/** Stands in the bytecode for the number of the active mutant. */
export const SENTINEL = "d4058fa5956ae33a7688966a93c8b05bf3566e65dda0d72faf85a6ace3b02c63";
export const SWITCH_SOURCE = `// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

// Beyond the end of calldata lies zero, which the optimizer cannot know: so it keeps every mutant.
function mutantActive(uint256 mutant) pure returns (bool active) {
    assembly ("memory-safe") {
        active := eq(mutant, xor(calldataload(0xffffffffffffffff), 0x${SENTINEL}))
    }
}
`;

/**
 * A source with mutants that can be switched on at run time, one at a time.
 * @param source Original text.
 * @param mutants Mutants of this file, each with the number that switches it on.
 */
export function switchMutants(source: string, mutants: readonly { number: number; mutant: Mutant }[]): string {
  const bytes = Buffer.from(source);

  /** What lies between two places, with the mutants inside. */
  const render = (start: number, end: number, inside: typeof mutants): string => {
    let [at, result] = [start, ""];
    let rest = [...inside].sort((a, b) => a.mutant.start - b.mutant.start || b.mutant.end - a.mutant.end);
    for (let [next] = rest; next !== undefined; [next] = rest) {
      const site = next.mutant;
      const here = rest.filter(
        ({ mutant }) => mutant.start === site.start && mutant.end === site.end && mutant.form === site.form,
      );
      const below = rest.filter((other) => !here.includes(other) && other.mutant.start < site.end);
      const original = render(site.start, site.end, below);
      result += bytes.subarray(at, site.start).toString();
      if (site.form === "statement") {
        const cases = here.map(({ number, mutant }) => `if (mutantActive(${number})) { ${mutant.after} } else `);
        result += `{ ${cases.join("")}{ ${original} } }`;
      } else {
        const cases = here.map(({ number, mutant }) => `mutantActive(${number}) ? (${mutant.after}) : `);
        result += `(${cases.join("")}(${original}))`;
      }
      at = site.end;
      rest = rest.filter(({ mutant }) => mutant.start >= site.end);
    }
    return result + bytes.subarray(at, end).toString();
  };

  const switched = render(0, bytes.length, mutants);
  return switched.replace(/^pragma .*$/m, (pragma) => `${pragma}\nimport {mutantActive} from "${SWITCH_FILE}";`);
}
