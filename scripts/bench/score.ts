import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { NumeraireError } from "../../sdk/index.js";
import { reportFailure } from "../terminal/command-line.js";
import { readOptions } from "../terminal/read-options.js";
import { table } from "../terminal/table.js";
import { writeScoreData, type ScoreSize } from "./score-data.js";
import { scoreInProcess, type ScoreCost } from "./score-process.js";
import { brokenScorePromises } from "./score-promises.js";
import { SCORE_HEAD, scoreRows, summarizeScore } from "./score-summary.js";
import { writeResult } from "./write-result.js";

const HELP = `Measures generated predictions with the oracle's scorer and with a reference that uses no database, each in a
process of its own, and compares time, memory and every measurement.

Usage: npm run bench:score -- [--models 500] [--live 40000] [--validation 6000] [--test 4000] [--format parquet|csv]
         [--json] [--write]

  --models      models, one file each
  --live, --validation, --test
                rows of each model by data type
  --format      of the files
  --json        print JSON instead of a table
  --write       keep the result under docs/evidence/ and generate docs/performance.md

Example: npm run bench:score -- --models 50
Exit code: 0 when every promise holds, 1 on an error, 2 when a budget is broken or a measurement differs.`;

/** More rows or models would not fit the memory of the reference. */
const MOST = 1_000_000;
/** Differences printed; JSON has them all. */
const MOST_SHOWN = 20;

try {
  process.exit(await main());
} catch (error) {
  process.exit(reportFailure(error));
}

/** Runs the benchmark and prints it; gives the exit code. */
async function main(): Promise<number> {
  const values = readOptions("bench:score", {
    models: { type: "string", default: "500" },
    live: { type: "string", default: "40000" },
    validation: { type: "string", default: "6000" },
    test: { type: "string", default: "4000" },
    format: { type: "string", default: "parquet" },
    json: { type: "boolean" },
    write: { type: "boolean" },
    help: { type: "boolean", short: "h" },
  });
  if (values.help === true) {
    console.log(HELP);
    return 0;
  }
  const size = {
    models: parseSize("models", values.models),
    live: parseSize("live", values.live),
    validation: parseSize("validation", values.validation),
    test: parseSize("test", values.test),
    format: parseFormat(values.format),
  };
  const measured = await measure(size);
  const broken = brokenScorePromises({ size, ...measured });
  const result = { size, oracle: withoutScores(measured.oracle), reference: withoutScores(measured.reference), broken };
  const { models, live, validation, test, format } = size;
  const command = `npm run bench:score -- --models ${models} --live ${live} --validation ${validation} --test ${test} --format ${format}`;
  if (values.write === true) await writeResult("score", result, command);
  if (values.json === true) {
    console.log(JSON.stringify(result, null, 2));
  } else {
    console.log(table(SCORE_HEAD, scoreRows(result), [1, 2, 3, 4, 5, 6]));
    for (const promise of broken.slice(0, MOST_SHOWN)) console.log(`broken: ${promise}`);
    console.log(`bench:score: ${summarizeScore(result)}`);
  }
  return broken.length === 0 ? 0 : 2;
}

async function measure(size: ScoreSize): Promise<{ oracle: ScoreCost; reference: ScoreCost }> {
  const folder = await mkdtemp(path.join(tmpdir(), "numeraire-bench-score-"));
  try {
    console.error("writing predictions");
    const data = await writeScoreData(folder, size);
    console.error("measuring with the oracle's scorer");
    const oracle = await scoreInProcess("oracle", data);
    console.error("measuring with the reference");
    return { oracle, reference: await scoreInProcess("reference", data) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function withoutScores({ seconds, processorSeconds, peakMiB }: ScoreCost): Omit<ScoreCost, "scores"> {
  return { seconds, processorSeconds, peakMiB };
}

function parseSize(name: string, text: string): number {
  const value = Number(text);
  if (!/^[1-9]\d*$/.test(text) || value > MOST) {
    throw new NumeraireError(`--${name}: found "${text}", expected a whole number from 1 to ${MOST}`, {
      hint: `For example --${name} 1000.`,
    });
  }
  return value;
}

function parseFormat(text: string): ScoreSize["format"] {
  if (text === "csv" || text === "parquet") return text;
  throw new NumeraireError(`--format: found "${text}", expected parquet or csv`, { hint: "Leave it out for Parquet." });
}
