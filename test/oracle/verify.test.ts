import { expect } from "chai";
import { parseEther } from "ethers";

import { apply } from "../../scripts/oracle/apply.js";
import type { Context } from "../../scripts/chain/context.js";
import { finalize } from "../../scripts/oracle/finalize.js";
import { plan } from "../../scripts/oracle/plan.js";
import { settle } from "../../scripts/oracle/settle.js";
import { verify, type VerifyResult } from "../../scripts/oracle/verify.js";
import { describeDifference, differences } from "../../scripts/oracle/verify/check.js";
import { checkSettlements, checkSums } from "../../scripts/oracle/verify/check-resolution.js";
import { checkPools, checkStakes, checkTerms } from "../../scripts/oracle/verify/check-stakes.js";
import { readRoundEvidence } from "../../scripts/oracle/verify/round-evidence.js";
import { resolveAuction } from "../../sdk/auction.js";
import { NO_CUT, unpackScores } from "../../sdk/score-sheet.js";
import { ethers, networkHelpers } from "../fixtures/deployed.js";
import { failure } from "../fixtures/failure.js";
import {
  SCORES_CSV,
  approveAndWait,
  closedRound,
  contextFor,
  memberWallet,
  playToClose,
  scoreFolder,
  type ClosedRound,
} from "../fixtures/oracle-round.js";
import { GOOD, close, fund, openRound, score } from "../fixtures/rounds.js";

const told = ({ differences: found }: VerifyResult) =>
  found.map(({ what, expected, found: is }) => [what, is, expected]);

