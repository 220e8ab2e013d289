import { existsSync, readFileSync } from "node:fs";
import { posix } from "node:path";

import { NumeraireError } from "../../../sdk/numeraire-error.js";

/** A contract that is deployed, with what the tests of its mutants need. */
export interface TestedContract {
  /** Contracts built from the mutated sources: the deployed one first, then what else its tests deploy. */
  builds: readonly { file: string; contract: string }[];
  /** Patterns of its test files. */
  tests: readonly string[];
}

/** Every deployed contract by name. A new one is registered here, or mutation testing refuses to run. */
const TESTED: Readonly<Record<string, TestedContract>> = {
  Numeraire: {
    builds: [{ file: "contracts/Numeraire.sol", contract: "Numeraire" }],
    tests: ["test/unit/Numeraire/*.test.ts"],
  },
  OracleCommittee: {
    builds: [{ file: "contracts/OracleCommittee.sol", contract: "OracleCommittee" }],
    tests: ["test/unit/OracleCommittee/*.test.ts"],
  },
  StakingTournament: {
    builds: [
      { file: "contracts/StakingTournament.sol", contract: "StakingTournament" },
      { file: "contracts/mocks/TrackRecordHarness.sol", contract: "TrackRecordHarness" },
    ],
    tests: ["test/unit/{StakingTournament,EtherPayments,libraries}/*.test.ts", "test/integration/*.test.ts"],
  },
  WeeklyRewards: {
    builds: [{ file: "contracts/WeeklyRewards.sol", contract: "WeeklyRewards" }],
    tests: ["test/unit/WeeklyRewards/*.test.ts"],
  },
  BountyGrants: {
    builds: [{ file: "contracts/BountyGrants.sol", contract: "BountyGrants" }],
    tests: ["test/unit/BountyGrants/*.test.ts", "test/integration/bounty-*.test.ts"],
  },
  ComputeEscrow: {
    builds: [{ file: "contracts/ComputeEscrow.sol", contract: "ComputeEscrow" }],
    tests: ["test/unit/ComputeEscrow/*.test.ts"],
  },
  NumeraireVotes: {
    builds: [{ file: "contracts/NumeraireVotes.sol", contract: "NumeraireVotes" }],
    tests: ["test/unit/NumeraireVotes/*.test.ts"],
  },
  NumeraireGovernor: {
    builds: [{ file: "contracts/NumeraireGovernor.sol", contract: "NumeraireGovernor" }],
    tests: ["test/unit/NumeraireGovernor/*.test.ts"],
  },
};

/** @throws {NumeraireError} for a contract that is not registered. */
export function testedContract(name: string): TestedContract {
  const tested = TESTED[name];
  if (tested !== undefined) return tested;
  throw unregistered(name);
}

/**
 * The contract whose tests look at a source file: the first whose code holds it.
 * @throws {NumeraireError} when no registered contract does.
 */
export function contractOf(file: string): string {
  const found = Object.keys(TESTED).find((name) => sourcesOf(name).includes(file));
  if (found !== undefined) return found;
  throw unregistered(file);
}

/** The project's own sources of a contract, itself and all that it imports, interfaces included, sorted. */
export function sourcesOf(name: string): string[] {
  const sources = new Set(testedContract(name).builds.map(({ file }) => file));
  // A set visits what is added while it is being visited.
  for (const source of sources) {
    for (const [, imported = ""] of readFileSync(source, "utf8").matchAll(/(?:from|import)\s+"(\.[^"]+)"/g)) {
      const path = posix.join(posix.dirname(source), imported);
      if (existsSync(path)) sources.add(path);
    }
  }
  return [...sources].sort();
}

function unregistered(name: string): NumeraireError {
  return new NumeraireError(`mutation testing: found no tests for ${name}, expected a contract that holds its code`, {
    hint: "Register the contract in scripts/prove/mutation/tested-contracts.ts.",
  });
}
