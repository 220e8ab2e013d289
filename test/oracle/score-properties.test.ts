import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import fc from "fast-check";

import { writeScoreData } from "../../scripts/bench/score-data.js";
import { type Delivery, readDeliveries } from "../../scripts/oracle/score/deliveries.js";
import { type ScoredModel, scoreRound } from "../../scripts/oracle/score/score-round.js";
import { predictionsHash } from "../../sdk/commitment.js";
import { expectNear } from "../fixtures/expect-near.js";
import { type TournamentRow, writePredictions, writeTargets } from "../fixtures/round-files.js";
import { concordanceOf, consistencyOf, loglossOf, originalityOf, pearsonOf } from "../fixtures/slow-scores.js";

const RUNS = process.env.NUMERAIRE_DEEP === "1" ? 400 : 25;

const SALT = `0x${"5a".repeat(32)}`;
const WRONG_SALT = `0x${"5b".repeat(32)}`;
const CLOSES_AT = 1_700_000_000;
const ROUND = { chainId: 31_337n, tournament: "0x5FbDB2315678afecb367f032d93F642f64180aa3", roundId: 7n };

/** Rows in no order, at least one of validation and one live; eras and clusters may have one row. */
const anyRows = fc
  .record({
    validation: fc.integer({ min: 1, max: 40 }),
    test: fc.integer({ min: 0, max: 20 }),
    live: fc.integer({ min: 1, max: 40 }),
    eras: fc.integer({ min: 1, max: 30 }),
    clusters: fc.integer({ min: 1, max: 4 }),
    seed: fc.integer({ min: 1, max: 1_000_000 }),
  })
  .map(({ validation, test, live, eras, clusters, seed }) =>
    Array.from({ length: validation + test + live }, (_, index): TournamentRow => {
      const draw = createHash("sha256").update(`${seed} ${index}`).digest();
      const dataType = index < validation ? "validation" : index < validation + test ? "test" : "live";
      return {
        id: `${draw.toString("hex", 0, 6)}-${index}`,
        era: `era${draw.readUInt8(6) % eras}`,
        dataType,
        y: dataType === "test" ? undefined : draw.readUInt8(7) % 2 === 0 ? 0 : 1,
        cluster: `c${draw.readUInt8(8) % clusters}`,
      };
    }),
  );

const anyProbability = fc.double({ min: 0, max: 1, minExcluded: true, maxExcluded: true, noNaN: true });
/** Values that repeat, the greatest and the smallest, a coin's. */
const tied = fc.constantFrom(0.25, 0.5, 0.5 + 2 ** -53, 0.75);
const extreme = fc.constantFrom(5e-324, 1e-300, 1e-16, 1e-15, 0.5, 1 - 1e-15, 1 - 2 ** -53);

/** How a model predicts: by itself, or like the one before it with something changed. */
const anyModel = (count: number): fc.Arbitrary<(before: readonly number[]) => number[]> => {
  const own = (values: fc.Arbitrary<number>): fc.Arbitrary<() => number[]> =>
    fc.array(values, { minLength: count, maxLength: count }).map((p) => () => p);
  const squeeze = (x: number): number => Math.min(0.999, Math.max(0.001, x));
  return fc.oneof(
    own(anyProbability),
    own(tied),
    own(extreme),
    anyProbability.map((p) => () => Array.from({ length: count }, () => p)),
    fc.constant((before: readonly number[]) => [...before]),
    fc.constant((before: readonly number[]) => before.toReversed()),
    fc.constant((before: readonly number[]) => before.toReversed().with(0, 0.9995)),
    fc.constant((before: readonly number[]) => before.map((p) => squeeze(1 - p))),
    fc
      .array(fc.double({ min: -0.2, max: 0.2, noNaN: true }), { minLength: count, maxLength: count })
      .map((noise) => (before: readonly number[]) => before.map((p, index) => squeeze(p + (noise[index] ?? 0)))),
  );
};

const anyRound = anyRows.chain((rows) =>
  fc.array(anyModel(rows.length), { minLength: 1, maxLength: 6 }).map((makers) => {
    const models: number[][] = [];
    for (const make of makers) models.push(make(models.at(-1) ?? rows.map(() => 0.5)));
    return { rows, models };
  }),
);

