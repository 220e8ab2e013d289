import { mkdir, mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";

import { readRoundFolder } from "../../../scripts/oracle/watch/round-folder.js";
import { failure } from "../../fixtures/failure.js";

const HASH_OF_A = "0xca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb";

describe("watch: a round's folder", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "numeraire-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const now = () => Date.now() / 1000;
  const put = async (name: string, savedAt: number) => {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, "a");
    await utimes(file, savedAt, savedAt);
    return file;
  };
  const state = async () => (await readRoundFolder(folder)).state;

  it("has no scores while it does not exist or is empty", async () => {
    expect(await state()).to.equal("missing");
    expect(await readRoundFolder(path.join(folder, "3"))).to.deep.equal({ state: "missing" });
  });

  for (const name of ["scores.csv", "scores.json"]) {
    it(`has scores in ${name}`, async () => {
      const file = await put(name, 1_000);
      expect(await readRoundFolder(folder)).to.deep.equal({
        state: "ready",
        path: file,
        sha256: HASH_OF_A,
        savedAt: 1_000,
      });
    });
  }

  it("has the mapping of a leaderboard, saved when the later of the two was", async () => {
    await put("scores.json", 1_000);
    const mapping = await put("mapping.csv", 2_000);
    expect(await readRoundFolder(folder)).to.include({
      mapping,
      mappingSha256: HASH_OF_A,
      savedAt: 2_000,
    });
  });

  it("leaves a file alone until it has not changed for ten seconds", async () => {
    await put("scores.csv", now() - 9);
    expect(await state()).to.equal("arriving");
    await put("scores.csv", now() - 11);
    expect(await state()).to.equal("ready");
    await put("mapping.csv", now() - 9);
    expect(await state()).to.equal("arriving");
  });

  it("does not wait for a file out of the future", async () => {
    await put("scores.csv", now() + 3_600);
    expect(await state()).to.equal("ready");
  });

  it("can be measured once there are predictions and targets", async () => {
    const targets = await put("targets.parquet", 1_000);
    expect(await state()).to.equal("missing");
    await mkdir(path.join(folder, "predictions"));
    expect(await state()).to.equal("missing");
    await put("predictions/1.csv", 1_000);
    const predictions = path.join(folder, "predictions");
    expect(await readRoundFolder(folder, Date.now() + 65_000)).to.deep.equal({
      state: "measurable",
      predictions,
      targets,
    });
  });

  it("is not measured while predictions arrive, whatever time a copy kept", async () => {
    await put("targets.csv", 1_000);
    await put("predictions/1.csv", 1_000);
    // Written in 1970, they say, and a moment ago by the system.
    expect((await readRoundFolder(folder, Date.now() + 20_000)).state).to.equal("arriving");
    await put("predictions/deliveries.csv", now() + 40);
    expect((await readRoundFolder(folder, Date.now() + 65_000)).state).to.equal("arriving");
    expect((await readRoundFolder(folder, Date.now() + 150_000)).state).to.equal("measurable");
  });

  it("counts scores before what they could be measured from", async () => {
    await put("targets.csv", now());
    await put("predictions/1.csv", now());
    await put("scores.csv", 1_000);
    expect(await state()).to.equal("ready");
  });

  it("is refused with two of one kind", async () => {
    await put("scores.csv", 1_000);
    await put("scores.json", 1_000);
    expect((await failure(readRoundFolder(folder))).message).to.contain(
      "found scores.csv and scores.json, expected one",
    );
  });
});
