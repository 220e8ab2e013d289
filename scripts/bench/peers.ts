import { reportFailure } from "../terminal/command-line.js";
import { readOptions } from "../terminal/read-options.js";
import { table } from "../terminal/table.js";
import { parseSizes } from "./parse-sizes.js";
import { DESIGNS } from "./peer-descriptions.js";
import { playPeerRound, type PeerComparison } from "./peer-round.js";
import { writeResult } from "./write-result.js";

const HELP = `Plays the same round on the same node in the tournament and in what a team would otherwise build, and compares
the gas: one operator transaction a stake, batched payouts, Merkle claims, and a keeper's Merkle multiproofs.

Usage: npm run bench:peers -- [--sizes 100,1000,10000] [--json] [--write]

  --sizes  stakes of each round
  --json   print JSON instead of a table
  --write  keep the result under docs/evidence/ and generate docs/performance.md

Example: npm run bench:peers -- --sizes 100
Exit code: 0 when all designs paid and destroyed the same, 1 on an error, 2 when one did not.`;

try {
  process.exit(await main());
} catch (error) {
  process.exit(reportFailure(error));
}

/** Runs the benchmark and prints it; gives the exit code. */
async function main(): Promise<number> {
  const values = readOptions("bench:peers", {
    sizes: { type: "string", default: "100,1000,10000" },
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
  const comparisons: PeerComparison[] = [];
  for (const size of sizes) {
    comparisons.push(
      await playPeerRound(size, (line) => {
        console.error(`${String(Math.round((Date.now() - began) / 1000)).padStart(5)} s  ${line}`);
      }),
    );
  }
  const differences = comparisons.flatMap((one) => one.differences.map((what) => `${one.stakes} stakes: ${what}`));
  const result = { comparisons, differences };
  if (values.write === true) await writeResult("peers", result, `npm run bench:peers -- --sizes ${sizes.join(",")}`);

  if (values.json === true) {
    console.log(JSON.stringify(result, null, 2));
  } else {
    const rows = comparisons.flatMap(({ stakes, designs }) =>
      designs.map(({ design, staker, operator, system }) => [
        stakes.toLocaleString("en"),
        DESIGNS[design].name,
        ...[staker, operator, system].map((gas) => Math.round(gas / stakes).toLocaleString("en")),
      ]),
    );
    const head = ["stakes", "design", "staker, gas a stake", "operator, gas a stake", "system, gas a stake"];
    console.log(table(head, rows, [0, 2, 3, 4]));
    for (const difference of differences) console.log(`broken: ${difference}`);
    console.log(
      `bench:peers: rounds of ${sizes.join(", ")} stakes in ${Object.keys(DESIGNS).length} designs, ${differences.length === 0 ? "all paid and destroyed the same" : `${differences.length} differences`}`,
    );
  }
  return differences.length === 0 ? 0 : 2;
}