describe("score: properties of what is measured", () => {
  let folder = "";
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "score-properties-"));
  });
  after(async () => {
    await rm(folder, { recursive: true });
  });

  it("is what the definitions give, for ties, constants, single rows, extremes and many eras", async function () {
    this.timeout(RUNS * 2_000);
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(anyRound, async ({ rows, models }) => {
        // a correlation at the very limit is up to the last digit
        for (const [i, a] of models.entries()) {
          for (const b of models.slice(0, i)) fc.pre(!(Math.abs(Math.abs(pearsonOf(a, b)) - 0.95) < 1e-9));
        }
        const targets = await writeTargets(folder, rows);
        const predictions: Delivery[] = [];
        for (const [index, p] of models.entries()) {
          const file = await writePredictions(join(folder, `${index + 1}.csv`), rows, p);
          predictions.push({ modelId: BigInt(index + 1), file });
        }
        const scores = await scoreRound({ predictions, targets });
        expect(scores).to.have.length(models.length);
        for (const [index, score] of scores.entries()) {
          expectDefinitions(score, rows, models, index);
          seen.add(score.originalityRule).add(`concordance ${score.concordance}`);
        }
      }),
      { numRuns: RUNS, seed: 20_171_129 },
    );
    expect([...seen]).to.include.members(["", "|r| > 0.95", "KS < 0.005", "concordance true", "concordance false"]);
  });

  function expectDefinitions(
    score: ScoredModel,
    rows: readonly TournamentRow[],
    models: readonly number[][],
    index: number,
  ): void {
    const p = models[index] ?? [];
    const logloss = loglossOf(rows, p, ({ dataType }) => dataType === "live");
    expectNear(Number(score.loglossValue), logloss, 1e-9, "logloss");
    const millionths = BigInt(score.loglossValue.replace(".", "")) / 1_000_000n;
    expect(score.logloss).to.equal(Math.min(1_048_575, Number(millionths)));
    expect(score.consistency).to.equal(consistencyOf(rows, p));
    const concordance = concordanceOf(rows, p);
    expectNear(Number(score.concordanceValue), concordance, 1e-9, "concordance");
    expect(score.concordance).to.equal(concordance < 0.12 - 1e-9);
    const other = originalityOf(models, index);
    expect([score.originality, score.originalityRule]).to.deep.equal([other === undefined, other?.rule ?? ""]);
    expect(score.originalityOther).to.equal(other === undefined ? undefined : BigInt(other.other + 1));
    expectNear(Number(score.originalityValue), other?.value ?? 0, 1e-9, "originality");
  }

  const KINDS = ["valid", "missing", "repeated", "unknown", "zero", "one", "no number"] as const;
  /** A delivery: of whose bytes, with which salt, how many seconds after the close. */
  const anyDelivery = fc.record({
    isCommitted: fc.boolean(),
    salt: fc.constantFrom(SALT, SALT, WRONG_SALT, undefined),
    late: fc.integer({ min: -1, max: 1 }),
  });
  const anyCommitment = fc.record({
    kind: fc.constantFrom("valid", "valid", ...KINDS),
    blockNumber: fc.integer({ min: 1, max: 3 }),
    deliveries: fc.array(anyDelivery, { maxLength: 3 }),
  });

  it("counts a delivery only with the committed bytes and salt, in time and valid; all else is the worst score", async function () {
    this.timeout(RUNS * 2_000);
    const rows = [0, 1, 2, 3].map((index): TournamentRow => {
      const dataType = index < 2 ? "validation" : "live";
      return { id: `n${index}`, era: "era1", dataType, y: index % 2 === 0 ? 0 : 1, cluster: "c" };
    });
    const targets = await writeTargets(folder, rows);
    const content = (kind: (typeof KINDS)[number], model: number): string => {
      const lines = rows.map(({ id }, index) => `${id},0.${model + 1}${index + 1}`);
      if (kind === "missing") lines.pop();
      if (kind === "repeated") lines[1] = lines[0] ?? "";
      if (kind === "unknown") lines.push("n9,0.5");
      if (kind === "zero") lines[2] = "n2,0";
      if (kind === "one") lines[2] = "n2,1";
      if (kind === "no number") lines[2] = "n2,";
      return `id,probability\n${lines.join("\n")}\n`;
    };
    await fc.assert(
      fc.asyncProperty(fc.array(anyCommitment, { minLength: 1, maxLength: 5 }), async (committed) => {
        const predictions: Delivery[] = [];
        const commitments = [];
        for (const [index, { kind, blockNumber, deliveries }] of committed.entries()) {
          const modelId = BigInt(index + 1);
          const file = join(folder, `committed${index}.csv`);
          const other = join(folder, `other${index}.csv`);
          await writeFile(file, content(kind, index));
          await writeFile(other, `${content("valid", index)}\n`);
          const fileSha256 = `0x${createHash("sha256")
            .update(await readFile(file))
            .digest("hex")}`;
          const hash = predictionsHash({ ...ROUND, modelId, salt: SALT, fileSha256 });
          // several in one block are told apart by their logs, which run against the numbers of the models
          commitments.push({ modelId, predictionsHash: hash, blockNumber, logIndex: committed.length - index });
          for (const { isCommitted, salt, late } of deliveries) {
            const receivedAt = CLOSES_AT + late;
            predictions.push({ modelId, file: isCommitted ? file : other, receivedAt, ...(salt && { salt }) });
          }
        }
        const options = { targets, ...ROUND, closesAt: CLOSES_AT };
        const scores = await scoreRound({ predictions, commitments, ...options });
        const order = commitments.toSorted((a, b) => a.blockNumber - b.blockNumber || a.logIndex - b.logIndex);
        expect(scores.map(({ modelId }) => modelId)).to.deep.equal(order.map(({ modelId }) => modelId));
        for (const [index, { kind, deliveries }] of committed.entries()) {
          const score = scores.find(({ modelId }) => modelId === BigInt(index + 1));
          const isDelivered = deliveries.some((one) => one.isCommitted && one.salt === SALT && one.late <= 0);
          const isWorst = score?.logloss === 1_048_575 && score.concordance && score.originality;
          expect([score?.reason === "", isWorst]).to.deep.equal(
            isDelivered && kind === "valid" ? [true, false] : [false, true],
            `${kind}: ${score?.reason ?? ""}`,
          );
        }
      }),
      { numRuns: RUNS, seed: 20_171_130 },
    );
  });

  it("is the same again, with any number of threads, and with less memory than the predictions take", async function () {
    this.timeout(120_000);
    const size = { models: 40, live: 14_000, validation: 4_000, test: 2_000, format: "parquet" } as const;
    const data = await writeScoreData(join(folder, "memory"), size);
    const predictions = await readDeliveries(data.predictions);
    const score = (options: { threads?: number; memoryMiB?: number }): Promise<ScoredModel[]> =>
      scoreRound({ predictions, targets: data.targets, ...options });
    const expected = await score({ threads: 2 });
    expect(new Set(expected.map(({ originality }) => originality)).size).to.equal(2);
    // the table alone has 800,000 rows of 21 bytes, and sorting takes more
    expect(await score({ threads: 1, memoryMiB: 32 })).to.deep.equal(expected);
  });
});
