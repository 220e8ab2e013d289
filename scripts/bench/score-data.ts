import { mkdir } from "node:fs/promises";
import path from "node:path";

import { DuckDBInstance } from "@duckdb/node-api";

/** Size and kind of the predictions that a scoring benchmark measures. */
export interface ScoreSize {
  models: number;
  /** Rows of each model by data type. */
  live: number;
  validation: number;
  test: number;
  format: "parquet" | "csv";
}

/** Where the predictions of a benchmark are: files `<model id>.<format>` and targets with clusters. */
export interface ScoreData extends ScoreSize {
  predictions: string;
  targets: string;
}

const ERAS = 12;
const CLUSTERS = 5;
/** Of so many models one is a copy with noise, and one has the same predictions for other rows. */
const PERIOD = 25;

/**
 * Writes predictions that anybody gets the same of: models that differ in centre and spread of what they say, some that
 * drift on live rows, some copies.
 */
export async function writeScoreData(folder: string, size: ScoreSize): Promise<ScoreData> {
  const data = {
    ...size,
    predictions: path.join(folder, "predictions"),
    targets: path.join(folder, "targets.parquet"),
  };
  await mkdir(data.predictions, { recursive: true });
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    await connection.run(`CREATE TABLE tournament AS SELECT row, 'n' || substr(md5(CAST(row AS VARCHAR)), 1, 15) AS id,
        CASE data_type WHEN 'validation' THEN 'era' || (row % ${ERAS}) ELSE data_type END AS era, data_type,
        CASE data_type WHEN 'test' THEN NULL ELSE CAST(hash(row) % 2 AS INTEGER) END AS target,
        'c' || (hash(row, 'cluster') % ${CLUSTERS}) AS cluster
      FROM (SELECT row, CASE WHEN row < ${size.validation} THEN 'validation'
          WHEN row < ${size.validation + size.test} THEN 'test' ELSE 'live' END AS data_type
        FROM range(${size.validation + size.test + size.live}) r(row)) ORDER BY id`);
    await connection.run(`COPY (SELECT * EXCLUDE row FROM tournament) TO '${data.targets}'`);
    const header = size.format === "csv" ? "(HEADER)" : "";
    for (let model = 1; model <= size.models; model += 1) {
      const file = path.join(data.predictions, `${model}.${size.format}`);
      const query = `SELECT id, ${probability(model, size)} AS probability FROM tournament`;
      await connection.run(`COPY (${query}) TO '${file}' ${header}`);
    }
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
  return data;
}

/** What a model says of a row, in SQL. */
function probability(model: number, { live, validation, test }: ScoreSize): string {
  const kind = model > PERIOD ? model % PERIOD : PERIOD - 1;
  const source = kind === 0 || kind === 1 ? model - PERIOD + 3 : model;
  // distributions of any two are further apart than originality asks for
  const centre = 0.3 + 0.4 * ((source % PERIOD) / PERIOD);
  const spread = 0.05 * 1.1 ** (Math.floor(source / PERIOD) % 20);
  const row = kind === 1 ? `${live + validation + test - 1} - row` : "row";
  const draw = `(hash(${row}, ${source}) % 1000000) / 1e6 - 0.5`;
  const noise = kind === 0 ? `0.02 * ((hash(row, 'noise') % 1000) / 1e3 - 0.5)` : "0";
  const drift = source % 10 === 5 ? "CASE data_type WHEN 'live' THEN 0.2 ELSE 0 END" : "0";
  const skill = "0.04 * (coalesce(target, 0.5) - 0.5)";
  return `CAST(${centre} + ${spread} * (${draw} + ${noise} + ${drift} + ${skill}) AS DOUBLE)`;
}
