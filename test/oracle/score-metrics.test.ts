import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { Delivery } from "../../scripts/oracle/score/deliveries.js";
import { type ScoredModel, scoreRound } from "../../scripts/oracle/score/score-round.js";
import { writeScoreFile } from "../../scripts/oracle/score/write-score-file.js";
import {
  type TournamentRow,
  seededRandom,
  tournamentRows,
  writeParquet,
  writePredictions,
  writeTargets,
} from "../fixtures/round-files.js";
import { expectNear } from "../fixtures/expect-near.js";
import { concordanceOf, consistencyOf, loglossOf, originalityOf } from "../fixtures/slow-scores.js";

/** Models of all kinds: honest ones of different spread, copies, opposites, reshuffles, constants, extremes. */
function predictionsOf(rows: readonly TournamentRow[], random: () => number): number[][] {
  const skill = (strength: number, spread: number): number[] =>
    rows.map(({ y }) => {
      const lean = ((y ?? 0.5) - 0.5) * strength;
      return Math.min(0.999, Math.max(0.001, Number((0.5 + lean + (random() - 0.5) * spread).toFixed(6))));
    });
  const good = skill(0.05, 0.1);
  const wide = skill(0, 0.8);
  const drifting = rows.map(({ dataType }) => 0.3 + random() * 0.2 + (dataType === "live" ? 0.1 : 0));
  const mixed = (base: readonly number[], noise: number): number[] => base.map((p) => p + (random() - 0.5) * noise);
  return [
    good,
    wide,
    drifting,
    mixed(good, 0.01),
    wide.map((p) => 1 - p),
    wide.toReversed(),
    rows.map(() => 0.5),
    rows.map(() => 0.5),
    rows.map(({ y }) => (y === 1 ? 1 - 2 ** -53 : 1e-300)),
    rows.map((_, index) => (index % 2 === 0 ? 0.3 : 0.6)),
    mixed(drifting, 0.06),
    skill(-0.2, 0.3),
  ];
}

