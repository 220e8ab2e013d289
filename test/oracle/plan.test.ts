import { readFile, writeFile } from "node:fs/promises";

import { expect } from "chai";
import { parseEther } from "ethers";

import { plan } from "../../scripts/oracle/plan.js";
import { parsePlan, readPlan } from "../../scripts/oracle/plan-file.js";
import { NumeraireError } from "../../sdk/numeraire-error.js";
import { NO_CUT, unpackScores } from "../../sdk/score-sheet.js";
import { networkHelpers } from "../fixtures/deployed.js";
import { failure } from "../fixtures/failure.js";
import {
  SCORES_CSV,
  closedRound,
  contextFor,
  playToClose,
  scoreFolder,
  type ClosedRound,
} from "../fixtures/oracle-round.js";
import { fund, openRound, score, GOOD, BAD } from "../fixtures/rounds.js";

/** The error of a promise that must fail. */
describe("plan", () => {
  let d: ClosedRound;

  beforeEach(async () => {
    d = await networkHelpers.loadFixture(closedRound);
  });

  const planWith = async (csv: string, options: object = {}) => {
    const { scoreFile, planPath } = await scoreFolder(csv);
    return plan(contextFor(d), { roundId: d.roundId, scoreFile, out: planPath, ...options });
  };

  it("finds outcomes, cut and totals", async () => {
    const { plan: made, outcomes } = await planWith(SCORES_CSV);
    expect(outcomes.map(({ verdict }) => verdict)).to.deep.equal([
      "paid",
      "destroyed",
      "paid",
      "returned",
      "returned",
      "returned",
    ]);
    expect(outcomes.map(({ reason }) => reason)).to.deep.equal([
      "performed",
      "log-loss not below the benchmark",
      "performed; what was left of the pool",
      "below the cut (stake 2)",
      "ineligible: not original",
      "unscored",
    ]);
    expect(outcomes.map(({ model }) => model)).to.deep.equal([0, 1, 2, 3, 4, 5].map((i) => `model ${i}`));
    expect(made.cut).to.equal(2);
    expect(made.totals).to.deep.equal({
      above: parseEther("5"),
      cutPayout: parseEther("5"),
      paid: parseEther("10"),
      burned: parseEther("4"),
      returned: parseEther("24"),
      bonus: 0n,
    });
    expect(made.counts).to.deep.equal({ paid: 2, destroyed: 1, returned: 3 });
  });

  it("plans what the contract itself takes, with the report hash it names", async () => {
    const { plan: made } = await planWith(SCORES_CSV);
    const scores = unpackScores(made.chunks);
    const member = d.tournament.connect(d.members[0]);
    await member.beginScoring(d.roundId, made.cut, made.evidenceHash, made.evidenceURI);
    for (const chunk of made.chunks) await member.postScores(d.roundId, 1, chunk);
    const attempt = await d.tournament.getAttempt(d.roundId, 1);
    expect(attempt.completedAt).to.be.greaterThan(0n);
    expect(attempt.scoresDigest).to.equal(made.scoresDigest);
    expect(attempt.above).to.equal(made.totals.above);
    expect(attempt.burned).to.equal(made.totals.burned);
    expect(await d.tournament.reportHash(d.roundId, 1)).to.equal(made.reportHash);
    expect(scores[0]).to.deep.equal({
      scored: true,
      concordant: true,
      original: true,
      consistency: 75,
      logloss: 690000,
    });
  });

  it("writes the same bytes again, wherever the folder is", async () => {
    const first = await planWith(SCORES_CSV);
    const second = await planWith(SCORES_CSV);
    expect(first.path).not.to.equal(second.path);
    expect(await readFile(first.path, "utf8")).to.equal(await readFile(second.path, "utf8"));
  });

  it("reads back what it wrote", async () => {
    const { path, plan: made } = await planWith(SCORES_CSV);
    expect(await readPlan(path)).to.deep.equal(made);
  });

  it("names models by label and owner", async () => {
    const owners = d.others.map(({ address }) => address);
    const rows = SCORES_CSV.trim()
      .split("\n")
      .map((line, i) =>
        i === 0
          ? line.replace("model_id", "model,owner")
          : line.replace(/^\d/, `model ${i - 1},${owners[i - 1] ?? ""}`),
      );
    const named = await planWith(`${rows.join("\n")}\n`);
    expect(named.plan.chunks).to.deep.equal((await planWith(SCORES_CSV)).plan.chunks);
  });

  it("follows a model to the owner that it had at the close, and no further", async () => {
    const [owner, other] = [d.others[0], d.others[9]];
    if (owner === undefined || other === undefined) throw new Error("accounts");
    await d.tournament.connect(owner).offerModel(1, other);
    await d.tournament.connect(other).acceptModel(1);
    const row = (account: string) =>
      `model,owner,live_logloss,consistency,concordance,originality\nmodel 0,${account},0.69,75,true,true\n`;
    const follows = async (roundId: bigint, right: { address: string }, wrong: { address: string }) => {
      const options = { roundId, allowUnscored: true };
      const { plan: made } = await planWith(row(right.address), options);
      expect(unpackScores(made.chunks)[0]?.scored).to.equal(true);
      const error = await failure(planWith(row(wrong.address), options));
      expect(error.message).to.contain(`scores.csv:2: model "model 0" of ${wrong.address} is not registered`);
    };
    await follows(d.roundId, owner, other);
    await fund(d, other);
    await follows((await playToClose(d, d.models)).roundId, other, owner);
  });

  it("names no cut when the prize pool is not emptied", async () => {
    const { plan: made } = await planWith(SCORES_CSV.replace("0.691234", "0.700000"));
    expect(made.cut).to.equal(NO_CUT);
    expect(made.totals.burned).to.equal(parseEther("15"));
  });

  it("expects the next attempt when others began one", async () => {
    await score(d, d.roundId, [GOOD, BAD, GOOD, BAD, BAD, BAD]);
    expect((await planWith(SCORES_CSV)).plan.expectedAttempt).to.equal(2);
  });

  it("lists every problem together", async () => {
    const lines = SCORES_CSV.split("\n");
    const csv = [...lines.slice(0, 6), "99,0.69,60,true,true,", ""].join("\n");
    const error = await failure(planWith(csv));
    expect(error.exitCode).to.equal(1);
    expect(error.message).to.match(/^2 problems, nothing was planned:/);
    expect(error.message).to.contain("scores.csv:7: model 99 is not registered; expected one from 1 to 6");
    expect(error.message).to.contain("stake 5 of model 6 has no score; add its row, or pass --allow-unscored");
  });

  it("returns stakes without a score when told to", async () => {
    const csv = SCORES_CSV.split("\n").slice(0, 6).join("\n");
    const { outcomes, warnings } = await planWith(csv, { allowUnscored: true });
    expect(outcomes[5]).to.deep.include({ verdict: "returned", reason: "unscored" });
    expect(warnings).to.have.length(1);
    expect(warnings[0]).to.contain("stake 5 of model 6 has no score; it will be returned");
  });

  it("refuses a model without a stake unless told to skip it", async () => {
    const owner = d.others[8];
    if (owner === undefined) throw new Error("accounts");
    await d.tournament.connect(owner).registerModel(`0x${"00".repeat(32)}`);
    const csv = `${SCORES_CSV}7,0.69,60,true,true,\n`;
    expect((await failure(planWith(csv))).message).to.contain("scores.csv:8: model 7 has no stake in the round");
    expect((await planWith(csv, { allowUnstaked: true })).plan.stakeCount).to.equal(6);
  });

  it("refuses a model scored twice under two names", async () => {
    const owner = d.others[0]?.address ?? "";
    const csv = [
      "model_id,model,owner,live_logloss,consistency,concordance,originality",
      "1,,,0.69,60,true,true",
      `,model 0,${owner},0.68,60,true,true`,
      "",
    ].join("\n");
    const error = await failure(planWith(csv, { allowUnscored: true }));
    expect(error.message).to.contain("scores.csv:3: model 1 is scored twice, first on line 2");
  });

  it("refuses a round that is open", async () => {
    const roundId = await openRound(d);
    const error = await failure(planWith(SCORES_CSV, { roundId, allowUnstaked: true }));
    expect(error.message).to.match(/round 2: found Open until .* at block \d+ .*, expected Closed/);
  });

  it("tells what is wrong with the round together with what is wrong with the file", async () => {
    const roundId = await openRound(d);
    const { scoreFile, planPath } = await scoreFolder("model_id,live_logloss\n1,0.69\n");
    const { message } = await failure(plan(contextFor(d), { roundId, scoreFile, out: planPath }));
    const [first, second, third] = message.split("\n");
    expect(first).to.contain("round 2: found Open until");
    expect(second).to.contain("Input refused, 3 problems");
    expect(third).to.contain("consistency");
  });

  it("refuses a round that was never opened", async () => {
    const error = await failure(planWith(SCORES_CSV, { roundId: 9n }));
    expect(error.message).to.equal("round 9: found none, expected one from 1 to 1");
  });

  it("refuses a round whose time to score is over", async () => {
    const { deadline, terms } = await d.tournament.getRound(d.roundId);
    await networkHelpers.time.increaseTo(deadline - terms.challengePeriod + 1n);
    expect((await failure(planWith(SCORES_CSV))).message).to.contain("expected to post scores by");
  });
});

