import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { id } from "ethers";

import { readCommitments } from "../../scripts/oracle/commitments.js";
import type { Context } from "../../scripts/chain/context.js";
import { type Log, silentLog } from "../../scripts/terminal/log.js";
import { readScoreFile } from "../../scripts/oracle/score-file.js";
import { score } from "../../scripts/oracle/score.js";
import { predictionsHash } from "../../sdk/commitment.js";
import { NumeraireError } from "../../sdk/numeraire-error.js";
import { connection, deployed, ethers, networkHelpers, type Deployed } from "../fixtures/deployed.js";
import { close, fund, openRound, register } from "../fixtures/rounds.js";
import { seededRandom, tournamentRows, writePredictions, writeTargets } from "../fixtures/round-files.js";

const SALT = `0x${"c0".repeat(32)}`;

describe("score: the command", () => {
  const random = seededRandom(21);
  const rows = tournamentRows(random, 300);
  const guesses = rows.map(() => Number((0.3 + random() * 0.4).toFixed(6)));
  let folder = "";
  let targets = "";
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "score-command-"));
    targets = await writeTargets(folder, rows);
  });
  after(async () => {
    await rm(folder, { recursive: true });
  });

  /** Runs the program as a user does. */
  const oracle = (...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> =>
    new Promise((done) => {
      const command = ["--import", "tsx", "scripts/oracle/main.ts", ...args];
      execFile(process.execPath, command, (error, stdout, stderr) => {
        done({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr });
      });
    });

  it("writes a score file that reads back, a table for people, JSON for programs", async () => {
    const store = join(folder, "store");
    await mkdir(store);
    await writePredictions(join(store, "4.csv"), rows, guesses);
    await writePredictions(join(store, "12.csv"), rows, guesses);
    const out = join(folder, "scores.csv");
    const args = ["score", "--predictions", store, "--targets", targets, "--out", out];
    const people = await oracle(...args);
    expect(people).to.deep.include({ code: 0 });
    expect(people.stdout)
      .to.include(`2 models scored, written to ${out}`)
      .and.to.include("|r| > 0.95 with 4 (1.000000)");
    const first = await readFile(out, "utf8");
    const programs = await oracle(...args, "--json");
    const report = JSON.parse(programs.stdout) as { models: { modelId: string; logloss: number }[] };
    expect(await readFile(out, "utf8"), "the second run writes the same bytes").to.equal(first);
    const { rows: read } = await readScoreFile(out);
    expect(report.models.map(({ logloss }) => logloss)).to.deep.equal(read.map(({ logloss }) => logloss));
    expect(read.map(({ model, originality }) => [model, originality])).to.deep.equal([
      [{ modelId: 4n }, true],
      [{ modelId: 12n }, false],
    ]);
  });

  it("exits with 1 and the problems when the input is refused", async () => {
    const store = join(folder, "refused");
    await mkdir(store);
    await writeFile(join(store, "1.csv"), "id,probability\nx,2\n");
    const out = join(folder, "refused.csv");
    const result = await oracle("score", "--predictions", store, "--targets", targets, "--out", out);
    expect(result).to.deep.include({ code: 1, stdout: "" });
    expect(result.stderr).to.include('1.csv:2:probability: found probability "2"').and.to.include("hint: ");
    expect(await readFile(out).catch(() => "nothing written")).to.equal("nothing written");
  });

  describe("given a round on a chain", () => {
    const contextOf = async (d: Deployed, log: Log = silentLog): Promise<Context> => ({
      provider: ethers.provider,
      suite: d,
      chainId: (await ethers.provider.getNetwork()).chainId,
      network: connection.networkName,
      log,
      fromBlock: 0,
      confirmations: 0,
    });

    /** Two models staked in a round; the first committed to a file, then the second, then the first to another. */
    async function staked() {
      const d = await networkHelpers.loadFixture(deployed);
      const roundId = await openRound(d);
      const other = await openRound(d);
      const { chainId } = await ethers.provider.getNetwork();
      const tournament = await d.tournament.getAddress();
      const store = await mkdtemp(join(folder, "round-"));
      const files = {
        old: await writePredictions(
          join(store, "old.csv"),
          rows,
          guesses.map((p) => 1 - p),
        ),
        first: await writePredictions(join(store, "first.csv"), rows, guesses),
        second: await writePredictions(join(store, "second.csv"), rows, guesses),
      };
      const hash = async (modelId: bigint, file: string): Promise<string> => {
        const fileSha256 = `0x${createHash("sha256")
          .update(await readFile(file))
          .digest("hex")}`;
        return predictionsHash({ chainId, tournament, roundId, modelId, salt: SALT, fileSha256 });
      };
      const models: bigint[] = [];
      for (const [index, file] of [files.old, files.second].entries()) {
        const owner = d.others[index];
        if (owner === undefined) throw new Error("there are too few test accounts");
        await fund(d, owner);
        const modelId = await register(d, owner);
        await d.tournament.connect(owner).stake(roundId, modelId, 10n, 10n, await hash(modelId, file));
        await d.tournament.connect(owner).stake(other, modelId, 10n, 10n, id("another round"));
        models.push(modelId);
      }
      const [one = 0n, two = 0n] = models;
      const [owner] = d.others;
      if (owner === undefined) throw new Error("there are no test accounts");
      await d.tournament.connect(owner).commitPredictions(roundId, 0, await hash(one, files.first));
      const closesAt = Number((await d.tournament.getRound(roundId)).terms.closesAt);
      const manifest = (late = 0): Promise<void> =>
        writeFile(
          join(store, "deliveries.csv"),
          `model_id,file,salt,received_at\n${one},first.csv,${SALT},${closesAt}\n${two},second.csv,${SALT},${closesAt + late}\n`,
        );
      await manifest();
      return { d, roundId, one, two, hash, files, store, manifest, closesAt };
    }

    it("reads the last commitment of each model, in the order they were made", async () => {
      const { d, roundId, one, two, hash, files } = await staked();
      const commitments = await readCommitments(d, roundId);
      expect(commitments.map(({ modelId, predictionsHash: committed }) => [modelId, committed])).to.deep.equal([
        [two, await hash(two, files.second)],
        [one, await hash(one, files.first)],
      ]);
      const [second, first] = commitments;
      expect(second?.blockNumber).to.be.lessThan(first?.blockNumber ?? 0);
    });

    it("refuses with exit code 2 while commitments can still change", async () => {
      const { d, roundId, store } = await staked();
      const request = { predictions: store, targets, out: join(store, "scores.csv"), roundId };
      const error: unknown = await score(request, silentLog, await contextOf(d)).catch((refused: unknown) => refused);
      expect(error).to.be.instanceOf(NumeraireError).with.property("exitCode", 2);
      expect((error as NumeraireError).message).to.equal(
        `round ${roundId}: found it Open, expected Closed or Resolved`,
      );
    });

    it("takes a model that committed again for the later one, and writes the round", async () => {
      const { d, roundId, one, two, store } = await staked();
      await close(d, roundId);
      const out = join(store, "scores.csv");
      const { models } = await score({ predictions: store, targets, out, roundId }, silentLog, await contextOf(d));
      expect(models.map(({ modelId, originality, reason }) => [modelId, originality, reason])).to.deep.equal([
        [two, true, ""],
        [one, false, ""],
      ]);
      expect((await readScoreFile(out, { roundId })).rows).to.have.length(2);
      const wrong: unknown = await readScoreFile(out, { roundId: roundId + 1n }).catch((refused: unknown) => refused);
      expect(wrong).to.be.instanceOf(NumeraireError);
    });

    it("gives the worst score to what arrived after the close on chain", async () => {
      const { d, roundId, one, two, store, manifest, closesAt } = await staked();
      await manifest(1);
      await close(d, roundId);
      const out = join(store, "scores.csv");
      const { models } = await score({ predictions: store, targets, out, roundId }, silentLog, await contextOf(d));
      expect(models.map(({ modelId, logloss, reason }) => [modelId, logloss === 1_048_575, reason])).to.deep.equal([
        [two, true, `second.csv arrived at ${closesAt + 1}, the round closed at ${closesAt}`],
        [one, false, ""],
      ]);
    });
  });
});