describe("verify", () => {
  let d: ClosedRound;
  let operator: Context;
  let reader: Context;

  beforeEach(async () => {
    d = await networkHelpers.loadFixture(closedRound);
    operator = contextFor(d, memberWallet(d));
    reader = contextFor(d);
  });

  const scored = async (csv = SCORES_CSV, roundId = d.roundId) => {
    const files = await scoreFolder(csv);
    await plan(operator, { roundId, scoreFile: files.scoreFile, out: files.planPath });
    return { ...files, ...(await apply(operator, { planPath: files.planPath })) };
  };
  const resolved = async (csv = SCORES_CSV, roundId = d.roundId) => {
    const files = await scored(csv, roundId);
    await approveAndWait(d, files.reportHash);
    await finalize(operator, { roundId });
    return files;
  };

  it("agrees before the round is resolved, and says how far the committee is", async () => {
    const { scoreFile } = await scored();
    const result = await verify(reader, { roundId: d.roundId, scoreFile });
    expect(told(result)).to.deep.equal([]);
    expect(result).to.deep.include({ ok: true, status: "Closed", attemptId: 1 });
    const approvals = result.checks.find(({ name }) => name === "approvals");
    expect(approvals?.detail).to.equal(`1 of 2 needed: ${d.members[0].address}`);
  });

  it("agrees when resolved, half settled, settled and swept", async () => {
    const { scoreFile } = await resolved();
    const { roundId } = d;
    expect(told(await verify(reader, { roundId, scoreFile }))).to.deep.equal([]);
    await d.tournament.settle(roundId, 1, 3);
    expect(told(await verify(reader, { roundId, scoreFile }))).to.deep.equal([]);
    await settle(operator, { roundId });
    expect(told(await verify(reader, { roundId, scoreFile }))).to.deep.equal([]);
    await d.tournament.sweepRemainder(roundId);
    const result = await verify(reader, { roundId, scoreFile });
    expect(told(result)).to.deep.equal([]);
    expect(result.checks.map(({ name }) => name)).to.deep.equal([
      "terms",
      "stakes",
      "pools",
      "scores",
      "report hash",
      "approvals",
      "score file",
      "auction",
      "resolution",
      "settlements",
      "sums",
      "balances",
    ]);
  });

  it("agrees on bonuses that a reputation earns, whatever the order of settling", async () => {
    await resolved();
    const second = await playToClose(d, d.models);
    await resolved(SCORES_CSV, second.roundId);
    await settle(operator, { roundId: d.roundId });
    const third = await playToClose(d, d.models);
    await resolved(SCORES_CSV, third.roundId);
    await settle(operator, { roundId: third.roundId });
    await settle(operator, { roundId: second.roundId });
    const { args } = (await d.tournament.queryFilter(d.tournament.filters.StakeSettled(third.roundId)))[0] ?? {};
    expect(args?.bonus).to.equal(parseEther("2.5"));
    for (const { roundId } of [d, second, third]) {
      expect(told(await verify(reader, { roundId }))).to.deep.equal([]);
    }
  });

  it("agrees when stakes were restaked and raised, and NMR is sent in from outside", async () => {
    const next = await openRound(d);
    await resolved();
    const [owner] = d.others;
    if (owner === undefined) throw new Error("accounts");
    const staker = d.tournament.connect(owner);
    await staker.restake(d.roundId, 0, next, parseEther("3"), `0x${"11".repeat(32)}`);
    await fund(d, owner);
    await staker.raiseStake(next, 0, parseEther("1"), parseEther("4"));
    await d.nmr.connect(d.minter).mint(d.tournament, 5n);
    await settle(operator, { roundId: d.roundId });
    expect(told(await verify(reader, { roundId: d.roundId }))).to.deep.equal([]);

    await close(d, next);
    const { scoreFile } = await resolved(SCORES_CSV.split("\n").slice(0, 2).join("\n"), next);
    await settle(operator, { roundId: next });
    expect(told(await verify(reader, { roundId: next, scoreFile }))).to.deep.equal([]);
  });

  it("agrees on a void round, which gives everything back", async () => {
    await scored();
    const { deadline } = await d.tournament.getRound(d.roundId);
    await networkHelpers.time.increaseTo(deadline + 1n);
    await d.tournament.voidRound(d.roundId);
    await settle(operator, { roundId: d.roundId });
    await d.tournament.connect(d.roundManager).reclaimPrize(d.roundId);
    await d.tournament.connect(d.roundManager).reclaimBonus(d.roundId);
    const result = await verify(reader, { roundId: d.roundId });
    expect(told(result)).to.deep.equal([]);
    expect(result.status).to.equal("Void");
  });

  it("agrees on a cancelled round", async () => {
    const roundId = await openRound(d);
    await d.tournament.connect(d.guardian).cancelRound(roundId);
    expect(told(await verify(reader, { roundId }))).to.deep.equal([]);
  });

  it("looks at the committee as it was when the round was resolved", async () => {
    const { reportHash } = await resolved();
    await d.committee.connect(d.members[1]).revokeApproval(reportHash);
    expect(await d.committee.isApproved(reportHash)).to.equal(false);
    const result = await verify(reader, { roundId: d.roundId });
    expect(told(result)).to.deep.equal([]);
    expect(result.checks.find(({ name }) => name === "approvals")?.detail).to.match(/^2 of 2 needed/);
  });

  it("names the model and field where chain and score file differ", async () => {
    await scored(SCORES_CSV.replace("0.690000,75", "0.600000,80"));
    const { scoreFile } = await scoreFolder();
    const result = await verify(reader, { roundId: d.roundId, scoreFile });
    expect(result.ok).to.equal(false);
    expect(told(result).slice(0, 2)).to.deep.equal([
      ['stake 0 (model 1 "model 0"): consistency', "80 %", "75 %"],
      ['stake 0 (model 1 "model 0"): log-loss', "0.600000", "0.690000"],
    ]);
    expect(told(result)[2]?.[0]).to.equal("evidence hash");
  });

  it("tells a row that names nobody and a stake that lacks one", async () => {
    await scored();
    const csv = SCORES_CSV.split("\n").filter((line) => !line.startsWith("2,"));
    const { scoreFile } = await scoreFolder([...csv.slice(0, -1), "99,0.7,60,true,true,", ""].join("\n"));
    const what = told(await verify(reader, { roundId: d.roundId, scoreFile })).map(([name]) => name);
    expect(what[0]).to.contain("model 99 is not registered");
    expect(what).to.include('stake 1 (model 2 "model 1"): scored');
  });

  it("names the score whose byte in the code was changed", async () => {
    await resolved();
    const [pointer = ""] = await d.tournament.getChunks(d.roundId, 1);
    const code = await ethers.provider.getCode(pointer);
    // The last byte of the first score word: five bytes from the start.
    const changed = `${code.slice(0, 10)}${code.slice(10, 12) === "ff" ? "00" : "ff"}${code.slice(12)}`;
    await networkHelpers.setCode(pointer, changed);
    const result = await verify(reader, { roundId: d.roundId });
    expect(result.ok).to.equal(false);
    expect(told(result).map(([what]) => what)).to.deep.equal(["digest of the code", "stake 0 (model 1): log-loss"]);
  });

  it("tells code that is gone", async () => {
    await resolved();
    const [pointer = ""] = await d.tournament.getChunks(d.roundId, 1);
    await networkHelpers.setCode(pointer, "0x");
    const what = told(await verify(reader, { roundId: d.roundId })).map(([name]) => name);
    expect(what).to.include("scores in code");
    expect(what).to.include("chunk 0: first byte of the code");
  });

  it("tells NMR and ether that are missing", async () => {
    await resolved();
    await networkHelpers.setBalance(d.tournament.target as string, parseEther("9"));
    await networkHelpers.impersonateAccount(d.tournament.target as string);
    const thief = await ethers.getSigner(d.tournament.target as string);
    await d.nmr.connect(thief).transfer(d.treasury, 1n, { maxFeePerGas: 10n ** 10n });
    await networkHelpers.setBalance(d.tournament.target as string, parseEther("9"));
    expect(told(await verify(reader, { roundId: d.roundId })).map(([what]) => what)).to.deep.equal([
      "NMR held",
      "ether held",
    ]);
  });

  it("looks at the attempt it is told to", async () => {
    await score(d, d.roundId, [GOOD, GOOD, GOOD, GOOD, GOOD, GOOD], { member: d.members[2] });
    const { scoreFile } = await scored();
    expect(told(await verify(reader, { roundId: d.roundId, scoreFile }))).to.deep.equal([]);
    const rival = await verify(reader, { roundId: d.roundId, scoreFile, attemptId: 1 });
    expect(rival.ok).to.equal(false);
    expect(told(rival)[0]).to.deep.equal(['stake 0 (model 1 "model 0"): consistency', "100 %", "75 %"]);
  });

  it("tells each field of a settlement, stake, pool and term that is not as it must be", async () => {
    await resolved();
    await settle(operator, { roundId: d.roundId });
    const block = await ethers.provider.getBlockNumber();
    const evidence = await readRoundEvidence(reader, d.roundId, undefined, block);
    const scores = unpackScores(evidence.scoring?.chunks.map(({ packed }) => packed) ?? []);
    const { outcomes } = resolveAuction({
      stakes: evidence.placed,
      scores,
      terms: evidence.round.terms,
      prizePool: evidence.round.prizePool,
    });
    const fields = [
      ["returned", "NMR returned"],
      ["burned", "NMR destroyed"],
      ["etherPaid", "ether paid"],
      ["bonus", "bonus"],
    ] as const;
    for (const [field, name] of fields) {
      const settlements = evidence.settlements.map((one, i) => (i === 2 ? { ...one, [field]: one[field] + 1n } : one));
      const check = checkSettlements({ ...evidence, settlements }, outcomes);
      expect(check.differences.map(({ what }) => what)).to.deep.equal([`stake 2 (model 3): ${name}`]);
    }
    const twice = [...evidence.settlements, ...evidence.settlements.slice(0, 1)];
    expect(checkSettlements({ ...evidence, settlements: twice }, outcomes).differences[0]?.what).to.equal(
      "stake 0 (model 1): settled more than once",
    );
    const tooMuch = evidence.settlements.map((one) => ({ ...one, etherPaid: one.etherPaid * 2n }));
    expect(checkSums({ ...evidence, settlements: tooMuch }, parseEther("4")).differences[0]?.what).to.equal(
      "ether paid within the prize pool",
    );
    const swept = { etherAmount: 1n, bonusAmount: 0n };
    expect(checkSums({ ...evidence, swept }, parseEther("4")).differences.map(({ what }) => what)).to.deep.equal([
      "ether swept",
      "NMR swept",
    ]);
    const raised = evidence.placed.map((one, i) => (i === 1 ? { ...one, confidence: one.confidence + 1n } : one));
    expect(checkStakes({ ...evidence, placed: raised }).differences.map(({ what }) => what)).to.deep.equal([
      "stake 1: confidence",
    ]);
    expect(checkPools({ ...evidence, prizeFunded: 1n }).differences[0]?.what).to.equal("prize pool");
    const terms = { ...evidence.round.terms, benchmark: 1 };
    expect(checkTerms({ ...evidence, round: { ...evidence.round, terms } }).differences).to.deep.equal([
      { what: "benchmark", expected: "0.693147", found: "0.000001" },
    ]);
  });

  it("has nothing to verify in a round that is open, unscored or half scored", async () => {
    const open = await openRound(d);
    expect((await failure(verify(reader, { roundId: open }))).message).to.contain("round 2: found Open");
    const { roundId } = d;
    expect((await failure(verify(reader, { roundId }))).message).to.contain("found 0 attempts, none complete");
    await d.tournament.connect(d.members[0]).beginScoring(roundId, 2, `0x${"11".repeat(32)}`, "");
    expect((await failure(verify(reader, { roundId, attemptId: 1 }))).message).to.contain("attempt 1 not complete");
    expect((await failure(verify(reader, { roundId }))).exitCode).to.equal(2);
  });
});

