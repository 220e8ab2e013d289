import { reportFailure } from "../terminal/command-line.js";
import { readOptions } from "../terminal/read-options.js";
import { table } from "../terminal/table.js";
import { parseSizes } from "./parse-sizes.js";
import { brokenPromises } from "./scale-promises.js";
import { playScaleRound, type ScaleResult } from "./scale-round.js";
import { writeResult } from "./write-result.js";

const HELP = `Plays whole rounds of growing size on a local node and measures every step: each staker sends a signed
transaction, the oracle's own functions plan, post, finalize, settle and verify.

Usage: npm run bench:scale -- [--sizes 1000,10000,30000] [--json] [--write]

  --sizes  stakes of each round
  --json   print JSON instead of a table
  --write  keep the result under docs/evidence/ and generate docs/performance.md

Example: npm run bench:scale -- --sizes 1000
Exit code: 0 when every promise holds, 1 on an error, 2 when a promise is broken.`;

try {
  process.exit(await main());
} catch (error) {
  process.exit(reportFailure(error));
}

/** Runs the benchmark and prints it; gives the exit code. */
async function main(): Promise<number> {
  const values = readOptions("bench:scale", {
    sizes: { type: "string", default: "1000,10000,30000" },
    json: { type: "boolean" },
    write: { type: "boolean" },
    help: { type: "boolean", short: "h" },
  });
  if (values.help === true) {
    console.log(HELP);
    return 0;
  }

  const sizes = parseSizes(values.sizes);
  const began = Date.now();
  const rounds: ScaleResult[] = [];
  for (const size of sizes) {
    rounds.push(
      await playScaleRound(size, (line) => {
        console.error(`${String(Math.round((Date.now() - began) / 1000)).padStart(5)} s  ${line}`);
      }),
    );
  }
  const broken = brokenPromises(rounds);
  const result = { rounds, broken };
  if (values.write === true) await writeResult("scale", result, `npm run bench:scale -- --sizes ${sizes.join(",")}`);

  if (values.json === true) {
    console.log(JSON.stringify(result, null, 2));
  } else {
    console.log(
      table(
        ["stakes", "step", "transactions", "gas a stake", "ms a stake", "processor ms a stake", "largest"],
        rows(rounds),
        [0, 2, 3, 4, 5, 6],
      ),
    );
    for (const promise of broken) console.log(`broken: ${promise}`);
    console.log(
      `bench:scale: rounds of ${sizes.join(", ")} stakes, ${broken.length === 0 ? "every promise holds" : `${broken.length} promises broken`}`,
    );
  }
  return broken.length === 0 ? 0 : 2;
}

function rows(results: readonly ScaleResult[]): string[][] {
  return results.flatMap(({ stakes, steps }) =>
    steps.map(({ step, transactions, gas, seconds, processorSeconds, largest }) => [
      stakes.toLocaleString("en"),
      step,
      transactions.toLocaleString("en"),
      Math.round(gas / stakes).toLocaleString("en"),
      ((1000 * seconds) / stakes).toFixed(2),
      processorSeconds === null ? "–" : ((1000 * processorSeconds) / stakes).toFixed(2),
      largest.toLocaleString("en"),
    ]),
  );
}
