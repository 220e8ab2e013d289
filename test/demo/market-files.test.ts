import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { DuckDBInstance } from "@duckdb/node-api";
import { expect } from "chai";

import { writeTargets, writeTrainingData } from "../../scripts/demo/market-files.js";
import { loadMarket } from "../../scripts/demo/market.js";
import { NumeraireError } from "../../sdk/numeraire-error.js";

const market = loadMarket();

/** Rows of a CSV or Parquet file as DuckDB sees them, null as "". */
async function table(path: string): Promise<string[][]> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    const reader = await connection.runAndReadAll(`SELECT * FROM '${path}'`);
    const cells = reader.getRows().map((row) => row.map((value) => (value === null ? "" : String(value))));
    return [reader.columnNames(), ...cells];
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

describe("market files", () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "numeraire-test-"));
  });
  afterEach(async () => {
    await rm(directory, { recursive: true });
  });

  it("writes the target of every row to be predicted for the scorer", async () => {
    const path = join(directory, "targets.csv");
    await writeTargets(market, path);
    const expected = market.rows
      .filter((row) => row.dataType !== "train")
      .map((row) => [row.id, row.era, row.dataType, row.target, row.cluster].join(","));
    const text = await readFile(path, "utf8");
    expect(text).to.equal(`${["id,era,data_type,target,cluster", ...expected].join("\n")}\n`);
  });

  it("writes the same targets as Parquet", async () => {
    const csv = join(directory, "targets.csv");
    const parquet = join(directory, "it's targets.parquet");
    await writeTargets(market, csv);
    await writeTargets(market, parquet);
    const copy = join(directory, "copy.parquet");
    await writeTargets(market, copy);
    expect(await table(copy)).to.deep.equal(await table(csv));
    expect((await readFile(parquet)).equals(await readFile(copy))).to.equal(true);
  });

  for (const format of ["csv", "parquet"]) {
    it(`withholds the targets of test and live rows, and every date, from competitors (${format})`, async () => {
      const path = join(directory, `training.${format}`);
      await writeTrainingData(market, path);
      const [header, ...rows] = await table(path);
      expect(header).to.deep.equal(["id", "era", "data_type", "target", "cluster", ...market.featureNames]);
      expect(rows).to.have.lengthOf(market.rows.length);
      market.rows.forEach((row, index) => {
        const known = row.dataType === "train" || row.dataType === "validation";
        const [id, era, dataType, target, cluster, ...features] = rows[index] ?? [];
        expect([id, era, dataType, target, cluster]).to.deep.equal([
          row.id,
          row.era,
          row.dataType,
          known ? String(row.target) : "",
          String(row.cluster),
        ]);
        expect(features.map(Number)).to.deep.equal(row.features.map((value) => Number(value.toFixed(9))));
      });
    });
  }

  it("refuses a format it does not know", async () => {
    const path = join(directory, "targets.json");
    const refusal = await writeTargets(market, path).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(refusal)
      .to.be.instanceOf(NumeraireError)
      .with.property("message", `${path}: extension is ".json", expected ".csv" or ".parquet"`);
  });
});
