import { expect } from "chai";
import { parseEther } from "ethers";

import type { Context } from "../../scripts/chain/context.js";
import { apply } from "../../scripts/oracle/apply.js";
import { approve } from "../../scripts/oracle/approve.js";
import { cancel, previewCancel } from "../../scripts/oracle/cancel.js";
import { finalize } from "../../scripts/oracle/finalize.js";
import { plan } from "../../scripts/oracle/plan.js";
import { settle } from "../../scripts/oracle/settle.js";
import { status } from "../../scripts/oracle/status.js";
import { previewSweep, sweep } from "../../scripts/oracle/sweep.js";
import { previewVeto, veto } from "../../scripts/oracle/veto.js";
import { previewVoid, voidRound } from "../../scripts/oracle/void-round.js";
import { ethers, networkHelpers } from "../fixtures/deployed.js";
import { dying } from "../fixtures/dying-provider.js";
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
import { close, openRound } from "../fixtures/rounds.js";

/** Ether of the prize that nobody wins when model 3 fails. */
const LEFT = parseEther("5");

describe("sweep, void, veto and cancel", () => {
  let d: ClosedRound;
  let operator: Context;
  let guardian: Context;
  let anybody: Context;

  beforeEach(async () => {
    d = await networkHelpers.loadFixture(closedRound);
    operator = contextFor(d, memberWallet(d));
    guardian = contextFor(d, d.guardian);
    anybody = contextFor(d, d.others[10]);
  });

  const scored = async (roundId = d.roundId, csv = SCORES_CSV) => {
    const { scoreFile, planPath } = await scoreFolder(csv);
    await plan(operator, { roundId, scoreFile, out: planPath });
    return apply(operator, { planPath });
  };
  const settled = async (roundId = d.roundId, csv = SCORES_CSV) => {
    const { reportHash } = await scored(roundId, csv);
    await approveAndWait(d, reportHash);
    await finalize(anybody, { roundId });
    await settle(anybody, { roundId });
  };
  const pastDeadline = async (roundId = d.roundId) =>
    networkHelpers.time.increaseTo((await d.tournament.getRound(roundId)).deadline + 1n);
  const next = async (roundId = d.roundId) => (await status(contextFor(d), { roundId })).rounds[0]?.next.step;

  describe("after a run that was killed between signing and sending", () => {
    /** The first run dies; the second sends what was signed, and then finds that there is nothing left to do. */
    const killedOnce = async (run: (context: Context) => Promise<{ sent?: unknown }>) => {
      const { folder } = await scoreFolder();
      const context = { ...operator, stateFolder: folder };
      const provider = dying("broadcastTransaction", 1, "before");
      const doomed = { ...contextFor(d, memberWallet(d, 0, provider), provider), stateFolder: folder };
      const died = await run(doomed).catch((error: unknown) => error);
      expect(String(died)).to.contain("killed");
      const nonce = (await operator.signer?.getNonce()) ?? 0;
      expect((await run(context)).sent).to.equal(undefined);
      expect(await operator.signer?.getNonce()).to.equal(nonce + 1);
    };

    it("sweep does not sweep twice", async () => {
      await settled();
      await killedOnce((context) => sweep(context, { roundId: d.roundId }));
    });

    it("void does not void twice", async () => {
      await pastDeadline();
      await killedOnce((context) => voidRound(context, { roundId: d.roundId }));
      expect(await d.tournament.roundStatus(d.roundId)).to.equal(4n);
    });

    it("veto does not spend another veto", async () => {
      await scored();
      await d.authority.grantRole(3, d.members[0], 0);
      const request = { roundId: d.roundId, attemptId: 1, reason: "odd" };
      await killedOnce((context) => veto(context, request));
      expect((await previewVeto(operator, request)).vetoesLeft).to.equal(2);
    });

    it("cancel does not cancel twice", async () => {
      const roundId = await openRound(d);
      await d.authority.grantRole(3, d.members[0], 0);
      await killedOnce((context) => cancel(context, { roundId }));
    });

    it("approve does not approve twice", async () => {
      const { scoreFile, planPath } = await scoreFolder();
      const { roundId } = d;
      const other = contextFor(d, memberWallet(d, 1));
      await plan(other, { roundId, scoreFile, out: planPath });
      await apply(other, { planPath });
      await killedOnce((context) => approve(context, { roundId, scoreFile }));
      expect(await d.committee.isApproved(await d.tournament.reportHash(roundId, 1))).to.equal(true);
    });
  });

  describe("sweep", () => {
    it("sends what is left to the treasury once, and then there is nothing to do", async () => {
      await settled();
      const { roundId } = d;
      const treasury = d.treasury.address;
      // The stakes of the fixture win the whole prize, and nobody has a reputation yet.
      const left = { roundId, etherAmount: 0n, bonusAmount: parseEther("100"), treasury };
      const { due, ...preview } = await previewSweep(contextFor(d), { roundId });
      expect(preview).to.deep.equal(left);
      expect(due?.gas).to.be.greaterThan(21_000n);
      expect(due?.cost).to.be.greaterThan(due?.gas ?? 0n);

      const before = await d.nmr.balanceOf(treasury);
      const { sent, ...result } = await sweep(anybody, { roundId });
      expect(result).to.deep.equal(left);
      expect(sent?.gasUsed).to.be.greaterThan(0n);
      expect((await d.nmr.balanceOf(treasury)) - before).to.equal(parseEther("100"));

      const nonce = await anybody.signer?.getNonce();
      expect(await sweep(anybody, { roundId })).to.deep.equal({ ...left, bonusAmount: 0n });
      expect(await anybody.signer?.getNonce()).to.equal(nonce);
    });

    it("counts the bonuses that were paid", async () => {
      await settled();
      const second = await playToClose(d, d.models);
      await settled(second.roundId);
      const { sent, ...swept } = await sweep(anybody, { roundId: second.roundId });
      expect(sent).not.to.equal(undefined);
      expect(swept.bonusAmount).to.equal(parseEther("95"));
      const [event] = await d.tournament.queryFilter(d.tournament.filters.RemainderSwept(second.roundId));
      expect([event?.args.etherAmount, event?.args.bonusAmount]).to.deep.equal([0n, parseEther("95")]);
    });

    it("is neither proposed nor done where nothing is left", async () => {
      const { roundId } = await playToClose(d, d.models, 0n);
      await settled(roundId);
      expect(await next(roundId)).to.equal("nothing");
      expect((await sweep(anybody, { roundId })).sent).to.equal(undefined);
      expect((await d.tournament.queryFilter(d.tournament.filters.RemainderSwept(roundId))).length).to.equal(0);
    });

    it("is proposed where ether is left, and sends it", async () => {
      const { roundId } = await playToClose(d, d.models, 0n);
      await settled(roundId, SCORES_CSV.replace("3,0.691234", "3,0.700000"));
      expect(await next(roundId)).to.equal("sweep the remainder to the treasury");
      const before = await ethers.provider.getBalance(d.treasury.address);
      expect(await sweep(anybody, { roundId })).to.deep.include({ etherAmount: LEFT, bonusAmount: 0n });
      expect((await ethers.provider.getBalance(d.treasury.address)) - before).to.equal(LEFT);
      expect(await next(roundId)).to.equal("nothing");
    });

    it("refuses a round that is void, closed or half settled", async () => {
      const { roundId } = d;
      expect(await failure(sweep(anybody, { roundId }))).to.include({
        message: "round 1: found Closed, expected Resolved",
        exitCode: 2,
      });
      const { reportHash } = await scored();
      await approveAndWait(d, reportHash);
      await finalize(anybody, { roundId });
      await d.tournament.settle(roundId, 0, 2);
      expect(await failure(sweep(anybody, { roundId }))).to.include({
        message: "round 1: found 2 of 6 stakes settled, expected all",
        exitCode: 2,
      });
      const open = await openRound(d);
      await d.tournament.connect(d.guardian).cancelRound(open);
      expect(await failure(sweep(anybody, { roundId: open }))).to.include({
        message: "round 2: found Void, expected Resolved",
        exitCode: 1,
      });
    });
  });

  describe("void", () => {
    it("ends a round that is past its deadline, once", async () => {
      await pastDeadline();
      const { roundId } = d;
      const { due } = await previewVoid(contextFor(d), { roundId });
      expect(due?.gas).to.be.greaterThan(21_000n);
      const result = await voidRound(anybody, { roundId });
      expect(result).to.deep.include({ roundId, stakeCount: 6, totalStaked: parseEther("28") });
      expect(result.sent?.gasUsed).to.be.greaterThan(0n);
      expect(await d.tournament.roundStatus(roundId)).to.equal(4n);
      expect((await voidRound(anybody, { roundId })).sent).to.equal(undefined);
    });

    it("ends a round without a stake before its deadline", async () => {
      const roundId = await openRound(d);
      await close(d, roundId);
      expect((await voidRound(anybody, { roundId })).sent).not.to.equal(undefined);
    });

    it("refuses a round that is open, in time or resolved", async () => {
      const { roundId } = d;
      const early = await failure(voidRound(anybody, { roundId }));
      expect(early.message).to.contain("expected a time after its deadline");
      expect(early.exitCode).to.equal(2);
      const open = await openRound(d);
      expect(await failure(voidRound(anybody, { roundId: open }))).to.include({
        message: "round 2: found Open, expected Closed and past its deadline",
        exitCode: 2,
      });
      await settled();
      expect(await failure(voidRound(anybody, { roundId }))).to.include({
        message: "round 1: found Resolved, expected Closed",
        exitCode: 1,
      });
    });
  });

  describe("veto", () => {
    const request = () => ({ roundId: d.roundId, attemptId: 1, reason: "model 4 was measured wrongly" });

    it("kills every living attempt, says why on chain, and is not repeated", async () => {
      await scored();
      await d.tournament.connect(d.members[2]).beginScoring(d.roundId, 2, `0x${"11".repeat(32)}`, "");
      const { attempts, vetoesLeft } = await previewVeto(guardian, request());
      expect(attempts.map(({ attemptId }) => attemptId)).to.deep.equal([1, 2]);
      expect(vetoesLeft).to.equal(3);
      const { sent, ...result } = await veto(guardian, request());
      const { deadline } = await d.tournament.getRound(d.roundId);
      expect(result).to.deep.equal({
        roundId: d.roundId,
        attemptId: 1,
        vetoed: [1, 2],
        vetoesLeft: 2,
        deadline: Number(deadline),
      });
      expect(sent?.gasUsed).to.be.greaterThan(0n);
      const [event] = await d.tournament.queryFilter(d.tournament.filters.AttemptsVetoed(d.roundId));
      expect(event?.args.reason).to.equal("model 4 was measured wrongly");
      expect(await veto(guardian, request())).to.deep.equal({ ...result, vetoed: [] });
    });

    it("refuses who may not, by the AccessManager's word", async () => {
      await scored();
      const { address } = d.members[0];
      const error = await failure(previewVeto(operator, request()));
      expect(error.message).to.equal(
        `account ${address}: found no right to veto, expected the account of the guardian`,
      );
      await d.authority.grantRole(3, d.members[0], 60);
      expect((await failure(previewVeto(operator, request()))).message).to.equal(
        `account ${address}: found a delay of 60 seconds on its right to veto, expected none`,
      );
      expect((await failure(previewVeto(contextFor(d), request()))).message).to.contain("no account to send from");
    });

    it("refuses when no veto is left", async () => {
      for (let attemptId = 1; attemptId <= 3; attemptId += 1) {
        await scored();
        await veto(guardian, { ...request(), attemptId });
      }
      await scored();
      expect(await failure(veto(guardian, { ...request(), attemptId: 4 }))).to.include({
        message: "round 1: found no veto left, expected one",
        exitCode: 2,
      });
    });

    it("refuses an attempt that is none, and a round that is open, overdue or resolved", async () => {
      expect((await failure(veto(guardian, request()))).message).to.equal(
        "round 1: found 0 attempts, expected one numbered 1",
      );
      const open = await openRound(d);
      expect((await failure(veto(guardian, { ...request(), roundId: open }))).message).to.equal(
        "round 2: found Open, expected Closed",
      );
      await scored();
      await pastDeadline();
      expect((await failure(veto(guardian, request()))).message).to.contain("expected a time up to its deadline");
    });
  });

  describe("cancel", () => {
    it("ends an open round, once", async () => {
      const roundId = await openRound(d);
      expect((await previewCancel(guardian, { roundId })).due?.gas).to.be.greaterThan(21_000n);
      const result = await cancel(guardian, { roundId });
      expect(result).to.deep.include({ roundId, stakeCount: 0, totalStaked: 0n });
      expect(result.sent?.gasUsed).to.be.greaterThan(0n);
      expect(await cancel(guardian, { roundId })).to.deep.equal({ roundId, stakeCount: 0, totalStaked: 0n });
    });

    it("refuses a round that is closed, and who may not", async () => {
      expect((await failure(cancel(guardian, { roundId: d.roundId }))).message).to.equal(
        "round 1: found Closed, expected Open",
      );
      const roundId = await openRound(d);
      expect((await failure(cancel(anybody, { roundId }))).message).to.contain("found no right to cancel rounds");
    });
  });
});
