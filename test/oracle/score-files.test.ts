import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";

import { Database } from "../../scripts/oracle/score/database.js";
import type { Delivery } from "../../scripts/oracle/score/deliveries.js";
import { maxFileBytes } from "../../scripts/oracle/score/limits.js";
import { createPredictions, findSources, loadPredictions } from "../../scripts/oracle/score/predictions.js";
import { loadTargets } from "../../scripts/oracle/score/targets.js";
import { scoreRound } from "../../scripts/oracle/score/score-round.js";
import { predictionsHash } from "../../sdk/commitment.js";
import { NumeraireError } from "../../sdk/numeraire-error.js";
import { seededRandom, tournamentRows, writeParquet, writePredictions, writeTargets } from "../fixtures/round-files.js";

const SALT = `0x${"5a".repeat(32)}`;
const CLOSES_AT = 1_700_000_000;
const ROUND = { chainId: 31_337n, tournament: "0x5FbDB2315678afecb367f032d93F642f64180aa3", roundId: 7n };

describe("score: prediction files of every kind and size", () => {
  const random = seededRandom(31);
  const rows = tournamentRows(random, 200);
  const limit = maxFileBytes({ rowCount: rows.length, longestId: Math.max(...rows.map(({ id }) => id.length)) });
  let folder = "";
  let targets = "";
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "score-files-"));
    targets = await writeTargets(folder, rows);
  });
  after(async () => {
    await rm(folder, { recursive: true });
  });

  /** Predictions that no other model's correlate with. */
  const guesses = (): number[] => rows.map(() => Number((0.2 + random() * 0.6).toFixed(6)));

  describe("given files that are laid out differently", () => {
    const text = (p: readonly number[], line: (id: string, p: number) => string, end = "\n"): string =>
      rows.map(({ id }, index) => line(id, p[index] ?? 0.5)).join(end);
    /** Each writes a file of its own kind; the first of each pair could change how the second is read. */
    const kinds: [string, (p: readonly number[]) => string][] = [
      ["plain.csv", (p) => `id,probability\n${text(p, (id, x) => `${id},${x}`)}\n`],
      ["open-end.csv", (p) => `id,probability\n${text(p, (id, x) => `${id},${x}`)}`],
      ["swapped.csv", (p) => `probability,id\n${text(p, (id, x) => `${x},${id}`)}\n`],
      ["upper.csv", (p) => `ID,Probability\n${text(p, (id, x) => `${id},${x}`)}\n`],
      ["windows.csv", (p) => `id,probability\r\n${text(p, (id, x) => `${id},${x}`, "\r\n")}\r\n`],
      ["quoted.csv", (p) => `"id","probability"\n${text(p, (id, x) => `"${id}","${x}"`)}\n`],
      ["quoted-values.csv", (p) => `id,probability\n${text(p, (id, x) => `"${id}","${x}"`)}\n`],
      ["marked.csv", (p) => `\ufeffid,probability\n${text(p, (id, x) => `${id},${x}`)}\n`],
      ["more.csv", (p) => `id,"note",probability\n${text(p, (id, x) => `${id},"a, b",${x}`)}\n`],
    ];
    const types = ["DECIMAL(3, 2)", "DOUBLE", "FLOAT", "VARCHAR", "DOUBLE"];

    it("measures each as it would alone, though a broken one lies between them", async () => {
      const store = join(folder, "kinds");
      await mkdir(store);
      const files: string[] = [];
      for (const [name, content] of kinds) {
        const file = join(store, name);
        await writeFile(file, content(guesses()));
        files.push(file);
      }
      for (const [index, type] of types.entries()) {
        const csv = await writePredictions(join(folder, "source.csv"), rows, guesses());
        const file = join(store, `type${index}[*].parquet`);
        const columns = index === 4 ? "probability, id" : "id, probability";
        const values = `SELECT id, CAST(probability AS ${type}) AS probability FROM read_csv('${csv}')`;
        await writeParquet(file, `SELECT ${columns} FROM (${values})`);
        files.push(file);
      }
      const commitment = async (file: string, index: number) => {
        const fileSha256 = `0x${createHash("sha256")
          .update(await readFile(file))
          .digest("hex")}`;
        const modelId = BigInt(index + 1);
        const hash = predictionsHash({ ...ROUND, modelId, salt: SALT, fileSha256 });
        return { modelId, predictionsHash: hash, blockNumber: 10 + index, logIndex: 0 };
      };
      for (const name of ["torn.parquet", "torn.csv"]) {
        files.splice(files.length / 2, 0, join(store, name));
        await writeFile(join(store, name), "id,probability\nx");
      }
      const commitments = await Promise.all(files.map(commitment));
      const deliveries = files.map((file, index) => ({
        modelId: BigInt(index + 1),
        file,
        salt: SALT,
        receivedAt: CLOSES_AT,
      }));
      const warnings: string[] = [];
      const together = await scoreRound({
        predictions: deliveries,
        targets,
        ...ROUND,
        closesAt: CLOSES_AT,
        commitments,
        onWarning: (warning) => warnings.push(warning),
      });
      expect(warnings.map((warning) => warning.split(":")[0]).toSorted()).to.deep.equal(
        files.filter((file) => file.includes("torn")).toSorted(),
      );
      for (const [index, scored] of together.entries()) {
        const file = files[index] ?? "";
        if (file.includes("torn")) {
          expect(scored.reason, file).to.include("a file that cannot be read");
          continue;
        }
        expect(scored.reason, file).to.equal("");
        const [alone] = await scoreRound({ predictions: [{ modelId: scored.modelId, file }], targets });
        expect({ ...scored, originality: true }, file).to.deep.equal(alone);
      }
    });
  });

  it("reads files of one layout together, broken ones alone", async () => {
    const store = join(folder, "alike");
    await mkdir(store);
    const files: string[] = [];
    const add = (file: string): void => {
      files.push(file);
    };
    for (const index of [0, 1, 2]) add(await writePredictions(join(store, `${index}.csv`), rows, guesses()));
    for (const index of [0, 1, 2]) {
      const file = join(store, `${index}.parquet`);
      await writeParquet(file, `SELECT id, probability FROM read_csv('${join(store, `${index}.csv`)}')`);
      add(file);
    }
    await writeFile(join(store, "torn.parquet"), "PAR1");
    add(join(store, "torn.parquet"));

    const database = await Database.open();
    try {
      const loaded = await loadTargets(database, { targets });
      await createPredictions(database);
      const sources = await findSources(
        database,
        files.map((file, entry) => ({ entry, file })),
      );
      const statements: string[] = [];
      const run = database.run.bind(database);
      database.run = (sql) => {
        statements.push(sql);
        return run(sql);
      };
      const warnings: string[] = [];
      const warn = (text: string): void => {
        warnings.push(text);
      };
      await loadPredictions(database, sources, loaded, warn, () => undefined);
      expect(statements.filter((sql) => sql.startsWith("INSERT"))).to.have.length(2);
      expect(warnings).to.have.length(1);
      const counts = await database.rows("SELECT entry, count(row) FROM prediction GROUP BY entry ORDER BY entry");
      expect(counts).to.deep.equal([0, 1, 2, 3, 4, 5].map((entry) => [entry, BigInt(rows.length)]));
      const different = await database.rows(`SELECT count(*) FROM prediction a JOIN prediction b
        ON b.entry = a.entry + 3 AND a.row = b.row WHERE a.p <> b.p`);
      expect(different).to.deep.equal([[0n]]);
    } finally {
      await database.close();
    }
  });

  describe("given a file that may never end", () => {
    const scoreOne = async (file: string): Promise<string> => {
      const error: unknown = await scoreRound({ predictions: [{ modelId: 1n, file }], targets }).catch(
        (refused: unknown) => refused,
      );
      return error instanceof NumeraireError ? (error.message.split("\n")[1] ?? "") : "not refused";
    };

    it("takes the largest that is allowed", async () => {
      const file = await writePredictions(join(folder, "largest.csv"), rows, guesses());
      const lines = await readFile(file, "utf8");
      const note = (length: number): string => lines.replace("probability\n", `probability,${"n".repeat(length)}\n`);
      // what is added to the header is not enough to fill it: the rows get a long note as well
      const wide = (length: number): string => note(1).replaceAll(/(\d)\n/g, `$1,${"n".repeat(length)}\n`);
      const length = Math.floor((limit - wide(0).length) / rows.length);
      await writeFile(file, wide(length));
      const [scored] = await scoreRound({ predictions: [{ modelId: 1n, file }], targets });
      expect(scored).to.deep.include({ reason: "" });
      await writeFile(file, wide(length + 1));
      expect(await scoreOne(file)).to.include(`expected at most ${limit}`);
    });

    it("does not even hash 20 GB, and gives its model the worst score", async () => {
      const file = join(folder, "huge.csv");
      await writeFile(file, "id,probability\n");
      await truncate(file, 20_000_000_000);
      expect(await scoreOne(file)).to.equal(
        `  ${file}:1:file: found 20000000000 bytes, expected at most ${limit}. Have the predictions delivered again.`,
      );
      const good = await writePredictions(join(folder, "good.csv"), rows, guesses());
      const deliver = (modelId: bigint, path: string): Delivery => ({
        modelId,
        file: path,
        salt: SALT,
        receivedAt: CLOSES_AT,
      });
      const fileSha256 = `0x${createHash("sha256")
        .update(await readFile(good))
        .digest("hex")}`;
      const commitments = [1n, 2n].map((modelId) => ({
        modelId,
        predictionsHash: predictionsHash({ ...ROUND, modelId, salt: SALT, fileSha256 }),
        blockNumber: Number(modelId),
        logIndex: 0,
      }));
      const predictions = [deliver(1n, file), deliver(2n, file), deliver(2n, good)];
      const scores = await scoreRound({ predictions, targets, ...ROUND, closesAt: CLOSES_AT, commitments });
      expect(scores.map(({ logloss, reason }): [boolean, string] => [logloss === 1_048_575, reason])).to.deep.equal([
        [true, `huge.csv has 20000000000 bytes, at most ${limit} are read`],
        [false, ""],
      ]);
    });

    it("does not read Parquet that states too many rows or bytes", async () => {
      const file = join(folder, "bomb.parquet");
      await writeParquet(file, "SELECT 'x' AS id, 0.5::DOUBLE AS probability FROM range(3000000)");
      expect(await scoreOne(file)).to.equal(
        `  ${file}:1:file: found 3000000 rows, expected ${rows.length}, one an id. Have the predictions delivered again.`,
      );
      await writeParquet(file, "SELECT repeat('x', 3000000) AS id, 0.5::DOUBLE AS probability");
      expect(await scoreOne(file)).to.match(/found 3\d{6} bytes when decompressed, expected at most \d+\./);
    });

    it("does not compare or parse text too long to be right", async () => {
      const file = join(folder, "long.parquet");
      // a number if it were parsed
      const [id, probability] = ["repeat('9', 500000)", "'0.5' || repeat('0', 500000)"];
      await writeParquet(file, `SELECT ${id} AS id, ${probability} AS probability FROM range(${rows.length})`);
      const error: unknown = await scoreRound({ predictions: [{ modelId: 1n, file }], targets }).catch(
        (refused: unknown) => refused,
      );
      const message = error instanceof NumeraireError ? error.message : "";
      expect(message)
        .to.include(`unknown id "${"9".repeat(40)}`)
        .and.to.include(`probability "0.5${"0".repeat(37)}`);
      expect(message.length).to.be.lessThan(2_000);
    });
  });
});
