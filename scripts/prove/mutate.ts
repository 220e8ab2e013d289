import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { keepEvidence, readEvidence, testedCommit } from "./keep-evidence.js";
import { listMutants } from "./mutation/list-mutants.js";
import type { Mutant, Verdict } from "./mutation/mutant.js";
import { Results, type KeptVerdicts } from "./mutation/results.js";
import { runMutants } from "./mutation/run-mutants.js";
import { readReviewed, summarize, TARGET, type Summary } from "./mutation/summarize.js";
import { Workspace } from "./mutation/workspace.js";
import { NumeraireError } from "../../sdk/numeraire-error.js";
import { reportFailure } from "../terminal/command-line.js";
import { readOptions } from "../terminal/read-options.js";

const REVIEWED = "scripts/prove/equivalent-mutants.json";
const RESULTS = "cache/mutation.jsonl";
const HELP = `Changes the contracts in many small ways, one at a time, and asks the tests whether they notice.

Usage: npm run mutate -- [--sample N] [--seed S] [--file F] [--workers N] [--minutes N] [--fresh] [--retry]
         [--list] [--json] [--write]

Verdicts of earlier runs on the same contracts are kept, those in docs/evidence/mutate.json too: then nothing is left to
test, unless --fresh is given. The summary says how many were tested now, how many kept, and of which commits.

  --sample N   only N mutants, chosen by the seed
  --seed S     another choice of as many (default 1)
  --file F     only mutants of this source file
  --workers N  tests that run at once, 1 or 2 (default 2)
  --minutes N  begin no further mutant after N minutes; the summary says how many have a verdict
  --fresh      forget the verdicts of earlier runs and test again
  --retry      test earlier survivors again that have no reviewed reason, after adding tests
  --list       say which mutants there are, and test none
  --json       print JSON instead of text
  --write      keep the result under docs/evidence/

A mutant that no test needs to kill is named with its reason in ${REVIEWED}.
Example: npm run mutate -- --sample 6 --fresh
Exit code: 0 when at least ${TARGET} % are killed by failing tests and every survivor has a reviewed reason, 2 when not,
1 on an error. A time-out is not a kill.`;

const options = {
  sample: { type: "string" },
  seed: { type: "string", default: "1" },
  file: { type: "string" },
  workers: { type: "string", default: "2" },
  minutes: { type: "string" },
  fresh: { type: "boolean", default: false },
  retry: { type: "boolean", default: false },
  list: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
  write: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
} as const;

function log(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** A whole number of a flag, at least one. */
function count(flag: string, value: string): number {
  const number = Number(value);
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new NumeraireError(`--${flag}: found ${value}, expected a whole number above zero`, {
    hint: `For example: --${flag} 2`,
  });
}

/** The same choice for the same seed, in an order of its own, so that a run cut short is a smaller sample. */
function choose(mutants: readonly Mutant[], sample: number, seed: string): Mutant[] {
  const key = ({ id }: Mutant): string => createHash("sha256").update(`${seed} ${id}`).digest("hex");
  return [...mutants].sort((a, b) => (key(a) < key(b) ? -1 : 1)).slice(0, sample);
}

function print(summary: Summary): void {
  const { ran, total, counts, testedNow, keptFromEarlier, earlierCommits, killedPercent, survivors, kept } = summary;
  for (const { id, line, outcome, reason } of survivors) {
    console.log(`${outcome} (line ${line}): ${id}\n  ${reason ?? "no reason on the reviewed list"}`);
  }
  const parts = Object.entries(counts).map(([outcome, number]) => `${number} ${outcome}`);
  console.log(`mutants: ${ran} of ${total} have a verdict: ${parts.join(", ")}`);
  const commits = earlierCommits.length === 0 ? "" : `, of commit ${earlierCommits.join(", ")}`;
  const again = keptFromEarlier === 0 ? "" : " (--fresh tests them again)";
  console.log(
    `tested now: ${testedNow}, kept from earlier runs of the same contracts: ${keptFromEarlier}${commits}${again}`,
  );
  console.log(`killed: ${killedPercent} % of those that compiled and are not explained, target ${TARGET} %`);
  console.log(kept ? "kept: every survivor is explained" : "broken: see the survivors above");
}

async function main(): Promise<number> {
  const values = readOptions("mutate", options);
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const workers = Math.min(count("workers", values.workers), 2);
  const started = Date.now();
  const { mutants: all, callers } = await listMutants();
  const inFile = all.filter(({ file }) => values.file === undefined || file === values.file);
  if (inFile.length === 0) {
    throw new NumeraireError(`--file: found no mutants of ${values.file ?? "contracts/"}, expected a contract`, {
      hint: "Name a file as contracts/Scoring.sol or contracts/libraries/Auction.sol.",
    });
  }
  const mutants = values.sample === undefined ? inFile : choose(inFile, count("sample", values.sample), values.seed);
  if (values.list) {
    console.log(values.json ? JSON.stringify(mutants, null, 2) : mutants.map(({ id }) => id).join("\n"));
    return 0;
  }

  const kept = readEvidence("mutate") as Partial<KeptVerdicts> | undefined;
  const results = new Results(RESULTS, values.fresh, kept);
  const reviewed = readReviewed(REVIEWED);
  const isDone = ({ id }: Mutant): boolean => {
    const known = results.get(id);
    if (known === undefined) return false;
    return !values.retry || !["survived", "timed out"].includes(known.outcome) || reviewed[id] !== undefined;
  };
  const due = mutants.filter((mutant) => !isDone(mutant));
  log(`${mutants.length} of ${all.length} mutants chosen, ${due.length} to run`);

  const testedNow = new Set<string>();
  const limit = values.minutes === undefined ? Infinity : count("minutes", values.minutes) * 60_000;
  if (due.length > 0) {
    const root = mkdtempSync(join(tmpdir(), "numeraire-mutants-"));
    try {
      const workspaces = Array.from({ length: workers }, (_, i) => new Workspace(join(root, String(i))));
      const commit = testedCommit();
      const onVerdict = (verdict: Verdict): void => {
        results.add({ ...verdict, commit });
        testedNow.add(verdict.id);
        log(`${testedNow.size}/${due.length} ${verdict.outcome} in ${verdict.seconds} s: ${verdict.id}`);
      };
      await runMutants(due, { workspaces, callers, onVerdict, log, stopAt: started + limit });
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  }

  const verdicts = mutants.flatMap(({ id }) => results.get(id) ?? []);
  const summary = summarize(verdicts, all.length, reviewed, testedNow);
  if (values.write) keepEvidence("mutate", { ...summary, sources: results.sources, verdicts });
  if (values.json) {
    console.log(JSON.stringify({ ...summary, verdicts }, null, 2));
  } else {
    print(summary);
  }
  return summary.kept ? 0 : 2;
}

process.exitCode = await main().catch(reportFailure);