describe("differences", () => {
  it("keeps what differs, in its order, with its unit", () => {
    const found = differences([
      ["same", 1n, 1n],
      ["count", 1n, 2n],
      ["flag", true, false],
      ["stake", parseEther("1.5"), 0n, "NMR"],
      ["confidence", parseEther("2"), 0n, "NMR an ether"],
      ["prize", parseEther("0.1"), 0n, "ether"],
      ["score", 693_147, 1, "log-loss"],
      ["eras", 75, 76, "per cent"],
      ["period", 60, 61, "seconds"],
      ["deadline", 0, 86_400, "time"],
      ["cut", NO_CUT, 3, "stake"],
    ]);
    expect(found.map((one) => describeDifference(one))).to.deep.equal([
      "count: 1 on chain, expected 2",
      "flag: yes on chain, expected no",
      "stake: 1.5 NMR on chain, expected 0 NMR",
      "confidence: 2 NMR an ether on chain, expected 0 NMR an ether",
      "prize: 0.1 ether on chain, expected 0 ether",
      "score: 0.693147 on chain, expected 0.000001",
      "eras: 75 % on chain, expected 76 %",
      "period: 60 seconds on chain, expected 61 seconds",
      "deadline: 1970-01-01T00:00:00.000Z on chain, expected 1970-01-02T00:00:00.000Z",
      "cut: none on chain, expected stake 3",
    ]);
    expect(describeDifference({ what: "score", found: "1", expected: "2", by: "score file" })).to.equal(
      "score: 1 on chain, 2 in the file",
    );
  });
});
