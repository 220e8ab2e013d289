import { expect } from "chai";

import type { Context } from "../../scripts/chain/context.js";
import { apply } from "../../scripts/oracle/apply.js";
import { approve, previewApprove } from "../../scripts/oracle/approve.js";
import { finalize } from "../../scripts/oracle/finalize.js";
import { plan } from "../../scripts/oracle/plan.js";
import { ethers, networkHelpers } from "../fixtures/deployed.js";
import { failure } from "../fixtures/failure.js";
import {
  SCORES_CSV,
  approveAndWait,
  closedRound,
  contextFor,
  memberWallet,
  scoreFolder,
  type ClosedRound,
} from "../fixtures/oracle-round.js";
import { GOOD, openRound, score } from "../fixtures/rounds.js";

describe("approve", () => {
  let d: ClosedRound;
  let proposer: Context;
  let second: Context;

  beforeEach(async () => {
    d = await networkHelpers.loadFixture(closedRound);
    proposer = contextFor(d, memberWallet(d, 0));
    second = contextFor(d, memberWallet(d, 1));
  });

  const posted = async (csv = SCORES_CSV) => {
    const { scoreFile, planPath } = await scoreFolder(csv);
    const { roundId } = d;
    await plan(proposer, { roundId, scoreFile, out: planPath, allowUnscored: true });
    return apply(proposer, { planPath });
  };
  /** A request of a member who measured these scores. */
  const request = async (csv = SCORES_CSV) => ({ roundId: d.roundId, scoreFile: (await scoreFolder(csv)).scoreFile });
  const nonceOf = (context: Context) => context.signer?.getNonce();

  it("approves what agrees with the member's own file, once", async () => {
    const { reportHash } = await posted();
    const own = await request();
    const { due, ...preview } = await previewApprove(second, own);
    expect(preview).to.deep.include({ reportHash, rounded: 0 });
    expect(due?.gas).to.be.greaterThan(21_000n);
    expect(due?.cost).to.be.greaterThan(due?.gas ?? 0n);
    const { sent, ...result } = await approve(second, own);
    expect(result.warnings.map((line) => line.split(":7: ")[1])).to.deep.equal([
      "stake 5 is unscored and will be returned: target data missing",
    ]);
    const expected = { roundId: d.roundId, attemptId: 1, reportHash, rounded: 0, approvals: 2n, quorum: 2n };
    expect(result).to.deep.include(expected);
    expect(sent?.gasUsed).to.be.greaterThan(0n);
    expect(await d.committee.hasApproved(reportHash, d.members[1])).to.equal(true);

    const nonce = await nonceOf(second);
    expect(await approve(second, own)).to.deep.equal({ ...expected, warnings: [] });
    expect(await nonceOf(second)).to.equal(nonce);
  });

  it("takes a file that is measured alike and written otherwise, and says that it is another", async () => {
    await posted();
    const rows = SCORES_CSV.trim().split("\n");
    const { warnings, sent } = await approve(
      second,
      await request([rows[0], ...rows.slice(1).reverse(), ""].join("\n")),
    );
    expect(sent).not.to.equal(undefined);
    expect(warnings.join()).to.contain("evidence is another file than");
  });

  for (const [metric, was, is, found] of [
    ["log-loss", "1,0.690000,75", "1,0.600000,75", "0.600000 on chain, 0.690000 in the file"],
    ["consistency", "1,0.690000,75", "1,0.690000,80", "80 % on chain, 75 % in the file"],
    ["concordance", "1,0.690000,75,true", "1,0.690000,75,false", "no on chain, yes in the file"],
    ["originality", "1,0.690000,75,true,true", "1,0.690000,75,true,false", "no on chain, yes in the file"],
    ["scored", "1,0.690000,75,true,true,", "1,,,,,not measured", "no on chain, yes in the file"],
  ] as const) {
    it(`refuses another ${metric}, naming model and values`, async () => {
      const { reportHash } = await posted(SCORES_CSV.replace(was, is));
      const error = await failure(approve(second, await request()));
      expect(error.exitCode).to.equal(2);
      const [, first] = error.message.split("\n");
      expect(first).to.equal(`  stake 0 (model 1 "model 0"): ${metric}: ${found}`);
      expect(error.message).to.contain("nothing was approved");
      expect(await d.committee.approvals(reportHash)).to.equal(1n);
    });
  }

  it("names the first of several", async () => {
    await posted(SCORES_CSV.replace("2,0.700000", "2,0.600000").replace("4,0.720000", "4,0.600000"));
    const { message } = await failure(approve(second, await request()));
    const [summary, first] = message.split("\n");
    expect(summary).to.contain("round 1, attempt 1: found 2 differences from ");
    expect(first).to.contain('model 2 "model 1"');
  });

  it("takes a log-loss that differs by one millionth when every outcome is the same, and says so", async () => {
    await posted(SCORES_CSV.replace("0.690000", "0.690001").replace("0.691234", "0.691233"));
    const { rounded, warnings, sent } = await approve(second, await request());
    expect(rounded).to.equal(2);
    expect(warnings[0]).to.equal("2 log-losses differ by one millionth, and every outcome is the same");
    expect(sent).not.to.equal(undefined);
  });

  it("refuses two millionths, and one together with anything else", async () => {
    await posted(SCORES_CSV.replace("0.690000", "0.690002").replace("0.700000,75", "0.700001,76"));
    const { message } = await failure(approve(second, await request()));
    expect(message).to.contain('(model 1 "model 0"): log-loss: 0.690002 on chain, 0.690000 in the file');
    expect(message).to.contain('(model 2 "model 1"): consistency: 76 % on chain, 75 % in the file');
  });

  it("refuses one millionth that decides an outcome, naming the model it decides for", async () => {
    // ln 2 is the benchmark: a log-loss of it does not perform.
    await posted(SCORES_CSV.replace("3,0.691234", "3,0.693147"));
    const own = await request(SCORES_CSV.replace("3,0.691234", "3,0.693146"));
    const error = await failure(approve(second, own));
    expect(error.exitCode).to.equal(2);
    expect(error.message.split("\n")[1]).to.equal(
      '  stake 2 (model 3 "model 2"): outcome: destroyed 8 NMR at a log-loss of 0.693147 on chain, paid 5 ether at a log-loss of 0.693146 in the file',
    );
  });

  it("wants a row for every stake, unless the member says that some could not be measured", async () => {
    await posted();
    const own = await request(SCORES_CSV.replace(/^6,.*\n/m, ""));
    const error = await failure(approve(second, own));
    expect(error.message).to.contain("stake 5 of model 6 has no score");
    expect((await approve(second, { ...own, allowUnscored: true })).sent).not.to.equal(undefined);
  });

  it("refuses a stake that was scored though the member says that it could not be measured", async () => {
    await posted();
    const own = { ...(await request(SCORES_CSV.replace(/^2,.*\n/m, ""))), allowUnscored: true };
    expect((await failure(approve(second, own))).message).to.contain('(model 2 "model 1"): scored: yes on chain');
  });

  it("refuses scores whose code is not what was announced", async () => {
    await posted();
    const [pointer = ""] = await d.tournament.getChunks(d.roundId, 1);
    const code = await ethers.provider.getCode(pointer);
    await networkHelpers.setCode(
      pointer,
      `${code.slice(0, 10)}${code.slice(10, 12) === "ff" ? "00" : "ff"}${code.slice(12)}`,
    );
    const error = await failure(approve(second, await request()));
    expect(error.message).to.contain("digest of the code");
    expect(error.exitCode).to.equal(2);
  });

  it("does not approve what the guardian vetoes while it is compared", async () => {
    const { reportHash } = await posted();
    const own = await request();
    const preview = await previewApprove(second, own);
    await d.tournament.connect(d.guardian).veto(d.roundId, "odd");
    const nonce = await nonceOf(second);
    expect(await failure(approve(second, own, preview))).to.include({
      message: "round 1: found attempt 1 vetoed, expected it alive",
      exitCode: 2,
    });
    expect(await nonceOf(second)).to.equal(nonce);
    expect(await d.committee.hasApproved(reportHash, d.members[1])).to.equal(false);
  });

  it("takes the newest complete attempt that is alive, or the one it is told to", async () => {
    const { reportHash } = await posted();
    await score(d, d.roundId, [GOOD, GOOD, GOOD, GOOD, GOOD, GOOD], { member: d.members[2] });
    const own = await request();
    expect((await failure(approve(second, own))).message).to.contain("round 1, attempt 2: found");
    expect((await previewApprove(second, { ...own, attemptId: 1 })).reportHash).to.equal(reportHash);

    await d.tournament.connect(d.guardian).veto(d.roundId, "odd");
    expect(await failure(approve(second, own))).to.include({
      message: "round 1: found 2 attempts, expected a complete one that is not vetoed",
      exitCode: 2,
    });
    expect((await failure(approve(second, { ...own, attemptId: 1 }))).message).to.equal(
      "round 1: found attempt 1 vetoed, expected it alive",
    );
    await posted();
    await d.tournament.connect(d.members[2]).beginScoring(d.roundId, 2, `0x${"11".repeat(32)}`, "");
    expect((await approve(second, own)).attemptId).to.equal(3);
    expect((await failure(approve(second, { ...own, attemptId: 4 }))).message).to.equal(
      "round 1: found attempt 4 incomplete, expected every score posted",
    );
    expect((await failure(approve(second, { ...own, attemptId: 5 }))).message).to.equal(
      "round 1: found 4 attempts, expected one numbered 5",
    );
  });

  it("finds nothing to do for the proposer, whose apply approved, and approves where that was cut short", async () => {
    const { reportHash } = await posted();
    const own = await request();
    expect((await approve(proposer, own)).sent).to.equal(undefined);
    await d.committee.connect(d.members[0]).revokeApproval(reportHash);
    expect((await approve(proposer, own)).sent).not.to.equal(undefined);
  });

  it("refuses an account that is no member, or none at all", async () => {
    await posted();
    const outsider = d.others[10];
    const own = await request();
    const error = await failure(approve(contextFor(d, outsider), own));
    expect(error.message).to.equal(`account ${String(outsider?.address)}: found no committee member, expected one`);
    expect((await failure(approve(contextFor(d), own))).message).to.contain("no account to send from");
  });

  it("refuses a round that is open, unscored, overdue or void", async () => {
    const own = await request();
    const open = await openRound(d);
    expect((await failure(approve(second, { ...own, roundId: open }))).message).to.equal(
      "round 2: found Open, expected Closed",
    );
    expect((await failure(approve(second, own))).exitCode).to.equal(2);
    await posted();
    const { deadline } = await d.tournament.getRound(d.roundId);
    await networkHelpers.time.increaseTo(deadline + 1n);
    expect((await failure(approve(second, own))).message).to.contain("expected a time up to its deadline");
    await d.tournament.voidRound(d.roundId);
    expect((await failure(approve(second, own))).message).to.equal("round 1: found Void, expected Closed");
  });

  it("has nothing to do once the attempt has resolved the round, and is too late for another", async () => {
    const { reportHash } = await posted();
    await approveAndWait(d, reportHash);
    await finalize(proposer, { roundId: d.roundId });
    const third = contextFor(d, memberWallet(d, 2));
    const own = await request();
    expect((await approve(third, own)).sent).to.equal(undefined);
    expect(await failure(approve(third, { ...own, attemptId: 2 }))).to.include({
      message: "round 1: found it resolved by attempt 1, expected it Closed",
      exitCode: 2,
    });
  });
});
