import { reportFailure } from "../terminal/command-line.js";
import { readOptions } from "../terminal/read-options.js";
import { keepEvidence } from "./keep-evidence.js";
import { REVIEWED_FINDINGS, type ReviewedFinding } from "./reviewed-findings.js";
import { installSlither, runSlither, type Finding } from "./slither.js";

const HELP = `Analyses the contracts with Slither and compares what it finds with the reviewed findings.

Usage: npm run static -- [--json] [--write]

Needs Python 3.10 or newer; the first run installs the pinned Slither in .venv-slither. Findings of medium impact or
above are either in scripts/prove/reviewed-findings.ts, with the reason why they are no defect, or break the promise.

  --json   print JSON instead of lines
  --write  keep the result as docs/evidence/static.json

Example: npm run static -- --json
Exit code: 0 when every finding is explained, 1 on an error, 2 when one is not or a reason explains nothing.`;

const key = (detector: string, lines: string[]): string => [detector, ...[...lines].sort()].join("\n");
const reviewedKey = ({ detector, finding }: ReviewedFinding): string => key(detector, finding.split("\n"));
const foundKey = ({ detector, lines }: Finding): string => key(detector, lines);

function main(): number {
  const values = readOptions("static", {
    json: { type: "boolean" },
    write: { type: "boolean" },
    help: { type: "boolean", short: "h" },
  });
  if (values.help === true) {
    console.log(HELP);
    return 0;
  }
  installSlither();
  console.error("static: compiling and running the detectors, about a minute");
  const all = runSlither();
  const serious = all.filter(({ impact }) => impact === "High" || impact === "Medium");
  const reviewed = new Set(REVIEWED_FINDINGS.map(reviewedKey));
  const found = new Set(serious.map(foundKey));
  const unexplained = serious.filter((finding) => !reviewed.has(foundKey(finding)));
  const stale = REVIEWED_FINDINGS.filter((finding) => finding.unsteady !== true && !found.has(reviewedKey(finding)));
  const lesser = all.length - serious.length;

  const summary = { serious: serious.length, lesser, unexplained, stale, reviewed: REVIEWED_FINDINGS };
  if (values.write === true) keepEvidence("static", summary);
  if (values.json === true) {
    console.log(JSON.stringify(summary, null, 2));
  } else {
    for (const { detector, finding, reason } of REVIEWED_FINDINGS) {
      console.log(`explained ${detector}: ${finding.split("\n")[0] ?? ""}\n  ${reason}`);
    }
    for (const { detector, impact, lines, place } of unexplained) {
      console.log(`UNEXPLAINED ${impact} ${detector} at ${place}\n  ${lines.join("\n  ")}`);
    }
    for (const { detector, finding } of stale) console.log(`STALE ${detector}: ${finding}`);
    console.log(
      `static: ${serious.length} findings of medium or above, ${unexplained.length} unexplained, ${stale.length} reasons stale; ${lesser} below medium`,
    );
  }
  return unexplained.length === 0 && stale.length === 0 ? 0 : 2;
}

try {
  process.exitCode = main();
} catch (error) {
  process.exitCode = reportFailure(error);
}