describe("score: what is measured", () => {
  let folder = "";
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "score-metrics-"));
  });
  after(async () => {
    await rm(folder, { recursive: true });
  });

  /** Writes models as 1.csv, 2.csv, …, each in an order of its own. */
  async function deliver(name: string, rows: readonly TournamentRow[], models: number[][]): Promise<Delivery[]> {
    await mkdir(join(folder, name), { recursive: true });
    return Promise.all(
      models.map(async (p, index) => {
        const order = rows.map((_, i) => (i * 7 + index) % rows.length);
        const path = join(folder, name, `${index + 1}.csv`);
        const ids = order.map((i) => ({ id: rows[i]?.id ?? "" }));
        await writePredictions(
          path,
          ids,
          order.map((i) => p[i] ?? 0),
        );
        return { modelId: BigInt(index + 1), file: path };
      }),
    );
  }

  for (const seed of [1, 2, 3]) {
    it(`agrees with the definitions spelt out, seed ${seed}`, async () => {
      const random = seededRandom(seed);
      const rows = tournamentRows(random, 601);
      const models = predictionsOf(rows, random);
      const targets = await writeTargets(folder, rows);
      const scores = await scoreRound({ predictions: await deliver(`seed${seed}`, rows, models), targets });
      expect(scores.map(({ modelId }) => modelId)).to.deep.equal(models.map((_, index) => BigInt(index + 1)));
      for (const [index, score] of scores.entries()) {
        const p = models[index] ?? [];
        const logloss = loglossOf(rows, p, ({ dataType }) => dataType === "live");
        expect(score.logloss, `logloss of ${index}`).to.equal(Math.min(1_048_575, Math.floor(logloss * 1e6)));
        expectNear(Number(score.loglossValue), logloss, 1e-9, `logloss of ${index}`);
        expect(score.consistency, `consistency of ${index}`).to.equal(consistencyOf(rows, p));
        const concordance = concordanceOf(rows, p);
        expectNear(Number(score.concordanceValue), concordance, 1e-9, `KS of ${index}`);
        expect(score.concordance, `concordance of ${index}`).to.equal(concordance < 0.12);
        const other = originalityOf(models, index);
        expect(score.originalityRule, `originality of ${index}`).to.equal(other?.rule ?? "");
        expect(Number(score.originalityOther ?? 0n) - 1).to.equal(other?.other ?? -1);
        expectNear(Number(score.originalityValue), other?.value ?? 0, 1e-9, `originality of ${index}`);
      }
      // the models were made to be told apart: each verdict occurs
      expect(new Set(scores.map(({ originalityRule }) => originalityRule))).to.include.members([
        "",
        "|r| > 0.95",
        "KS < 0.005",
      ]);
      expect(new Set(scores.map(({ concordance }) => concordance)).size).to.equal(2);
    });
  }

  it("never takes a coin for better than chance, nor counts what a constant cannot have", async () => {
    const rows = tournamentRows(seededRandom(9), 400);
    const targets = await writeTargets(folder, rows);
    const constants = [rows.map(() => 0.5), rows.map(() => 0.4)];
    const [coin, other] = await scoreRound({ predictions: await deliver("coin", rows, constants), targets });
    expect(coin).to.deep.include({
      logloss: 693_147,
      consistency: 0,
      concordance: true,
      concordanceValue: "0.000000000000",
    });
    expect(other).to.deep.include({ originality: true, originalityRule: "" });
  });

  it("draws the line of KS at 0.03 inclusive", async () => {
    const rows = tournamentRows(seededRandom(4), 400);
    const targets = await writeTargets(folder, rows);
    // in another order, so that nothing correlates; then 12 or 13 of 400 moved across everything
    const base = rows.map((_, index) => (((index * 149) % 400) + 1) / 1000);
    const moved = (count: number): number[] =>
      rows.map((_, index) => (((index * 263) % 400) + 1) / 1000).map((p) => (p <= count / 1000 ? 0.9 + p : p));
    const verdicts = [];
    for (const count of [1, 2, 12, 13]) {
      const deliveries = await deliver(`line${count}`, rows, [base, moved(count)]);
      const [, copy] = await scoreRound({ predictions: deliveries, targets });
      verdicts.push([copy?.originalityRule, copy?.originalityValue]);
    }
    expect(verdicts).to.deep.equal([
      ["KS < 0.005", "0.002500000000"],
      ["KS <= 0.03", "0.005000000000"],
      ["KS <= 0.03", "0.030000000000"],
      ["", ""],
    ]);
  });

  it("gives the same bytes with 1, 2 and 4 threads, from CSV, from Parquet and from one Parquet of all", async () => {
    const random = seededRandom(5);
    const rows = tournamentRows(random, 3000);
    const targets = await writeTargets(folder, rows);
    const predictions = await deliver("threads", rows, predictionsOf(rows, random));
    const parquet = await Promise.all(
      predictions.map(async ({ modelId, file }) => {
        const path = file.replace(/csv$/, "parquet");
        await writeParquet(path, `SELECT id, probability FROM read_csv('${file}')`);
        return { modelId, file: path };
      }),
    );
    const all = join(folder, "all.parquet");
    const each = predictions.map(
      ({ modelId, file }) => `SELECT ${modelId} AS model, id, probability FROM read_csv('${file}')`,
    );
    await writeParquet(all, each.join(" UNION ALL "));

    const bytes = async (input: readonly Delivery[] | string, threads: number): Promise<string> => {
      const out = join(folder, `threads.csv`);
      const scores = await scoreRound({ predictions: input, targets, threads });
      // which file was read is told apart by its hash alone
      await writeScoreFile(
        out,
        scores.map((score): ScoredModel => ({ ...score, fileSha256: "" })),
      );
      return readFile(out, "utf8");
    };
    const expected = await bytes(predictions, 1);
    expect(expected.split("\n")).to.have.length(predictions.length + 2);
    for (const threads of [1, 2, 4]) {
      for (const input of [predictions, parquet, all]) expect(await bytes(input, threads)).to.equal(expected);
    }
  });

  it("makes clusters of the features where there is no column, the same every time", async () => {
    const random = seededRandom(6);
    const rows = tournamentRows(random, 500).map((row, index) => ({ ...row, cluster: index % 3 === 0 ? "a" : "b" }));
    const targets = await writeTargets(folder, rows, false);
    const features = join(folder, "features.parquet");
    const values = rows.map(({ id, cluster }) => `('${id}', ${cluster === "a" ? 5 : 900}, ${random()}, 3)`);
    await writeParquet(features, `SELECT * FROM (VALUES ${values.join(", ")}) t(id, f1, f2, constant)`);
    const models = predictionsOf(rows, random).slice(0, 3);
    const predictions = await deliver("features", rows, models);
    const scores = await scoreRound({ predictions, targets, features, clusters: 2 });
    for (const [index, { concordanceValue }] of scores.entries()) {
      expectNear(Number(concordanceValue), concordanceOf(rows, models[index] ?? []), 1e-9);
    }
    const warnings: string[] = [];
    await scoreRound({ predictions, targets, onWarning: (text) => warnings.push(text) });
    expect(warnings).to.deep.equal(["no cluster column and no features: concordance takes all rows as one cluster"]);
  });
});
