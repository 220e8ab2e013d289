import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { type Delivery, readDeliveries } from "../../scripts/oracle/score/deliveries.js";
import { type ScoreRoundOptions, type ScoredModel, scoreRound } from "../../scripts/oracle/score/score-round.js";
import type { LastCommitment } from "../../scripts/oracle/score/submissions.js";
import { predictionsHash } from "../../sdk/commitment.js";
import { NumeraireError } from "../../sdk/numeraire-error.js";
import { seededRandom, tournamentRows, writePredictions, writeTargets } from "../fixtures/round-files.js";

const SALT = `0x${"5a".repeat(32)}`;
const CLOSES_AT = 1_700_000_000;
const ROUND = { chainId: 31_337n, tournament: "0x5FbDB2315678afecb367f032d93F642f64180aa3", roundId: 7n };
const WORST = {
  scored: true,
  logloss: 1_048_575,
  consistency: 100,
  concordance: true,
  originality: true,
  concordanceValue: "",
  fileSha256: "",
};

describe("score: what counts as delivered", () => {
  const random = seededRandom(11);
  const rows = tournamentRows(random, 200);
  const probabilities = rows.map(() => Number((0.3 + random() * 0.4).toFixed(6)));
  const others = rows.map(() => Number((0.1 + random() * 0.3).toFixed(6)));
  let folder = "";
  let targets = "";
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "score-delivery-"));
    targets = await writeTargets(folder, rows);
  });
  after(async () => {
    await rm(folder, { recursive: true });
  });

  const predictions = (name: string, p: readonly number[] = probabilities): Promise<string> =>
    writePredictions(join(folder, name), rows, p);

  const sha256 = async (file: string): Promise<string> =>
    `0x${createHash("sha256")
      .update(await readFile(file))
      .digest("hex")}`;

  const commit = async (modelId: bigint, file: string, blockNumber = 10, logIndex = 0): Promise<LastCommitment> => ({
    modelId,
    predictionsHash: predictionsHash({ ...ROUND, modelId, salt: SALT, fileSha256: await sha256(file) }),
    blockNumber,
    logIndex,
  });

  const deliver = (modelId: bigint, file: string, receivedAt = CLOSES_AT, salt = SALT): Delivery => ({
    modelId,
    file,
    salt,
    receivedAt,
  });

  const score = (options: Partial<ScoreRoundOptions>): Promise<ScoredModel[]> =>
    scoreRound({ predictions: [], targets, ...ROUND, closesAt: CLOSES_AT, ...options });

  /** Scores one model that committed to a file, whatever was delivered for it. */
  const scoreOne = async (file: string, delivered: readonly Delivery[]): Promise<ScoredModel | undefined> =>
    (await score({ predictions: delivered, commitments: [await commit(1n, file)] }))[0];

  describe("given a file that matches its commitment", () => {
    it("measures it when it arrived in the second of the close", async () => {
      const file = await predictions("good.csv");
      const scored = await scoreOne(file, [deliver(1n, file)]);
      expect(scored).to.deep.include({ reason: "", fileSha256: await sha256(file) });
      expect(scored?.logloss).to.be.within(600_000, 800_000);
    });

    it("finds it among others of the model", async () => {
      const file = await predictions("second.csv");
      const first = await predictions("first.csv", others);
      const scored = await scoreOne(file, [deliver(1n, first), deliver(1n, file)]);
      expect(scored).to.deep.include({ reason: "", fileSha256: await sha256(file) });
    });
  });

  describe("given a commitment without a matching, valid file in time", () => {
    it("gives the worst score when no file was delivered", async () => {
      const scored = await scoreOne(await predictions("undelivered.csv"), []);
      expect(scored).to.deep.include({ ...WORST, reason: "no file was delivered" });
    });

    it("gives the worst score when it arrived a second late", async () => {
      const file = await predictions("late.csv");
      expect(await scoreOne(file, [deliver(1n, file, CLOSES_AT + 1)])).to.deep.include({
        ...WORST,
        reason: `late.csv arrived at ${CLOSES_AT + 1}, the round closed at ${CLOSES_AT}`,
      });
    });

    it("gives the worst score when the bytes, the salt, the model or the round are others", async () => {
      const file = await predictions("committed.csv");
      const other = await predictions("other.csv", others);
      const commitment = await commit(1n, file);
      const fileSha256 = await sha256(other);
      const hash = predictionsHash({ ...ROUND, modelId: 1n, salt: SALT, fileSha256 });
      expect(await scoreOne(file, [deliver(1n, other)])).to.deep.include({
        ...WORST,
        reason: `other.csv hashes to ${hash}, committed was ${commitment.predictionsHash}`,
      });
      const wrongSalt = await scoreOne(file, [deliver(1n, file, CLOSES_AT, `0x${"5b".repeat(32)}`)]);
      expect(wrongSalt?.reason).to.match(/^committed\.csv hashes to 0x/);
      const delivery = { modelId: 1n, file, receivedAt: CLOSES_AT };
      const noSalt = await scoreOne(file, [delivery]);
      expect(noSalt?.reason).to.equal("committed.csv was delivered without the salt of the commitment");
      const copied = { ...commitment, modelId: 2n };
      const [copy] = await score({ predictions: [deliver(2n, file)], commitments: [copied] });
      expect(copy?.reason, "a copied hash proves nothing").to.match(/^committed\.csv hashes to 0x/);
      const [replayed] = await score({ predictions: [deliver(1n, file)], commitments: [commitment], roundId: 8n });
      expect(replayed?.logloss).to.equal(1_048_575);
    });

    const first = rows[0]?.id ?? "";
    const lines = rows.map(({ id }, index) => `${id},${probabilities[index] ?? 0}`);
    const missingId =
      rows
        .map(({ id }) => id)
        .slice(-2)
        .toSorted()[0] ?? "";
    const invalid: [string, string[], string][] = [
      [
        "missing ids",
        ["id,probability", ...lines.slice(0, -2)],
        `id: found missing id "${missingId}" (and 1 more), expected every validation, test and live id`,
      ],
      [
        "extra ids",
        ["id,probability", ...lines, "zz,0.5"],
        'id: found unknown id "zz", expected only ids of the targets',
      ],
      [
        "train ids",
        ["id,probability", "t0,0.5", ...lines],
        'id: found unknown id "t0", expected only ids of the targets',
      ],
      [
        "duplicate ids",
        ["id,probability", ...lines, lines[0] ?? ""],
        `id: found repeated id "${first}", expected each id once`,
      ],
      [
        "a duplicate in place of an id",
        ["id,probability", ...lines.slice(1), lines[1] ?? ""],
        `id: found missing id "${first}", expected every validation, test and live id; ` +
          `id: found repeated id "${rows[1]?.id ?? ""}", expected each id once`,
      ],
      ["no columns", ["id,p", ...lines], "probability: found no such column, expected this column"],
      [
        "no header",
        [],
        "id: found no such column, expected this column; probability: found no such column, expected this column",
      ],
      [
        "ragged lines",
        ["id,probability", ...lines.slice(1), `${lines[0] ?? ""},1,2`],
        "file: found a file that cannot be read, expected UTF-8 CSV of id,probability",
      ],
    ];
    for (const text of ["0", "1", "1.5", "-0.1", "nan", "inf", "half"]) {
      const shown = `probability: found probability "${text}", expected a number above 0 and below 1`;
      invalid.push([`the probability ${text}`, ["id,probability", `${first},${text}`, ...lines.slice(1)], shown]);
    }
    for (const [name, content, reason] of invalid) {
      it(`gives the worst score for a file with ${name}`, async () => {
        const file = join(folder, "invalid.csv");
        await writeFile(file, content.map((line) => `${line}\n`).join(""));
        expect(await scoreOne(file, [deliver(1n, file)])).to.deep.include({
          ...WORST,
          reason: `invalid.csv is invalid: ${reason}`,
        });
        const refused = await scoreRound({ predictions: [{ modelId: 1n, file }], targets }).catch((e: unknown) => e);
        expect(refused, "without a chain it is bad input").to.be.instanceOf(NumeraireError);
        expect((refused as NumeraireError).message)
          .to.include(`${file}:`)
          .and.to.include(reason.split(": ")[1]?.split("; ")[0] ?? "");
      });
    }

    it("measures the others all the same", async () => {
      const good = await predictions("alone.csv");
      const bad = await predictions("torn.csv");
      await writeFile(bad, "id,probability\nx");
      const scores = await score({
        predictions: [deliver(1n, bad), deliver(2n, good)],
        commitments: [await commit(1n, bad), await commit(2n, good, 11)],
      });
      expect(scores.map(({ logloss }) => logloss === 1_048_575)).to.deep.equal([true, false]);
      expect(scores[1]?.originality).to.equal(true);
    });
  });

  it("lets the order of commitments decide which of two copies is original", async () => {
    const mine = await predictions("mine.csv");
    const copy = await predictions(
      "copy.csv",
      probabilities.map((p) => p + 1e-6),
    );
    const delivered = [deliver(1n, mine), deliver(2n, copy)];
    const verdicts = async (first: [number, number], second: [number, number]): Promise<unknown[]> => {
      const commitments = [await commit(1n, mine, ...first), await commit(2n, copy, ...second)];
      // in the order of the chain nothing would have to be sorted
      const scores = await score({ predictions: delivered, commitments: commitments.toReversed() });
      return scores.map(({ modelId, originality, originalityOther }) => [modelId, originality, originalityOther]);
    };
    const mineFirst = [
      [1n, true, undefined],
      [2n, false, 1n],
    ];
    const copyFirst = [
      [2n, true, undefined],
      [1n, false, 2n],
    ];
    expect(await verdicts([10, 0], [11, 0])).to.deep.equal(mineFirst);
    expect(await verdicts([10, 3], [10, 12]), "log index within a block").to.deep.equal(mineFirst);
    expect(await verdicts([12, 0], [11, 5])).to.deep.equal(copyFirst);
    const withoutChain = await scoreRound({ predictions: delivered.toReversed(), targets });
    expect(withoutChain.map(({ modelId, originality }) => [modelId, originality])).to.deep.equal([
      [2n, true],
      [1n, false],
    ]);
  });

  it("leaves out, with a warning, what nobody committed to", async () => {
    const file = await predictions("stray.csv");
    const warnings: string[] = [];
    const scores = await score({
      predictions: [{ modelId: 9n, file }, deliver(1n, file)],
      commitments: [await commit(1n, file)],
      onWarning: (text) => warnings.push(text),
    });
    expect(scores.map(({ modelId }) => modelId)).to.deep.equal([1n]);
    expect(warnings).to.deep.equal(["stray.csv ignored: model 9 has no commitment in round 7"]);
  });

  it("refuses what only the operator can know or have got wrong", async () => {
    const file = await predictions("operator.csv");
    const commitments = [await commit(1n, file)];
    const message = async (options: Partial<ScoreRoundOptions>): Promise<string> => {
      const error: unknown = await score(options).catch((refused: unknown) => refused);
      return error instanceof NumeraireError ? error.message : `not refused: ${String(error)}`;
    };
    expect(await message({ predictions: [{ modelId: 1n, file, salt: SALT }], commitments })).to.include(
      "no received_at",
    );
    expect(await message({ predictions: file, commitments })).to.include("expected a file a model");
    expect(await message({ predictions: [deliver(1n, file), deliver(1n, file)] })).to.include("second file of model 1");
    expect(await message({ predictions: [] })).to.include("Predictions: found none");
    expect(await message({ predictions: [deliver(1n, `${file}.txt`)] }))
      .to.include("ENOENT")
      .and.to.include(file);
  });

  describe("the folder", () => {
    const HEADER = "model_id,file,salt,received_at";

    it("is read by its manifest, in its order", async () => {
      const store = join(folder, "store");
      await mkdir(store);
      await writeFile(join(store, "a.csv"), "");
      await writeFile(join(store, "b.parquet"), "");
      await writeFile(join(store, "deliveries.csv"), `${HEADER}\n12,b.parquet,${SALT},1700000000\n3,a.csv,,\n`);
      expect(await readDeliveries(store)).to.deep.equal([
        { modelId: 12n, file: join(store, "b.parquet"), salt: SALT, receivedAt: 1_700_000_000 },
        { modelId: 3n, file: join(store, "a.csv") },
      ]);
    });

    it("is refused with every problem of its manifest", async () => {
      const store = join(folder, "flawed");
      await mkdir(store);
      await writeFile(join(store, "a.csv"), "");
      const text = `${HEADER}\nx,a.csv,0x12,noon\n1,../targets.csv,,1\n2,gone.csv,,1\n`;
      await writeFile(join(store, "deliveries.csv"), text);
      const error: unknown = await readDeliveries(store).catch((refused: unknown) => refused);
      expect((error as NumeraireError).message.replaceAll(`${store}/`, "").split("\n")).to.deep.equal([
        "Input refused, 5 problems:",
        '  deliveries.csv:2:model_id: found "x", expected the number of a model. Correct the number.',
        '  deliveries.csv:2:salt: found "0x12", expected 32 bytes as 0x and 64 hex digits. Correct the salt; leave it empty where none was delivered.',
        '  deliveries.csv:2:received_at: found "noon", expected Unix seconds. Correct the time.',
        '  deliveries.csv:3:file: found "../targets.csv", expected a file in the manifest\'s folder. Restore the file, or correct its name.',
        '  deliveries.csv:4:file: found "gone.csv", expected a file in the manifest\'s folder. Restore the file, or correct its name.',
      ]);
    });

    it("is read by the names of its files, or of those a glob finds, in order of model", async () => {
      const store = join(folder, "named");
      await mkdir(store);
      for (const name of ["10.csv", "9.parquet", "notes.txt"]) await writeFile(join(store, name), "");
      const expected = [
        { modelId: 9n, file: join(store, "9.parquet") },
        { modelId: 10n, file: join(store, "10.csv") },
      ];
      expect(await readDeliveries(store)).to.deep.equal(expected);
      expect(await readDeliveries(join(store, "*.csv"))).to.deep.equal(expected.slice(1));
      await writeFile(join(store, "mine.csv"), "");
      const error: unknown = await readDeliveries(store).catch((refused: unknown) => refused);
      expect((error as NumeraireError).message).to.include('found "mine", expected the number of a model');
      const none: unknown = await readDeliveries(join(store, "*.xlsx")).catch((refused: unknown) => refused);
      expect((none as NumeraireError).message).to.include("found no predictions");
    });
  });

  it("reads a file whose name looks like a pattern as that file alone", async () => {
    await predictions("a1.csv", others);
    const file = await predictions("a[1]*?'.csv");
    const [scored] = await scoreRound({ predictions: [{ modelId: 1n, file }], targets });
    const [plain] = await scoreRound({ predictions: [{ modelId: 1n, file: await predictions("plain.csv") }], targets });
    expect(scored?.logloss).to.equal(plain?.logloss);
  });

  it("lists what is wrong with the targets", async () => {
    const file = await predictions("fine.csv");
    const message = async (text: string): Promise<string[]> => {
      const bad = join(folder, "bad-targets.csv");
      await writeFile(bad, text);
      const error: unknown = await scoreRound({ predictions: [{ modelId: 1n, file }], targets: bad }).catch(
        (refused: unknown) => refused,
      );
      return (error as NumeraireError).message.replaceAll(`${folder}/`, "").split("\n");
    };
    expect(await message("id,era,target\na,1,1\n")).to.deep.equal([
      "Input refused, 1 problem:",
      "  bad-targets.csv:1:data_type: found no such column, expected this column. Add the column.",
    ]);
    const text = "a,1,validation,2\na,,validation,1\nb,1,test,\nc,1,oops,1\n,1,train,x\nd,1,validation,\n";
    expect(await message(`id,era,data_type,target\n${text}`)).to.deep.equal([
      "Input refused, 5 problems:",
      '  bad-targets.csv:2:id: found "a" (and 1 more such rows), expected each id once. Keep the right row.',
      '  bad-targets.csv:5:data_type: found "oops", expected train, validation, test or live. Correct the column.',
      '  bad-targets.csv:2:target: found "2" (and 1 more such rows), expected 0 or 1 (only test rows may have none). Score when every target is known.',
      "  bad-targets.csv:3:era: found no value, expected the era of a validation row. Give each row its era.",
      "  bad-targets.csv:1:data_type: found no live rows, expected at least one. Use the targets of the whole round.",
    ]);
  });
});
