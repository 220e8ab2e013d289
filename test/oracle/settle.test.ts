import { expect } from "chai";
import { parseEther } from "ethers";

import { apply } from "../../scripts/oracle/apply.js";
import type { Context } from "../../scripts/chain/context.js";
import { finalize } from "../../scripts/oracle/finalize.js";
import { MAX_TRANSACTION_GAS } from "../../scripts/chain/send.js";
import { plan } from "../../scripts/oracle/plan.js";
import { batchesOf, previewSettle, settle } from "../../scripts/oracle/settle.js";
import { status } from "../../scripts/oracle/status.js";
import { networkHelpers } from "../fixtures/deployed.js";
import { failure } from "../fixtures/failure.js";
import {
  approveAndWait,
  closedRound,
  contextFor,
  memberWallet,
  playToClose,
  scoreFolder,
  type ClosedRound,
} from "../fixtures/oracle-round.js";
import { DAY, fleet, openRound, stakeFleet } from "../fixtures/rounds.js";

describe("finalize, settle and status", () => {
  let d: ClosedRound;
  let operator: Context;
  let anybody: Context;

  beforeEach(async () => {
    d = await networkHelpers.loadFixture(closedRound);
    operator = contextFor(d, memberWallet(d));
    anybody = contextFor(d, d.others[10]);
  });

  const scored = async (roundId = d.roundId) => {
    const { scoreFile, planPath } = await scoreFolder();
    await plan(operator, { roundId, scoreFile, out: planPath });
    return (await apply(operator, { planPath })).reportHash;
  };
  const resolved = async (roundId = d.roundId) => {
    await approveAndWait(d, await scored(roundId));
    return finalize(anybody, { roundId });
  };
  const next = async () => (await status(contextFor(d), { roundId: d.roundId })).rounds[0]?.next;

  describe("finalize", () => {
    it("resolves the round by its approved attempt, and does nothing the second time", async () => {
      const result = await resolved();
      expect(result).to.deep.include({ attemptId: 1, ordinal: 1, burned: parseEther("4") });
      expect(result.sent?.gasUsed).to.be.greaterThan(0n);
      const again = await finalize(anybody, { roundId: d.roundId });
      expect(again).to.deep.equal({ roundId: d.roundId, attemptId: 1, ordinal: 1, burned: parseEther("4") });
    });

    for (const [what, arrange, message, exitCode] of [
      ["without scores", () => Promise.resolve(), "found no complete attempt that is not vetoed", 2],
      ["without a quorum", scored, "found attempt 1 with 1 approval, expected 2", 2],
      [
        "in the challenge period",
        async () => d.committee.connect(d.members[1]).approve(await scored()),
        "found the challenge period running until",
        2,
      ],
      [
        "after a veto",
        async () => {
          await approveAndWait(d, await scored());
          await d.tournament.connect(d.guardian).veto(d.roundId, "odd");
        },
        "found no complete attempt that is not vetoed",
        2,
      ],
      [
        "once it is void",
        async () => {
          const { deadline } = await d.tournament.getRound(d.roundId);
          await networkHelpers.time.increaseTo(deadline + 1n);
          await d.tournament.voidRound(d.roundId);
        },
        "round 1: found Void, expected Closed",
        1,
      ],
    ] as const) {
      it(`refuses a round ${what}`, async () => {
        await arrange();
        const error = await failure(finalize(anybody, { roundId: d.roundId }));
        expect(error.message).to.contain(message);
        expect(error.exitCode).to.equal(exitCode);
      });
    }
  });

  describe("settle", () => {
    it("settles everything in batches, and does nothing the second time", async () => {
      await resolved();
      const result = await settle(anybody, { roundId: d.roundId, batch: 4 });
      expect(result).to.deep.include({
        settled: 6,
        returned: parseEther("24"),
        burned: parseEther("4"),
        etherPaid: parseEther("10"),
        bonus: 0n,
      });
      expect(result.sent.map(({ settled, etherPaid }) => [settled, etherPaid])).to.deep.equal([
        [4, parseEther("10")],
        [2, 0n],
      ]);
      expect(result.sent.map(({ from, to }) => [from, to])).to.deep.equal([
        [0, 4],
        [4, 6],
      ]);
      const { settledCount } = await d.tournament.getRound(d.roundId);
      expect(settledCount).to.equal(6n);
      const nonce = await anybody.signer?.getNonce();
      expect(await settle(anybody, { roundId: d.roundId })).to.deep.equal({
        roundId: d.roundId,
        settled: 0,
        returned: 0n,
        burned: 0n,
        etherPaid: 0n,
        bonus: 0n,
        sent: [],
      });
      expect(await anybody.signer?.getNonce()).to.equal(nonce);
    });

    it("skips what is settled", async () => {
      await resolved();
      await d.tournament.settle(d.roundId, 0, 1);
      await d.tournament.settle(d.roundId, 2, 4);
      const result = await settle(anybody, { roundId: d.roundId, batch: 2 });
      expect(result.settled).to.equal(3);
      expect(result.sent.map(({ from, to }) => [from, to])).to.deep.equal([
        [1, 5],
        [5, 6],
      ]);
    });

    it("settles a void round", async () => {
      const { deadline } = await d.tournament.getRound(d.roundId);
      await networkHelpers.time.increaseTo(deadline + 1n);
      await d.tournament.voidRound(d.roundId);
      expect((await settle(anybody, { roundId: d.roundId })).settled).to.equal(6);
    });

    it("warns of rounds that were resolved earlier and are unsettled", async () => {
      await resolved();
      const second = await playToClose(d, d.models);
      await resolved(second.roundId);
      expect((await previewSettle(anybody, { roundId: second.roundId })).earlier).to.deep.equal([1n]);
      const warnings: string[] = [];
      const log = { ...anybody.log, warn: (line: string) => warnings.push(line) };
      await settle({ ...anybody, log }, { roundId: second.roundId });
      expect(warnings[0]).to.contain("resolved earlier and not wholly settled: round 1;");
    });

    it("settles no more batches than it is told to, and the rest the next time", async () => {
      await resolved();
      const request = { roundId: d.roundId, batch: 2, mostBatches: 2 };
      expect(await settle(anybody, request)).to.include({ settled: 4 });
      expect(await settle(anybody, request)).to.include({ settled: 2 });
    });

    it("halves a batch that does not fit a transaction", async () => {
      const roundId = await openRound(d);
      const contract = await fleet(d, 1200, parseEther("12"));
      const bid = { amount: parseEther("0.01"), confidence: parseEther("1") };
      await stakeFleet(contract, roundId, 7n, new Array<typeof bid>(1200).fill(bid));
      await d.tournament.connect(d.guardian).cancelRound(roundId);
      const { sent, settled } = await settle(anybody, { roundId, batch: 1200 });
      expect(settled).to.equal(1200);
      expect(sent.length).to.be.greaterThan(1);
      expect(sent.every(({ gasUsed }) => gasUsed < MAX_TRANSACTION_GAS)).to.equal(true);
      expect(await d.nmr.balanceOf(contract)).to.equal(parseEther("12"));
    });

    it("refuses a round that is not resolved, an account without a key, and a batch of nothing", async () => {
      const { roundId } = d;
      expect((await failure(settle(anybody, { roundId }))).message).to.contain(
        "found Closed, expected Resolved or Void",
      );
      expect((await failure(settle(anybody, { roundId, batch: 0 }))).message).to.contain("batch: found 0");
      await resolved();
      expect((await failure(settle(contextFor(d), { roundId }))).message).to.contain("no account to send from");
    });

    it("cuts batches by what is unsettled", () => {
      expect(batchesOf([], 2)).to.deep.equal([]);
      expect(batchesOf([false, false], 2)).to.deep.equal([]);
      expect(batchesOf([false, true, false, true, true, false], 2)).to.deep.equal([
        { from: 1, to: 4, unsettled: 2 },
        { from: 4, to: 5, unsettled: 1 },
      ]);
    });
  });

  describe("status", () => {
    it("says what is due next, by whom, at every stage", async () => {
      const { terms, deadline } = await d.tournament.getRound(d.roundId);
      const postBy = Number(deadline - terms.challengePeriod);
      expect(await next()).to.deep.equal({ step: "score, plan and apply", by: "a committee member", until: postBy });

      await d.tournament.connect(d.members[2]).beginScoring(d.roundId, 2, `0x${"11".repeat(32)}`, "");
      expect(await next()).to.deep.equal({
        step: "continue attempt 1 (0 of 6 scores)",
        by: d.members[2].address,
        until: postBy,
      });

      const reportHash = await scored();
      expect(await next()).to.deep.equal({
        step: "verify and approve attempt 2 (1 of 2 approvals)",
        by: "committee members",
        until: Number(deadline),
      });

      await d.committee.connect(d.members[1]).approve(reportHash);
      const { completedAt } = await d.tournament.getAttempt(d.roundId, 2);
      expect(await next()).to.deep.equal({
        step: "finalize by attempt 2",
        by: "anybody",
        from: Number(completedAt) + DAY,
        until: Number(deadline),
      });

      await networkHelpers.time.increase(DAY);
      expect(await next()).to.deep.equal({ step: "finalize by attempt 2", by: "anybody", until: Number(deadline) });

      await finalize(anybody, { roundId: d.roundId });
      expect(await next()).to.deep.equal({ step: "settle 6 stakes", by: "anybody" });

      await settle(anybody, { roundId: d.roundId });
      expect(await next()).to.deep.equal({ step: "sweep the remainder to the treasury", by: "anybody" });

      await d.tournament.sweepRemainder(d.roundId);
      expect(await next()).to.deep.equal({ step: "nothing", by: "nobody" });
    });

    it("tells open, overdue and void rounds", async () => {
      const open = await openRound(d);
      const { terms, deadline } = await d.tournament.getRound(open);
      const report = await status(contextFor(d));
      expect(report.rounds.map((row) => row.status)).to.deep.equal(["Closed", "Open"]);
      expect(report.rounds[1]?.next).to.deep.equal({
        step: "stake, or add to the pools",
        by: "data scientists, sponsors",
        until: Number(terms.closesAt),
      });
      expect(report).to.deep.include({ quorum: 2n, members: d.members.map(({ address }) => address) });

      await networkHelpers.time.increaseTo(deadline);
      expect(await next()).to.deep.equal({ step: "void the round", by: "anybody" });
      await d.tournament.voidRound(d.roundId);
      expect(await next()).to.deep.equal({ step: "settle 6 stakes", by: "anybody" });
      await settle(anybody, { roundId: d.roundId });
      expect(await next()).to.deep.equal({ step: "reclaim contributions", by: "sponsors" });
    });

    it("says when a round that is too late to score can be voided", async () => {
      const { terms, deadline } = await d.tournament.getRound(d.roundId);
      await networkHelpers.time.increaseTo(deadline - terms.challengePeriod + 1n);
      expect(await next()).to.deep.equal({ step: "void the round", by: "anybody", from: Number(deadline) + 1 });
    });
  });
});
