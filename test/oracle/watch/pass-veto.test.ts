import { expect } from "chai";
import type { Provider } from "ethers";

import { adversary, hurried } from "../../fixtures/adversary.js";
import { networkHelpers } from "../../fixtures/deployed.js";
import { memberWallet } from "../../fixtures/oracle-round.js";
import { DAY, HOUR } from "../../fixtures/rounds.js";
import {
  kinds,
  openWatch,
  scores,
  twoClosedRounds,
  type TwoRounds,
  type Watch,
} from "../../fixtures/watched-rounds.js";

describe("watch: a look after a veto", () => {
  let d: TwoRounds;
  let watch: Watch;

  beforeEach(async () => {
    d = await networkHelpers.loadFixture(twoClosedRounds);
    watch = await openWatch(d);
  });

  const veto = () => d.tournament.connect(d.guardian).veto(d.rounds[0], "odd");
  /** A node that gives logs that were tampered with. */
  const withLogs = (change: (logs: unknown[]) => unknown[]) =>
    adversary(async (name, args, answer) => {
      const result = await answer(...args);
      return name === "getLogs" && Array.isArray(result) ? change(result) : result;
    });
  const lookThrough = (provider: Provider) => watch.look({}, memberWallet(d, 0, provider), provider);

  it("posts nothing where the guardian vetoes while it looks", async () => {
    const [roundId] = d.rounds;
    await watch.put(roundId, scores(1));
    await watch.look();
    let vetoed = false;
    const provider = adversary(async (name, args, answer) => {
      const result = await answer(...args);
      if (name === "getBlock" && args[0] === "latest" && !vetoed) {
        vetoed = true;
        await veto();
      }
      return result;
    });
    await lookThrough(provider);
    expect([vetoed, watch.failures]).to.deep.equal([true, []]);
    const report = await watch.look();
    expect(kinds(report, roundId)).to.deep.equal(["veto"]);
    expect(await watch.attempts(roundId)).to.equal(1n);
  });

  it("decides nothing where the node tells of a veto's attempts and not of the veto, and looks again", async () => {
    const [roundId] = d.rounds;
    await watch.put(roundId, scores(1));
    await watch.look();
    await veto();
    const report = await lookThrough(withLogs(() => []));
    expect([watch.failures, report.answered, kinds(report, roundId)]).to.deep.equal([["rpc"], false, []]);
    expect(watch.lines.join("\n")).to.contain("found a last veto of 0 attempts, expected one of 1");
    expect(await watch.attempts(roundId)).to.equal(1n);
  });

  it("counts the newest veto, in whatever order the node names them, and misses none", async () => {
    const [roundId] = d.rounds;
    await watch.put(roundId, scores(1));
    await watch.look();
    await veto();
    await watch.put(roundId, scores(1), (await networkHelpers.time.latest()) + 1);
    await networkHelpers.time.increase(5 * HOUR);
    await watch.look();
    await veto();
    expect(await watch.attempts(roundId)).to.equal(2n);
    const report = await lookThrough(withLogs((logs) => [...logs].reverse()));
    expect(report.rounds[0]?.decision).to.include({ why: "the guardian vetoed after the score file was saved" });
    await lookThrough(withLogs((logs) => logs.slice(0, 1)));
    expect(watch.lines.join("\n")).to.contain("found a last veto of 1 attempts, expected one of 2");
    expect([watch.failures, await watch.attempts(roundId)]).to.deep.equal([["rpc"], 2n]);
  });

  it("finds a veto on a chain that makes many blocks a second", async () => {
    const [roundId] = d.rounds;
    await watch.put(roundId, scores(1));
    await watch.look();
    await veto();
    await networkHelpers.mine(50);
    const { terms } = await d.tournament.getRound(roundId);
    const report = await lookThrough(hurried(terms.closesAt));
    expect(watch.failures, watch.lines.join("\n")).to.deep.equal([]);
    expect(report.rounds[0]?.decision).to.include({ why: "the guardian vetoed after the score file was saved" });
  });

  it("looks for the block of the close once, and forgets it with the round", async () => {
    const [roundId] = d.rounds;
    await watch.put(roundId, scores(1));
    await watch.look();
    await veto();
    let asked = 0;
    const provider = adversary((name, args, answer) => {
      if (name === "getBlock" && typeof args[0] === "number") asked += 1;
      return answer(...args);
    });
    await watch.look({ acting: false });
    expect([...watch.memory.closeBlocks.keys()]).to.deep.equal([roundId]);
    await watch.look({ acting: false }, memberWallet(d, 0, provider), provider);
    // The block of the newest, and the block of the veto.
    expect(asked).to.be.lessThan(3);
    await networkHelpers.time.increase(30 * DAY);
    await watch.look();
    expect([watch.memory.finished.size, watch.memory.closeBlocks.size]).to.deep.equal([2, 0]);
  });

  it("decides nothing on a veto whose block is none of the chain", async () => {
    const [roundId] = d.rounds;
    await watch.put(roundId, scores(1));
    await watch.look();
    await veto();
    const provider = adversary((name, args, answer) => {
      // Only the block of an event is asked for by its number.
      if (name === "getBlock" && typeof args[0] === "number") return answer(args[0] - 1);
      return answer(...args);
    });
    await lookThrough(provider);
    expect(watch.failures).to.deep.equal(["rpc"]);
    expect(watch.lines.join("\n")).to.match(/found block \d+ to be 0x\w+, expected 0x/);
  });

  it("looks again before it acts on a round that it saw before other rounds took their time", async () => {
    const [first, second] = d.rounds;
    await watch.put(first, scores(1));
    await watch.put(second, scores(2));
    await d.tournament.connect(d.members[1]).beginScoring(second, 0, `0x${"11".repeat(32)}`, "");
    let vetoed = false;
    const provider = adversary(async (name, args, answer) => {
      const result = await answer(...args);
      if (name === "broadcastTransaction" && !vetoed) {
        vetoed = true;
        await d.tournament.connect(d.guardian).veto(second, "odd");
      }
      return result;
    });
    const report = await lookThrough(provider);
    expect([vetoed, watch.failures, kinds(report, second)]).to.deep.equal([true, [], ["veto"]]);
    expect([await watch.attempts(first), await watch.attempts(second)]).to.deep.equal([1n, 1n]);
  });

  it("begins no other attempt where its own is vetoed before the first transaction", async () => {
    const [roundId] = d.rounds;
    await watch.put(roundId, scores(1));
    await watch.look();
    await d.committee.connect(d.members[0]).revokeApproval(await d.tournament.reportHash(roundId, 1n));
    await watch.put(roundId, scores(1), (await networkHelpers.time.latest()) + 1);
    await networkHelpers.time.increase(HOUR);
    let vetoed = false;
    const provider = adversary(async (name, args, answer) => {
      // The first that planning asks, after the look.
      if (name === "getCode" && !vetoed) {
        vetoed = true;
        await veto();
      }
      return answer(...args);
    });
    const report = await lookThrough(provider);
    expect([vetoed, watch.failures, kinds(report, roundId)]).to.deep.equal([true, [], ["veto"]]);
    expect(watch.lines.join("\n")).to.contain("post: not due any more: round 1: found no attempt to go on with");
    expect(await watch.attempts(roundId)).to.equal(1n);
  });
});
