import { readFileSync } from "node:fs";
import { join } from "node:path";

import { NumeraireError } from "../../sdk/numeraire-error.js";
import { reportFailure } from "../terminal/command-line.js";
import { readOptions } from "../terminal/read-options.js";
import { keepEvidence } from "./keep-evidence.js";
import { checkModel, solverVersion, type Verdict } from "./model-checker.js";
import { NOT_PROVED, PROPERTIES, RESTATED, leftBehind, type Property } from "./properties.js";

const HELP = `Proves the accounting of the contracts with solc's SMTChecker (engine CHC) and Z3.

Usage: npm run prove -- [--json] [--write]

Models in scripts/prove/proofs restate the accounting. For each claim it checks that the assertion is proved, that
it is refuted once the model is made wrong, and that the contracts still say what the models restate.
Needs z3 on the PATH: on Debian \`apt-get install z3\`, with Homebrew \`brew install z3\`.

  --json   print JSON instead of lines
  --write  keep the result as docs/evidence/prove.json

Example: npm run prove -- --json
Exit code: 0 when every claim holds, 1 on an error, 2 when a claim does not hold.`;

const ROOT = join(import.meta.dirname, "../..");

interface Result {
  property: Property;
  verdict: Verdict;
  /** Verdict on the model made wrong. */
  weakened: Verdict;
  seconds: number;
}

function weaken({ file, assertion, weakened: { from, to } }: Property, text: string): string {
  if (!text.includes(from)) {
    throw new NumeraireError(`${file} has no text "${from}" to change for ${assertion}`, {
      hint: "bring scripts/prove/properties.ts up to date with the model",
    });
  }
  return text.replaceAll(from, to);
}

function prove(): Result[] {
  const checked = new Map<string, Map<string, Verdict>>(); // all assertions of a contract are checked at once
  return PROPERTIES.map((property) => {
    const { file, contract, assertion, promise } = property;
    const text = readFileSync(join(import.meta.dirname, "proofs", file), "utf8");
    const start = performance.now();
    const verdicts = checked.get(contract) ?? checkModel(file, text, contract);
    checked.set(contract, verdicts);
    const verdict = verdicts.get(assertion) ?? "unknown";
    const weakened = checkModel(file, weaken(property, text), contract).get(assertion) ?? "unknown";
    const seconds = Number(((performance.now() - start) / 1000).toFixed(1));
    console.error(`${promise} ${contract}.${assertion}: ${verdict}; made wrong: ${weakened} (${seconds} s)`);
    return { property, verdict, weakened, seconds };
  });
}

function main(): number {
  const values = readOptions("prove", {
    json: { type: "boolean" },
    write: { type: "boolean" },
    help: { type: "boolean", short: "h" },
  });
  if (values.help === true) {
    console.log(HELP);
    return 0;
  }
  const solver = solverVersion();
  const missing = leftBehind((file) => readFileSync(join(ROOT, file), "utf8"));
  const results = prove();
  const holding = results.filter(({ verdict, weakened }) => verdict === "proved" && weakened === "refuted");
  const broken = results.length - holding.length + missing.length;
  const claims = results.map(({ property: { promise, contract, assertion, says }, ...rest }) => ({
    promise,
    claim: `${contract}.${assertion}`,
    says,
    ...rest,
  }));
  const summary = { solver, claims, leftBehind: missing, notProved: NOT_PROVED, broken };
  if (values.write === true) keepEvidence("prove", summary);
  if (values.json === true) {
    console.log(JSON.stringify(summary, null, 2));
  } else {
    console.log(`${solver}\n\nProved, of the models in scripts/prove/proofs:`);
    for (const { property } of holding) {
      const { promise, says, contract, assertion } = property;
      console.log(`  ${promise.padEnd(12)} ${says} (${contract}.${assertion})`);
    }
    console.log("\nNot proved:");
    for (const reason of NOT_PROVED) console.log(`  - ${reason}`);
    console.log("");
    for (const result of results.filter((one) => !holding.includes(one))) {
      const { property, verdict, weakened } = result;
      console.log(`BROKEN ${property.contract}.${property.assertion}: ${verdict}; made wrong: ${weakened}`);
    }
    for (const line of missing) console.log(`BROKEN ${line}`);
    console.log(
      `prove: ${holding.length} of ${results.length} claims proved, ${RESTATED.length - missing.length} of ${RESTATED.length} restated statements found`,
    );
  }
  return broken === 0 ? 0 : 2;
}

try {
  process.exitCode = main();
} catch (error) {
  process.exitCode = reportFailure(error);
}
