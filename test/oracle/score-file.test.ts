import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { type ScoreFileOptions, type ScoreRow, readScoreFile } from "../../scripts/oracle/score-file.js";
import { NumeraireError } from "../../sdk/numeraire-error.js";

const HEADER = "model_id,live_logloss,consistency,concordance,originality";
const OWNER = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";

describe("score file", () => {
  let folder = "";
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "score-file-"));
  });
  after(async () => {
    await rm(folder, { recursive: true });
  });

  const write = async (name: string, content: string | Uint8Array): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, content);
    return path;
  };

  const rowsOf = async (name: string, content: string, options?: ScoreFileOptions): Promise<ScoreRow[]> =>
    (await readScoreFile(await write(name, content), options)).rows;

  /** The lines of the refusal, without the folder. */
  const refusal = async (name: string, content: string | Uint8Array, options?: ScoreFileOptions): Promise<string[]> => {
    const path = await write(name, content);
    try {
      await readScoreFile(path, options);
    } catch (error) {
      if (!(error instanceof NumeraireError)) throw error;
      expect(error.exitCode).to.equal(1);
      expect(error.hint).not.to.equal("");
      return error.message.replaceAll(`${folder}/`, "").split("\n");
    }
    throw new Error("was not refused");
  };

  describe("given CSV", () => {
    it("reads model ids, measurements and lines, and hashes the bytes", async () => {
      const text = `${HEADER},note\n1,0.6931479999,58.9,true,FALSE,x\n\n22,3.5,100,1,0,"a\nb"\n`;
      const file = await readScoreFile(await write("good.csv", text));
      expect(file.sha256).to.equal(`0x${createHash("sha256").update(text).digest("hex")}`);
      expect(file.rows).to.deep.equal([
        {
          line: 2,
          model: { modelId: 1n },
          scored: true,
          logloss: 693_147,
          consistency: 58,
          concordance: true,
          originality: false,
          reason: "",
        },
        {
          line: 4,
          model: { modelId: 22n },
          scored: true,
          logloss: 1_048_575,
          consistency: 100,
          concordance: true,
          originality: false,
          reason: "",
        },
      ]);
    });

    it("reads a model by name and owner, whatever the case of the address", async () => {
      const header = HEADER.replace("model_id", "model,owner");
      const rows = await rowsOf("named.csv", `\uFEFF${header}\nalpha,${OWNER.toLowerCase()},0.1,1,true,true\n`);
      expect(rows.map(({ model }) => model)).to.deep.equal([{ name: "alpha", owner: OWNER }]);
    });

    it("never goes through a float: 0.693147 is 693147", async () => {
      const cases = [
        ["0.693147", 693_147],
        ["0.000001", 1],
        ["0.0000019999999999999999999", 1],
        ["0.29", 290_000],
        ["1.048575", 1_048_575],
      ] as const;
      for (const [text, micro] of cases) {
        const [row] = await rowsOf("digits.csv", `${HEADER}\n1,${text},50,true,true\n`);
        expect(row?.logloss, text).to.equal(micro);
      }
    });

    it("takes an empty log-loss with a reason as unscored", async () => {
      const [row] = await rowsOf("unscored.csv", `${HEADER},reason\n7,,,,,store was down\n`);
      expect(row).to.deep.include({ scored: false, logloss: 0, consistency: 0, reason: "store was down" });
    });

    it("lists every problem with file, line, column, value and remedy", async () => {
      const text = `${HEADER},reason\n1,NaN,50,true,true,\n2,-0.1,101,true,true,\n3,Infinity,100.5,maybe,true,\n4,1e,,true,,\nx,,1,true,true,\n0,0.5,1,true,true,\n`;
      expect(await refusal("bad.csv", text)).to.deep.equal([
        "Input refused, 12 problems:",
        '  bad.csv:2:live_logloss: found "NaN", expected a non-negative decimal such as 0.693147. Measure the model again.',
        '  bad.csv:3:live_logloss: found "-0.1", expected a non-negative decimal such as 0.693147. Measure the model again.',
        '  bad.csv:3:consistency: found "101", expected a per cent from 0 to 100. Measure the model again.',
        '  bad.csv:4:live_logloss: found "Infinity", expected a non-negative decimal such as 0.693147. Measure the model again.',
        '  bad.csv:4:consistency: found "100.5", expected a per cent from 0 to 100. Measure the model again.',
        '  bad.csv:4:concordance: found "maybe", expected true or false. Measure the model again.',
        '  bad.csv:5:live_logloss: found "1e", expected a non-negative decimal such as 0.693147. Measure the model again.',
        "  bad.csv:5:consistency: found no value, expected a per cent from 0 to 100. Measure the model again.",
        "  bad.csv:5:originality: found no value, expected true or false. Measure the model again.",
        '  bad.csv:6:model_id: found "x", expected the number of a model, from 1. Look the number up in ModelRegistered.',
        "  bad.csv:6:live_logloss: found no value, expected a log-loss, or a reason in the column reason. Wait until it is measured, or say why it could not be.",
        '  bad.csv:7:model_id: found "0", expected the number of a model, from 1. Look the number up in ModelRegistered.',
      ]);
    });

    it("refuses a model that occurs twice, by id or by name", async () => {
      expect(
        await refusal("twice.csv", `${HEADER}\n5,0.5,1,true,true\n6,0.5,1,true,true\n5,0.6,1,true,true\n`),
      ).to.include(
        "  twice.csv:4:model_id: found 5 again, first on line 2, expected one row a model. Keep the right row.",
      );
      const named = `${HEADER.replace("model_id", "model,owner")}\na,${OWNER},0.1,1,1,1\na,${OWNER.toLowerCase()},0.1,1,1,1\n`;
      expect(await refusal("names.csv", named)).to.include(
        '  names.csv:3:model: found "a" again, first on line 2, expected one row a model. Keep the right row.',
      );
    });

    it("refuses another round, and reads its own", async () => {
      const text = `round,${HEADER}\n3,1,0.5,1,true,true\n`;
      expect(await rowsOf("round.csv", text, { roundId: 3n })).to.have.length(1);
      expect(await refusal("round.csv", text, { roundId: 4n })).to.include(
        '  round.csv:2:round: found "3", expected round 4. Use the score file of this round.',
      );
    });

    it("refuses missing and repeated columns, and rows of another width", async () => {
      expect(await refusal("columns.csv", "model,live_logloss,consistency,concordance\na,1,1,true\n")).to.deep.equal([
        "Input refused, 2 problems:",
        "  columns.csv:1:model_id: found no such column, expected model_id, or model and owner. Add the column.",
        "  columns.csv:1:originality: found no such column, expected this column. Add the column.",
      ]);
      expect(await refusal("repeat.csv", `${HEADER},consistency\n1,0.5,1,true,true,2\n`)).to.include(
        "  repeat.csv:1:consistency: found this column twice, expected it once. Keep the column that is meant.",
      );
      expect(await refusal("width.csv", `${HEADER}\n1,0.5,1,true\n`)).to.include(
        "  width.csv:2:row: found 4 values, expected 5, as in the header. Add or quote what is missing.",
      );
    });

    it("refuses names that are none", async () => {
      const text = `${HEADER.replace("model_id", "model,owner")}\n,${OWNER},0.1,1,1,1\na,0x12,0.1,1,1,1\n`;
      expect(await refusal("owner.csv", text)).to.deep.equal([
        "Input refused, 2 problems:",
        "  owner.csv:2:model: found no value, expected the name of a model. Name the model, or give its model_id.",
        '  owner.csv:3:owner: found "0x12", expected an address of 20 bytes. Give the account that owns the model, or its model_id.',
      ]);
    });

    it("refuses a file that is missing, empty, without rows or not UTF-8", async () => {
      const missing = await readScoreFile(join(folder, "none.csv")).catch((error: unknown) => error);
      expect(missing).to.be.instanceOf(NumeraireError).with.property("message").that.contains("ENOENT");
      expect(await refusal("empty.csv", "")).to.include(
        "  empty.csv:1:file: found an empty file, expected a header and rows. Write the file again.",
      );
      expect(await refusal("header.csv", `${HEADER}\n`)).to.include(
        "  header.csv:1:file: found no rows, expected a row a model. Export the scores again.",
      );
      const latin = Buffer.concat([Buffer.from(`${HEADER},note\n1,0.5,1,true,true,`), Buffer.from([0xe9, 0x0a])]);
      expect(await refusal("latin.csv", latin)).to.include(
        "  latin.csv:2:row: found bytes that are not UTF-8, expected UTF-8. Save the file as UTF-8.",
      );
      const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(HEADER, "utf16le")]);
      expect(await refusal("utf16.csv", utf16)).to.include(
        "  utf16.csv:1:file: found a UTF-16 (little-endian) byte order mark, expected UTF-8. Save the file as UTF-8.",
      );
    });

    it("refuses quotes that are never closed", async () => {
      const [, line] = await refusal("quote.csv", `${HEADER}\n1,"0.5,1,true,true\n`);
      expect(line).to.match(/^ {2}quote\.csv:\d+:row: found text that is not CSV \(.+\), expected CSV\./);
    });
  });

  describe("given JSON rows", () => {
    it("reads them with their lines and the digits of numbers", async () => {
      const row =
        '{"model_id": 3, "live_logloss": 0.6931469999999999999999, "consistency": 58, "concordance": true, "originality": false}';
      const [read] = await rowsOf("rows.json", `[\n\n${row}]`);
      expect(read).to.deep.include({ line: 3, model: { modelId: 3n }, logloss: 693_146, consistency: 58 });
      expect(await rowsOf("scores.json", `{"scores": [${row}]}`)).to.have.length(1);
    });

    it("says where the text stops being JSON, what is missing, and what is repeated", async () => {
      const [, line] = await refusal("broken.json", '[\n{"model_id": 1,\n]');
      expect(line).to.match(/^ {2}broken\.json:3:file: found text that is not JSON/);
      expect(
        await refusal("missing.json", '[{"model_id": 1,\n"live_logloss": 1, "consistency": 1, "concordance": true}]'),
      ).to.deep.equal([
        "Input refused, 1 problem:",
        "  missing.json:1:originality: found no such column, expected this column. Add the column.",
      ]);
      expect(await refusal("key.json", '[{"model_id": 1,\n"model_id": 2}]')).to.include(
        '  key.json:2:model_id: found the key "model_id" twice in one object, expected it once. Keep the value that is meant.',
      );
      expect(await refusal("scalar.json", "[7]")).to.include(
        '  scalar.json:1:row: found "7", expected an object. Write one object a model.',
      );
    });
  });

  describe("given the leaderboard of numerai's API", () => {
    const entry = (fields: Record<string, unknown>): Record<string, unknown> => ({
      username: "ada",
      consistency: 66.67,
      concordance: { pending: false, value: true },
      originality: { pending: false, value: false },
      liveLogloss: "0.69212345",
      stake: { value: "100.5", confidence: "0.25" },
      ...fields,
    });
    const answer = (...entries: unknown[]): string =>
      JSON.stringify({ data: { rounds: [{ number: 70, leaderboard: entries }] } }, null, 1);
    const mapped = async (
      name = "map.csv",
      text = "username,model_id\nada,11\nbob,12\n",
    ): Promise<ScoreFileOptions> => ({
      mapping: await write(name, text),
    });

    it("reads it as it comes, whole or as a bare array, with a CSV or JSON mapping", async () => {
      const expected = {
        model: { modelId: 11n },
        scored: true,
        logloss: 692_123,
        consistency: 66,
        concordance: true,
        originality: false,
      };
      const [fromAnswer] = await rowsOf("board.json", answer(entry({})), await mapped());
      expect(fromAnswer).to.deep.include(expected);
      const options = await mapped("map.json", '{"ada": 11}');
      const [fromArray] = await rowsOf("array.json", JSON.stringify([entry({})]), options);
      expect(fromArray).to.deep.include(expected);
    });

    it("leaves out whoever competed without a stake and is not mapped", async () => {
      const rows = await rowsOf(
        "unstaked.json",
        answer(entry({ username: "eve", stake: null }), entry({})),
        await mapped(),
      );
      expect(rows.map(({ model }) => model)).to.deep.equal([{ modelId: 11n }]);
    });

    it("refuses pending metrics, unknown usernames, another round and money as numbers", async () => {
      const text = answer(
        entry({ liveLogloss: null }),
        entry({
          username: "bob",
          originality: { pending: true, value: true },
          stake: { value: 1.5, confidence: null },
        }),
        entry({ username: "eve" }),
      );
      expect(await refusal("pending.json", text, { ...(await mapped()), roundId: 71n })).to.deep.equal([
        "Input refused, 5 problems:",
        '  pending.json:5:number: found "70", expected round 71. Use the leaderboard of this round.',
        "  pending.json:18:liveLogloss: found a pending metric, expected its value. Wait until it is computed and fetch the leaderboard again.",
        "  pending.json:31:originality: found a pending metric, expected its value. Wait until it is computed and fetch the leaderboard again.",
        "  pending.json:36:stake: found the number 1.5 as value, expected a decimal string. Fetch the leaderboard again, money as strings.",
        '  pending.json:41:username: found "eve", expected a username of the mapping file. Add the username and its model id to the mapping file.',
      ]);
    });

    it("needs a mapping without contradictions, and one round", async () => {
      expect(await refusal("nomap.json", answer(entry({})))).to.include(
        "  nomap.json:1:username: found usernames, expected a mapping file beside the leaderboard. Give --mapping with a CSV of username,model_id.",
      );
      const twice = await mapped("twice-map.csv", "username,model_id\nada,11\nbob,11\nada,12\n");
      expect(await refusal("board.json", answer(entry({})), twice)).to.include.members([
        '  twice-map.csv:3:model_id: found 11 again, first for "ada", expected one line a username and a model. Keep the right line.',
        '  twice-map.csv:4:username: found "ada" again, expected one line a username and a model. Keep the right line.',
      ]);
      const rounds = JSON.stringify({ data: { rounds: [{}, {}] } });
      expect(await refusal("rounds.json", rounds, await mapped())).to.include(
        "  rounds.json:1:file: found 2 rounds, expected data.rounds with one round and its leaderboard, or an array of rows. Ask the API for one round, with its leaderboard.",
      );
    });
  });
});
