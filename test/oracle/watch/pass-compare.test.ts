import { rm } from "node:fs/promises";
import path from "node:path";

import { expect } from "chai";

import type { SigningContext } from "../../../scripts/chain/context.js";
import { RpcFailure } from "../../../scripts/chain/rpc-failure.js";
import { runPass } from "../../../scripts/oracle/watch/pass.js";
import { packScores } from "../../../sdk/score-sheet.js";
import { adversary, hurried } from "../../fixtures/adversary.js";
import { networkHelpers } from "../../fixtures/deployed.js";
import { contextFor, memberWallet } from "../../fixtures/oracle-round.js";
import { DAY, GOOD, HOUR } from "../../fixtures/rounds.js";
import {
  kinds,
  openWatch,
  scores,
  twoClosedRounds,
  type TwoRounds,
  type Watch,
} from "../../fixtures/watched-rounds.js";

describe("watch: a look at attempts and approvals", () => {
  let d: TwoRounds;
  let watch: Watch;

  beforeEach(async () => {
    d = await networkHelpers.loadFixture(twoClosedRounds);
    watch = await openWatch(d);
  });

  it("compares an attempt once, and again with another file", async () => {
    const [roundId] = d.rounds;
    await watch.put(roundId, scores(1, "0.7"));
    await watch.look();
    await watch.put(roundId, scores(1));
    const second = memberWallet(d, 1);
    expect(kinds(await watch.look({}, second), roundId)).to.include("disagreement");
    expect([...watch.memory.verdicts.values()].map(({ agrees }) => agrees)).to.deep.equal([false]);
    let searches = 0;
    const provider = adversary((name, args, answer) => {
      if (name === "getLogs") searches += 1;
      return answer(...args);
    });
    await watch.look({}, memberWallet(d, 1, provider), provider);
    expect([searches, watch.memory.verdicts.size]).to.deep.equal([0, 1]);
    await watch.put(roundId, scores(1, "0.7"));
    expect(kinds(await watch.look({}, second), roundId)).not.to.include("disagreement");
  });

  it("does not take a node that fails for a disagreement", async () => {
    const [roundId] = d.rounds;
    await watch.put(roundId, scores(1));
    await watch.look();
    const behind = adversary((name, args, answer) => {
      if (name !== "getLogs") return answer(...args);
      throw new RpcFailure("RPC: found one: block 1 after block 2 was seen", { hint: "Wait.", exitCode: 2 });
    });
    const failed = await watch.look({}, memberWallet(d, 1, behind), behind);
    expect([kinds(failed, roundId), watch.failures, failed.answered]).to.deep.equal([[], ["rpc"], false]);
    expect(watch.memory.verdicts.size).to.equal(0);
    watch.memory.failures.clear();
    expect(kinds(await watch.look({}, memberWallet(d, 1)), roundId)).to.deep.equal([]);
    expect((await d.tournament.getRound(roundId)).attemptCount).to.equal(1n);
    const reportHash = await d.tournament.reportHash(roundId, 1n);
    expect(await d.committee.hasApproved(reportHash, d.members[1])).to.equal(true);
  });

  it("compares nothing that a reorganisation could still change", async () => {
    const [roundId] = d.rounds;
    await watch.put(roundId, scores(1));
    await watch.look();
    const next = async () => {
      const context = { ...contextFor(d, memberWallet(d, 1)), confirmations: 5 } as SigningContext;
      const { rounds } = await runPass(context, watch.memory, watch.settings({ acting: false }));
      return [rounds[0]?.decision?.do, rounds[0]?.attentions];
    };
    // Its place is the second: it neither posts nor sees a difference.
    expect((await next())[1]).to.deep.equal([]);
    await networkHelpers.mine(5);
    expect(await next()).to.deep.equal(["approve", []]);
  });

  describe("after it took an approval back", () => {
    const takeBack = async (index = 0) => {
      const reportHash = await d.tournament.reportHash(d.rounds[0], 1n);
      await d.committee.connect(d.members[index]).revokeApproval(reportHash);
      return reportHash;
    };

    it("does not approve its own attempt again until the score file is saved again", async () => {
      const [roundId] = d.rounds;
      await watch.put(roundId, scores(1));
      await watch.look();
      const reportHash = await takeBack();
      const { rounds } = await watch.look();
      expect(rounds[0]?.decision).to.include({
        why: "this account took an approval back after the score file was saved",
      });
      expect(await d.committee.hasApproved(reportHash, d.members[0])).to.equal(false);
      await watch.put(roundId, scores(1), (await networkHelpers.time.latest()) + 1);
      await networkHelpers.time.increase(HOUR);
      await watch.look();
      expect(await d.committee.hasApproved(reportHash, d.members[0])).to.equal(true);
      expect([watch.failures, await watch.attempts(roundId)]).to.deep.equal([[], 1n]);
    });

    it("does not approve it again on a chain that makes many blocks a second", async () => {
      const [roundId] = d.rounds;
      await watch.put(roundId, scores(1));
      await watch.look();
      const reportHash = await takeBack();
      await networkHelpers.mine(50);
      const { terms } = await d.tournament.getRound(roundId);
      const provider = hurried(terms.closesAt);
      const { rounds } = await watch.look({}, memberWallet(d, 0, provider), provider);
      expect(rounds[0]?.decision).to.include({
        why: "this account took an approval back after the score file was saved",
      });
      expect(await d.committee.hasApproved(reportHash, d.members[0])).to.equal(false);
      expect(watch.failures).to.deep.equal([]);
    });

    it("neither approves another member's again nor finalizes it, with its score file or without", async () => {
      const [roundId] = d.rounds;
      await watch.put(roundId, scores(1));
      await watch.look();
      await watch.look({}, memberWallet(d, 1));
      const reportHash = await takeBack(1);
      await d.committee.connect(d.members[2]).approve(reportHash);
      await networkHelpers.time.increase(DAY);
      await watch.look({}, memberWallet(d, 1));
      expect(await d.committee.hasApproved(reportHash, d.members[1])).to.equal(false);
      await rm(path.join(watch.folder, roundId.toString()), { recursive: true });
      await watch.look({}, memberWallet(d, 1));
      expect([watch.failures, (await d.tournament.getRound(roundId)).resolvedAttempt]).to.deep.equal([[], 0n]);
      await watch.look({}, memberWallet(d, 2));
      expect((await d.tournament.getRound(roundId)).resolvedAttempt).to.equal(1n);
    });
  });

  it("compares what it approved by hand, and tells of scores that differ and have a quorum", async () => {
    const [roundId] = d.rounds;
    await watch.put(roundId, scores(1));
    await watch.look();
    await d.committee.connect(d.members[1]).approve(await d.tournament.reportHash(roundId, 1n));
    await watch.put(roundId, scores(1, "0.7"));
    const report = await watch.look({ acting: false }, memberWallet(d, 1));
    expect(kinds(report, roundId)).to.deep.equal(["disagreement"]);
    expect(report.rounds[0]?.attentions[0]?.message).to.contain("this account approved it").and.contain("has a quorum");
    await networkHelpers.time.increase(DAY);
    const due = await watch.look({ acting: false }, memberWallet(d, 1));
    expect(due.rounds[0]?.decision?.do).to.equal("post");
  });

  it("takes stakes without a row for unscored where it approved them by hand", async () => {
    const [roundId] = d.rounds;
    await watch.put(roundId, scores(1));
    await watch.look();
    await d.committee.connect(d.members[1]).approve(await d.tournament.reportHash(roundId, 1n));
    await watch.put(roundId, scores(2));
    const report = await watch.look({ acting: false }, memberWallet(d, 1));
    expect([watch.failures, kinds(report, roundId)]).to.deep.equal([[], ["disagreement"]]);
  });

  describe("with many attempts of one member", () => {
    /** Attempts with scores that the file of the round has not, each with a consistency of its own. */
    const postMany = async (count: number) => {
      const [roundId] = d.rounds;
      const proposer = d.tournament.connect(d.members[2]);
      for (let i = 1; i <= count; i += 1) {
        const measured = { ...GOOD, logloss: 680_000, consistency: 75 + i };
        await proposer.beginScoring(roundId, 0, `0x${"00".repeat(31)}0${i}`, "");
        await proposer.postScores(roundId, i, packScores([measured])[0] ?? "");
      }
      return roundId;
    };

    it("recomputes no more of them than an honest one posts, and what counts in any case", async () => {
      const roundId = await postMany(6);
      await watch.put(roundId, scores(1));
      await watch.look({ acting: false });
      expect(watch.memory.verdicts.size).to.equal(4);
      const reportHash = await d.tournament.reportHash(roundId, 6n);
      for (const member of [d.members[1], d.members[2]]) await d.committee.connect(member).approve(reportHash);
      const report = await watch.look({ acting: false });
      expect(watch.memory.verdicts.size).to.equal(5);
      expect(report.rounds[0]?.attentions[0]?.message).to.contain("attempt 6 of").and.contain("has a quorum");
    });

    it("knows equal scores without recomputing them, however many came before", async () => {
      const roundId = await postMany(5);
      await watch.put(roundId, scores(1).replace("75", "80"));
      const report = await watch.look({ acting: false });
      expect(report.rounds[0]?.decision).to.deep.equal({ do: "approve", attemptId: 5 });
      const agreements = [...watch.memory.verdicts.values()].map(({ agrees }) => agrees);
      expect(agreements).to.deep.equal([false, false, false, false]);
      await watch.look();
      expect(await d.committee.hasApproved(await d.tournament.reportHash(roundId, 5n), d.members[0])).to.equal(true);
    });

    it("asks for all of them at once, and searches for approvals taken back once", async () => {
      const roundId = await postMany(6);
      const proposer = d.tournament.connect(d.members[2]);
      // The same as the last, six times over, so that all of them agree.
      const sheet = packScores([{ ...GOOD, logloss: 680_000, consistency: 81 }])[0] ?? "";
      for (let i = 7; i <= 12; i += 1) {
        await proposer.beginScoring(roundId, 0, `0x${"00".repeat(31)}${i + 10}`, "");
        await proposer.postScores(roundId, i, sheet);
      }
      await watch.put(roundId, scores(1).replace("75", "81"));
      const selector = d.committee.interface.getFunction("approvals").selector;
      const taken = d.committee.interface.getEvent("ApprovalRevoked").topicHash;
      let [asked, searches] = [0, 0];
      let release = (): void => undefined;
      const all = new Promise<void>((resolve) => {
        release = resolve;
      });
      const provider = adversary(async (name, args, answer) => {
        const { data, topics } = (args[0] ?? {}) as { data?: string; topics?: unknown[] };
        // By account; recomputing a round searches by report.
        if (name === "getLogs" && topics?.[0] === taken && topics.length === 3) searches += 1;
        if (name !== "call" || data?.startsWith(selector) !== true) return answer(...args);
        // Answers none before it was asked for all: who waits for one before the next waits for ever.
        asked += 1;
        if (asked === 12) release();
        await all;
        return answer(...args);
      });
      const report = await watch.look({ acting: false }, memberWallet(d, 0, provider), provider);
      expect(report.rounds[0]?.decision).to.deep.equal({ do: "approve", attemptId: 6 });
      expect([asked, searches]).to.deep.equal([12, 1]);
    });

    it("forgets what it compared once the round is done", async () => {
      const roundId = await postMany(1);
      await watch.put(roundId, scores(1));
      await watch.look({ acting: false });
      expect([watch.memory.verdicts.size, watch.memory.digests.size]).to.deep.equal([1, 1]);
      await networkHelpers.time.increase(30 * DAY);
      await watch.look();
      const { finished, verdicts, digests } = watch.memory;
      expect([finished.size, verdicts.size, digests.size]).to.deep.equal([2, 0, 0]);
    });
  });
});