describe("plan file", () => {
  const made = async () => {
    const d = await networkHelpers.loadFixture(closedRound);
    const { scoreFile, planPath } = await scoreFolder();
    await plan(contextFor(d), { roundId: d.roundId, scoreFile, out: planPath });
    return { planPath, text: await readFile(planPath, "utf8") };
  };

  for (const [what, change, message] of [
    ["another version", (t: string) => t.replace('"version": 2', '"version": 1'), "version: found 1, expected 2"],
    [
      "a missing field",
      (t: string) => t.replace('"stakesHash"', '"stakeHash"'),
      "stakesHash: found nothing, expected 32 bytes",
    ],
    [
      "a number for an amount",
      (t: string) => t.replace(/"prizePool": "(\d+)"/, '"prizePool": 10'),
      "prizePool: found 10, expected a decimal string",
    ],
    ["a missing object", (t: string) => t.replace('"gas": {', '"gases": {'), "gas: found nothing, expected an object"],
    [
      "a cut outside the round",
      (t: string) => t.replace('"cut": 2', '"cut": 6'),
      "cut: found 6, expected 4294967295 or a stake below stakeCount",
    ],
    [
      "a changed score",
      (t: string) => t.replace(/"chunks": \[\s+"0x.{8}/, (s) => `${s.slice(0, -1)}${s.endsWith("0") ? "1" : "0"}`),
      "scoresDigest: found",
    ],
    [
      "a missing score",
      (t: string) => t.replace(/"0x[0-9a-f]{8}([0-9a-f]{40})"\n {2}\]/, '"0x$1"\n  ]'),
      "chunks: found 5 scores in 1 chunk, expected 6 scores",
    ],
    ["half a file", (t: string) => t.slice(0, 400), "found no valid JSON"],
    ["another document", () => "[]", "version: found nothing"],
  ] as const) {
    it(`refuses ${what}`, async () => {
      const { planPath, text } = await made();
      const changed = change(text);
      expect(changed).not.to.equal(text);
      expect(() => parsePlan(changed, planPath)).to.throw(NumeraireError, message);
    });
  }

  it("refuses a file that is not there", async () => {
    const { planPath } = await made();
    await writeFile(planPath, "");
    expect((await failure(readPlan(planPath))).message).to.contain("no valid JSON");
    expect((await failure(readPlan(`${planPath}.not`))).message).to.contain("found no readable file, expected a plan");
  });
});
