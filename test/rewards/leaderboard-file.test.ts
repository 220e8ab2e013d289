import { mkdtemp, rm, writeFile } from "node:fs/promises";
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

  for (const [name, text, message] of [
    ["no account", "rank\n1\n", ":1:account: found no such column, expected this column."],
    [
      "neither rank nor log-loss",
      `account\n${ALICE}\n`,
      ":1:rank: found no such column, expected rank or live_logloss.",
    ],
    ["no rows", "account,rank\n", ":1:file: found no rows, expected a row an account."],
    ["an object", `{"account": "${ALICE}"}`, ":1:row: found no list, expected an object in a list."],
    ["a list of numbers", "[7]", ":1:row: found something else, expected an object in a list."],
    ["a row without a rank", `[{"account":"${ALICE}","rank":1},{"account":"${BOB}"}]`, ":1:rank: found no value"],
  ] as const) {
    it(`refuses a file with ${name}`, async () => {
      const file = await write(text);
      expect((await failure(readLeaderboard(file))).message).to.contain(file + message);
    });
  }
});
