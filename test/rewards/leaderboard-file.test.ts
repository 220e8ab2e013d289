import { mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";

import { readLeaderboard } from "../../scripts/rewards/leaderboard-file.js";
import { failure } from "../fixtures/failure.js";

const ALICE = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const BOB = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC";

describe("readLeaderboard", () => {
  let folder: string;
  const write = async (text: string): Promise<string> => {
    const file = path.join(folder, "leaderboard");
    await writeFile(file, text);
    return file;
  };

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "numeraire-"));
  });
  after(() => rm(folder, { recursive: true }));

  it("reads CSV with ranks, with log-losses or with both, and keeps out of the other columns", async () => {
    const both = await write(`rank,account,live_logloss,model\n2,${ALICE.toLowerCase()},0.6925,x\n1,${BOB},0.69,y\n`);
    expect((await readLeaderboard(both)).competitors).to.deep.equal([
      { account: ALICE, rank: 2, logloss: 692_500_000_000_000_000n },
      { account: BOB, rank: 1, logloss: 690_000_000_000_000_000n },
    ]);
    const ranks = await write(`account,rank\n${ALICE},7\n`);
    expect((await readLeaderboard(ranks)).competitors).to.deep.equal([{ account: ALICE, rank: 7 }]);
  });

  it("reads JSON, numbers with the digits they were written with", async () => {
    const file = await write(`[{"account": "${ALICE}", "live_logloss": 0.69250000000000001}]`);
    const { competitors, sha256 } = await readLeaderboard(file);
    expect(competitors).to.deep.equal([{ account: ALICE, logloss: 692_500_000_000_000_010n }]);
    expect(sha256).to.match(/^0x[0-9a-f]{64}$/);
  });

  it("lists everything that is wrong, with its line", async () => {
    const file = await write(
      [
        "account,rank,live_logloss",
        `${ALICE},1,0.69`,
        `${ALICE.toLowerCase()},2,0.70`,
        "0x12,0,NaN",
        `0x${"00".repeat(20)},3,`,
        `${BOB},4,-0.1`,
        `${BOB.replace("3C", "3c")},5,1e-1`,
      ].join("\n"),
    );
    const { message } = await failure(readLeaderboard(file));
    for (const line of [
      ':4:account: found "0x12", expected an address of 20 bytes, not zero.',
      ':4:rank: found "0", expected a place from 1.',
      ':4:live_logloss: found "NaN", expected a decimal of at most 18 places such as 0.6925.',
      ":5:account: found",
      ":5:live_logloss: found no value",
      ':6:live_logloss: found "-0.1"',
      ":7:account: found",
      ':7:live_logloss: found "1e-1"',
      `:3:account: found ${ALICE.toLowerCase()} again, first on line 2, expected a row an account.`,
    ]) {
      expect(message).to.contain(file + line);
    }
  });

  it("refuses a file that is no leaderboard by its size, without reading it", async () => {
    const file = await write("account,rank\n");
    await truncate(file, 2 ** 40);
    expect((await failure(readLeaderboard(file))).message).to.equal(
      `${file}: found 1099511627776 bytes, expected a text file of at most 268435456`,
    );
  });

  for (const [name, text, message] of [
    ["no account", "rank\n1\n", ":1:account: found no such column, expected this column."],
    [
      "neither rank nor log-loss",
      `account\n${ALICE}\n`,
      ":1:rank: found no such column, expected rank or live_logloss.",
    ],
    ["no rows", "account,rank\n", ":1:file: found no rows, expected a row an account."],
    ["an object", `{"account": "${ALICE}"}`, ":1:row: found no list, expected an object in a list."],
    ["a list of numbers", "[7]", ':1:row: found "7", expected an object in a list.'],
    ["text in a list", '[\n"x"]', ':2:row: found "x", expected an object in a list.'],
    ["a column twice", `account,rank,rank\n${ALICE},1,2\n`, ":1:rank: found this column twice, expected it once."],
    ["a value too many", `account,rank\n${ALICE},1,2\n`, ":2:row: found 3 values, expected 2, as in the header."],
    ["a key twice", `[{"account":"${ALICE}","rank":1,"rank":2}]`, ':1:rank: found the key "rank" twice in one object'],
    ["a log-loss of 19 places", `account,live_logloss\n${ALICE},0.${"1".repeat(19)}\n`, ":2:live_logloss: found"],
    ["a rank of ten digits", `account,rank\n${ALICE},1000000000\n`, ':2:rank: found "1000000000", expected a place'],
    ["a row without a rank", `[{"account":"${ALICE}","rank":1},{"account":"${BOB}"}]`, ":1:rank: found no value"],
  ] as const) {
    it(`refuses a file with ${name}`, async () => {
      const file = await write(text);
      expect((await failure(readLeaderboard(file))).message).to.contain(file + message);
    });
  }
});
