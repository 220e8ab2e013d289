import { existsSync } from "node:fs";
import { mkdir, rm, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout } from "node:timers/promises";

import { expect } from "chai";
import { parseEther, type Block, type Provider, type Signer } from "ethers";

import type { SigningContext } from "../../../scripts/chain/context.js";
import { RpcFailure } from "../../../scripts/chain/rpc-failure.js";
import { finalize } from "../../../scripts/oracle/finalize.js";
import { act } from "../../../scripts/oracle/watch/act.js";
import type { FailureKind } from "../../../scripts/oracle/watch/failure-kind.js";
import { lookOnce } from "../../../scripts/oracle/watch/look-once.js";
import { newMemory, type Memory } from "../../../scripts/oracle/watch/memory.js";
import { NodeOutOfStep } from "../../../scripts/oracle/watch/node-out-of-step.js";
import { runPass, type PassReport, type PassSettings } from "../../../scripts/oracle/watch/pass.js";
import { silentLog, type Log } from "../../../scripts/terminal/log.js";
import { packScores } from "../../../sdk/score-sheet.js";
import { deployed, ethers, networkHelpers, type Deployed } from "../../fixtures/deployed.js";
import { failure } from "../../fixtures/failure.js";
import { contextFor, memberWallet, scoreFolder } from "../../fixtures/oracle-round.js";
import { seededRandom, tournamentRows, writePredictions, writeTargets } from "../../fixtures/round-files.js";
import { DAY, GOOD, HOUR, close, fleet, openRound, stakeEach, stakeFleet } from "../../fixtures/rounds.js";

interface TwoRounds extends Deployed {
  rounds: [bigint, bigint];
}

/** Two closed rounds of a stake each, by models 1 and 2; it is every member's turn. */
async function twoClosedRounds(): Promise<TwoRounds> {
  const d = await deployed();
  const closesAt = BigInt((await networkHelpers.time.latest()) + DAY);
  const bid = { amount: parseEther("3"), confidence: parseEther("1") };
  const first = await openRound(d, parseEther("1"), { closesAt });
  await stakeEach(d, first, [bid]);
  const second = await openRound(d, parseEther("1"), { closesAt });
  await stakeEach(d, second, [bid]);
  await close(d, second);
  await networkHelpers.time.increase(5 * HOUR);
  return { ...d, rounds: [first, second] };
}

/** A node that does something of its own before or instead of answering. */
function adversary(
  behave: (name: string, args: unknown[], answer: (...args: unknown[]) => unknown) => unknown,
): Provider {
  return new Proxy<Provider>(ethers.provider, {
    get(target, name, self) {
      // Contracts ask it for the provider to search for events with.
      if (name === "provider") return self as unknown;
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== "function") return value;
      return (...args: unknown[]) =>
        behave(String(name), args, (...own) => Reflect.apply(value, target, own) as unknown);
    },
  });
}

/** A chain that makes thousands of blocks a second, by the time in its blocks. */
function hurried(closesAt: bigint): Provider {
  const close = Number(closesAt);
  return adversary(async (name, args, answer) => {
    const result = await answer(...args);
    if (name !== "getBlock" || result === null) return result;
    const block = result as Block;
    if (block.timestamp < close) return block;
    return Object.create(block, {
      timestamp: { value: close + Math.floor((block.timestamp - close) / HOUR) },
    }) as Block;
  });
}

const scores = (model: number, logloss = "0.68") =>
  `model_id,live_logloss,consistency,concordance,originality\n${model},${logloss},75,true,true\n`;

describe("watch: a look at every round", () => {
  let d: TwoRounds;
  let folder: string;
  let memory: Memory;
  let failures: FailureKind[];
  let lines: string[];

  beforeEach(async () => {
    d = await networkHelpers.loadFixture(twoClosedRounds);
    ({ folder } = await scoreFolder());
    memory = newMemory();
    failures = [];
    lines = [];
  });

  const put = async (roundId: bigint, text: string, savedAt = 1) => {
    const file = path.join(folder, roundId.toString(), "scores.csv");
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
    await utimes(file, savedAt, savedAt);
  };
  const look = async (
    changes: Partial<PassSettings> = {},
    signer: Signer = memberWallet(d),
    provider: Provider = ethers.provider,
  ): Promise<PassReport> => {
    const context = { ...contextFor(d, signer, provider), log: log() } as SigningContext;
    return runPass(context, memory, settings(changes));
  };
  const log = (): Log => ({ ...silentLog, info: (line) => lines.push(line), warn: (line) => lines.push(line) });
  const settings = (changes: Partial<PassSettings> = {}): PassSettings => ({
    rounds: folder,
    sending: {},
    acting: true,
    patient: false,
    interval: 60_000,
    signal: new AbortController().signal,
    logOf: log,
    failed: (kind) => failures.push(kind),
    ...changes,
  });
  const attempts = async (roundId: bigint) => (await d.tournament.getRound(roundId)).attemptCount;
  const kinds = (report: PassReport, roundId: bigint) =>
    report.rounds.find((one) => one.roundId === roundId)?.attentions.map(({ kind }) => kind);
  /** One member posts and another approves both rounds, and the challenge periods pass. */
  const readyToFinalize = async () => {
    const [first, second] = d.rounds;
    await put(first, scores(1));
    await put(second, scores(2));
    await look();
    await look({}, memberWallet(d, 1));
    await networkHelpers.time.increase(DAY);
  };

  it("does what is due in every round, from scores to the last settlement", async () => {
    await readyToFinalize();
    const report = await look();
    expect([report.rounds, report.finished]).to.deep.equal([[], 2]);
    for (const roundId of d.rounds) {
      expect(await attempts(roundId)).to.equal(1n);
      expect((await d.tournament.getRound(roundId)).settledCount).to.equal(1n);
    }
    expect([failures, report.gasNeeded, report.answered]).to.deep.equal([[], 0n, true]);
  });

  it("measures predictions where there are no scores, and posts what came of it", async () => {
    const [roundId] = d.rounds;
    const round = path.join(folder, roundId.toString());
    const rows = tournamentRows(seededRandom(1), 40);
    const predictions = path.join(round, "predictions");
    await mkdir(predictions, { recursive: true });
    const files = [
      await writeTargets(round, rows),
      await writePredictions(
        path.join(predictions, "1.csv"),
        rows,
        rows.map(() => 0.5),
      ),
      path.join(predictions, "deliveries.csv"),
    ];
    const delivery = `model_id,file,salt,received_at\n1,1.csv,0x${"00".repeat(32)},1\n`;
    await writeFile(path.join(predictions, "deliveries.csv"), delivery);
    for (const file of files) await utimes(file, 1, 1);
    expect((await look()).rounds[0]?.decision).to.deep.include({ do: "wait" });
    // The system keeps the time at which a file came, so the clock has to move: by what is waited for, and no further.
    const { now } = Date;
    Date.now = () => now() + (existsSync(path.join(round, "scores.csv")) ? 0 : 61_000);
    const report = await look().finally(() => {
      Date.now = now;
    });
    expect(failures, lines.join("\n")).to.deep.equal([]);
    expect(report.rounds[0]?.decision).to.deep.equal({
      do: "wait",
      why: "the files of the round are still changing",
    });
    await utimes(path.join(round, "scores.csv"), 1, 1);
    await look();
    expect([failures, await attempts(roundId)]).to.deep.equal([[], 1n]);
  });

  it("sends nothing where it only says what it would do, or is told to stop", async () => {
    await put(d.rounds[0], scores(1));
    const report = await look({ acting: false });
    expect(report.rounds[0]?.decision).to.deep.equal({ do: "post" });
    await look({ signal: AbortSignal.abort() });
    expect(await attempts(d.rounds[0])).to.equal(0n);
  });

  it("takes the older of two rounds with one deadline first, whichever is read first", async () => {
    const [first] = d.rounds;
    for (const [i, roundId] of d.rounds.entries()) await put(roundId, scores(i + 1));
    const slow = d.tournament.interface.encodeFunctionData("getRound", [first]);
    const provider = adversary(async (name, args, answer) => {
      if (name === "call" && (args[0] as { data: string }).data === slow) await setTimeout(300);
      return answer(...args);
    });
    const order: (bigint | undefined)[] = [];
    const logOf = (roundId?: bigint): Log => ({ ...log(), info: () => order.push(roundId) });
    await look({ logOf }, memberWallet(d, 0, provider), provider);
    expect([...new Set(order)]).to.deep.equal(d.rounds);
  });

  it("lets a round that fails alone, says why, and goes on with the others", async () => {
    const [broken, good] = d.rounds;
    await put(broken, scores(1, "NaN"));
    await put(good, scores(2));
    const report = await look();
    expect([await attempts(broken), await attempts(good)]).to.deep.equal([0n, 1n]);
    expect(failures).to.deep.equal(["refused"]);
    expect([kinds(report, broken), kinds(report, good)]).to.deep.equal([["failing"], []]);
    expect(lines.join("\n")).to.contain('scores.csv:2:live_logloss: found "NaN"').and.contain("again in 60 s");
  });

  it("backs off from a round that failed, and forgets it once it succeeds", async () => {
    const [roundId] = d.rounds;
    await put(roundId, scores(1, "NaN"));
    await look();
    await put(roundId, scores(1));
    await look();
    expect(await attempts(roundId), "within the pause").to.equal(0n);
    const failed = memory.failures.get(roundId);
    if (failed !== undefined) failed.retryAt = 0;
    const report = await look();
    expect(await attempts(roundId)).to.equal(1n);
    expect([memory.failures.size, kinds(report, roundId)]).to.deep.equal([0, []]);
  });

  it("reads files that are refused as a failure of their round alone", async () => {
    const [roundId] = d.rounds;
    await put(roundId, scores(1));
    await writeFile(path.join(folder, roundId.toString(), "scores.json"), "[]");
    const report = await look();
    expect([failures, kinds(report, roundId), report.rounds[1]?.stage]).to.deep.equal([
      ["refused"],
      ["failing"],
      "closed",
    ]);
  });

  it("calls what somebody else did first done, not failed", async () => {
    await readyToFinalize();
    const [roundId] = d.rounds;
    let raced = false;
    const provider = adversary(async (name, args, answer) => {
      if (name === "estimateGas" && !raced) {
        raced = true;
        await finalize(contextFor(d, d.members[1]), { roundId });
      }
      return answer(...args);
    });
    await look({}, memberWallet(d, 0, provider), provider);
    expect([raced, failures, memory.failures.size]).to.deep.equal([true, [], 0]);
    expect(lines).to.include("finalize: done already by somebody else");
    expect((await d.tournament.getRound(roundId)).settledCount).to.equal(1n);
  });

  it("does nothing twice where the node does not show yet what was done", async () => {
    await readyToFinalize();
    for (const roundId of d.rounds) await finalize(contextFor(d, d.members[1]), { roundId });
    let shown: number | undefined;
    const provider = adversary(async (name, args, answer) => {
      if (name === "broadcastTransaction") shown ??= await ethers.provider.getBlockNumber();
      if (name !== "call" || shown === undefined) return answer(...args);
      return answer({ ...(args[0] as object), blockTag: shown });
    });
    const nonce = await memberWallet(d).getNonce();
    await look({}, memberWallet(d, 0, provider), provider);
    expect([shown === undefined, await memberWallet(d).getNonce()]).to.deep.equal([false, nonce + 2]);
  });

  it("forgets a round once a block that will stay has it settled", async () => {
    await readyToFinalize();
    await look({ acting: true });
    memory = newMemory();
    const confirmed = async () => {
      const context = { ...contextFor(d, memberWallet(d)), confirmations: 5 } as SigningContext;
      const { finished, rounds } = await runPass(context, memory, settings());
      return [finished, rounds.map(({ decision }) => decision?.do)];
    };
    expect(await confirmed()).to.deep.equal([0, ["finish", "finish"]]);
    await networkHelpers.mine(5);
    expect(await confirmed()).to.deep.equal([2, []]);
  });

  it("leaves what anybody may do to those before it, for a while", async () => {
    await readyToFinalize();
    const isOpen = async () => (await d.tournament.getRound(d.rounds[0])).resolvedAttempt === 0n;
    await look({ patient: true });
    expect(await isOpen()).to.equal(true);
    await networkHelpers.time.increase(1_198);
    await look({ patient: true });
    expect(await isOpen()).to.equal(true);
    await networkHelpers.time.increase(2);
    await look({ patient: true });
    expect(await isOpen()).to.equal(false);
  });

  it("compares an attempt once, and again with another file", async () => {
    const [roundId] = d.rounds;
    await put(roundId, scores(1, "0.7"));
    await look();
    await put(roundId, scores(1));
    const second = memberWallet(d, 1);
    expect(kinds(await look({}, second), roundId)).to.include("disagreement");
    expect([...memory.verdicts.values()].map(({ agrees }) => agrees)).to.deep.equal([false]);
    let searches = 0;
    const provider = adversary((name, args, answer) => {
      if (name === "getLogs") searches += 1;
      return answer(...args);
    });
    await look({}, memberWallet(d, 1, provider), provider);
    expect([searches, memory.verdicts.size]).to.deep.equal([0, 1]);
    await put(roundId, scores(1, "0.7"));
    expect(kinds(await look({}, second), roundId)).not.to.include("disagreement");
  });

  it("does not take a node that fails for a disagreement", async () => {
    const [roundId] = d.rounds;
    await put(roundId, scores(1));
    await look();
    const behind = adversary((name, args, answer) => {
      if (name !== "getLogs") return answer(...args);
      throw new RpcFailure("RPC: found one: block 1 after block 2 was seen", { hint: "Wait.", exitCode: 2 });
    });
    const failed = await look({}, memberWallet(d, 1, behind), behind);
    expect([kinds(failed, roundId), failures, failed.answered]).to.deep.equal([[], ["rpc"], false]);
    expect(memory.verdicts.size).to.equal(0);
    memory.failures.clear();
    expect(kinds(await look({}, memberWallet(d, 1)), roundId)).to.deep.equal([]);
    expect((await d.tournament.getRound(roundId)).attemptCount).to.equal(1n);
    const reportHash = await d.tournament.reportHash(roundId, 1n);
    expect(await d.committee.hasApproved(reportHash, d.members[1])).to.equal(true);
  });

  it("compares nothing that a reorganisation could still change", async () => {
    const [roundId] = d.rounds;
    await put(roundId, scores(1));
    await look();
    const next = async () => {
      const context = { ...contextFor(d, memberWallet(d, 1)), confirmations: 5 } as SigningContext;
      const { rounds } = await runPass(context, memory, settings({ acting: false }));
      return [rounds[0]?.decision?.do, rounds[0]?.attentions];
    };
    // Its place is the second: it neither posts nor sees a difference.
    expect((await next())[1]).to.deep.equal([]);
    await networkHelpers.mine(5);
    expect(await next()).to.deep.equal(["approve", []]);
  });

  describe("after a veto", () => {
    const veto = () => d.tournament.connect(d.guardian).veto(d.rounds[0], "odd");
    /** A node that gives logs that were tampered with. */
    const withLogs = (change: (logs: unknown[]) => unknown[]) =>
      adversary(async (name, args, answer) => {
        const result = await answer(...args);
        return name === "getLogs" && Array.isArray(result) ? change(result) : result;
      });
    const lookThrough = (provider: Provider) => look({}, memberWallet(d, 0, provider), provider);

    it("posts nothing where the guardian vetoes while it looks", async () => {
      const [roundId] = d.rounds;
      await put(roundId, scores(1));
      await look();
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
      expect([vetoed, failures]).to.deep.equal([true, []]);
      const report = await look();
      expect(kinds(report, roundId)).to.deep.equal(["veto"]);
      expect(await attempts(roundId)).to.equal(1n);
    });

    it("decides nothing where the node tells of a veto's attempts and not of the veto, and looks again", async () => {
      const [roundId] = d.rounds;
      await put(roundId, scores(1));
      await look();
      await veto();
      const report = await lookThrough(withLogs(() => []));
      expect([failures, report.answered, kinds(report, roundId)]).to.deep.equal([["rpc"], false, []]);
      expect(lines.join("\n")).to.contain("found a last veto of 0 attempts, expected one of 1");
      expect(await attempts(roundId)).to.equal(1n);
    });

    it("counts the newest veto, in whatever order the node names them, and misses none", async () => {
      const [roundId] = d.rounds;
      await put(roundId, scores(1));
      await look();
      await veto();
      await put(roundId, scores(1), (await networkHelpers.time.latest()) + 1);
      await networkHelpers.time.increase(5 * HOUR);
      await look();
      await veto();
      expect(await attempts(roundId)).to.equal(2n);
      const report = await lookThrough(withLogs((logs) => [...logs].reverse()));
      expect(report.rounds[0]?.decision).to.include({ why: "the guardian vetoed after the score file was saved" });
      await lookThrough(withLogs((logs) => logs.slice(0, 1)));
      expect(lines.join("\n")).to.contain("found a last veto of 1 attempts, expected one of 2");
      expect([failures, await attempts(roundId)]).to.deep.equal([["rpc"], 2n]);
    });

    it("finds a veto on a chain that makes many blocks a second", async () => {
      const [roundId] = d.rounds;
      await put(roundId, scores(1));
      await look();
      await veto();
      await networkHelpers.mine(50);
      const { terms } = await d.tournament.getRound(roundId);
      const report = await lookThrough(hurried(terms.closesAt));
      expect(failures, lines.join("\n")).to.deep.equal([]);
      expect(report.rounds[0]?.decision).to.include({ why: "the guardian vetoed after the score file was saved" });
    });

    it("looks for the block of the close once, and forgets it with the round", async () => {
      const [roundId] = d.rounds;
      await put(roundId, scores(1));
      await look();
      await veto();
      let asked = 0;
      const provider = adversary((name, args, answer) => {
        if (name === "getBlock" && typeof args[0] === "number") asked += 1;
        return answer(...args);
      });
      await look({ acting: false });
      expect([...memory.closeBlocks.keys()]).to.deep.equal([roundId]);
      await look({ acting: false }, memberWallet(d, 0, provider), provider);
      // The block of the newest, and the block of the veto.
      expect(asked).to.be.lessThan(3);
      await networkHelpers.time.increase(30 * DAY);
      await look();
      expect([memory.finished.size, memory.closeBlocks.size]).to.deep.equal([2, 0]);
    });

    it("decides nothing on a veto whose block is none of the chain", async () => {
      const [roundId] = d.rounds;
      await put(roundId, scores(1));
      await look();
      await veto();
      const provider = adversary((name, args, answer) => {
        // Only the block of an event is asked for by its number.
        if (name === "getBlock" && typeof args[0] === "number") return answer(args[0] - 1);
        return answer(...args);
      });
      await lookThrough(provider);
      expect(failures).to.deep.equal(["rpc"]);
      expect(lines.join("\n")).to.match(/found block \d+ to be 0x\w+, expected 0x/);
    });

    it("looks again before it acts on a round that it saw before other rounds took their time", async () => {
      const [first, second] = d.rounds;
      await put(first, scores(1));
      await put(second, scores(2));
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
      expect([vetoed, failures, kinds(report, second)]).to.deep.equal([true, [], ["veto"]]);
      expect([await attempts(first), await attempts(second)]).to.deep.equal([1n, 1n]);
    });

    it("begins no other attempt where its own is vetoed before the first transaction", async () => {
      const [roundId] = d.rounds;
      await put(roundId, scores(1));
      await look();
      await d.committee.connect(d.members[0]).revokeApproval(await d.tournament.reportHash(roundId, 1n));
      await put(roundId, scores(1), (await networkHelpers.time.latest()) + 1);
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
      expect([vetoed, failures, kinds(report, roundId)]).to.deep.equal([true, [], ["veto"]]);
      expect(lines.join("\n")).to.contain("post: not due any more: round 1: found no attempt to go on with");
      expect(await attempts(roundId)).to.equal(1n);
    });
  });

  describe("after it took an approval back", () => {
    const takeBack = async (index = 0) => {
      const reportHash = await d.tournament.reportHash(d.rounds[0], 1n);
      await d.committee.connect(d.members[index]).revokeApproval(reportHash);
      return reportHash;
    };

    it("does not approve its own attempt again until the score file is saved again", async () => {
      const [roundId] = d.rounds;
      await put(roundId, scores(1));
      await look();
      const reportHash = await takeBack();
      const { rounds } = await look();
      expect(rounds[0]?.decision).to.include({
        why: "this account took an approval back after the score file was saved",
      });
      expect(await d.committee.hasApproved(reportHash, d.members[0])).to.equal(false);
      await put(roundId, scores(1), (await networkHelpers.time.latest()) + 1);
      await networkHelpers.time.increase(HOUR);
      await look();
      expect(await d.committee.hasApproved(reportHash, d.members[0])).to.equal(true);
      expect([failures, await attempts(roundId)]).to.deep.equal([[], 1n]);
    });

    it("does not approve it again on a chain that makes many blocks a second", async () => {
      const [roundId] = d.rounds;
      await put(roundId, scores(1));
      await look();
      const reportHash = await takeBack();
      await networkHelpers.mine(50);
      const { terms } = await d.tournament.getRound(roundId);
      const provider = hurried(terms.closesAt);
      const { rounds } = await look({}, memberWallet(d, 0, provider), provider);
      expect(rounds[0]?.decision).to.include({
        why: "this account took an approval back after the score file was saved",
      });
      expect(await d.committee.hasApproved(reportHash, d.members[0])).to.equal(false);
      expect(failures).to.deep.equal([]);
    });

    it("neither approves another member's again nor finalizes it, with its score file or without", async () => {
      const [roundId] = d.rounds;
      await put(roundId, scores(1));
      await look();
      await look({}, memberWallet(d, 1));
      const reportHash = await takeBack(1);
      await d.committee.connect(d.members[2]).approve(reportHash);
      await networkHelpers.time.increase(DAY);
      await look({}, memberWallet(d, 1));
      expect(await d.committee.hasApproved(reportHash, d.members[1])).to.equal(false);
      await rm(path.join(folder, roundId.toString()), { recursive: true });
      await look({}, memberWallet(d, 1));
      expect([failures, (await d.tournament.getRound(roundId)).resolvedAttempt]).to.deep.equal([[], 0n]);
      await look({}, memberWallet(d, 2));
      expect((await d.tournament.getRound(roundId)).resolvedAttempt).to.equal(1n);
    });
  });

  it("compares what it approved by hand, and tells of scores that differ and have a quorum", async () => {
    const [roundId] = d.rounds;
    await put(roundId, scores(1));
    await look();
    await d.committee.connect(d.members[1]).approve(await d.tournament.reportHash(roundId, 1n));
    await put(roundId, scores(1, "0.7"));
    const report = await look({ acting: false }, memberWallet(d, 1));
    expect(kinds(report, roundId)).to.deep.equal(["disagreement"]);
    expect(report.rounds[0]?.attentions[0]?.message).to.contain("this account approved it").and.contain("has a quorum");
    await networkHelpers.time.increase(DAY);
    const due = await look({ acting: false }, memberWallet(d, 1));
    expect(due.rounds[0]?.decision?.do).to.equal("post");
  });

  it("takes stakes without a row for unscored where it approved them by hand", async () => {
    const [roundId] = d.rounds;
    await put(roundId, scores(1));
    await look();
    await d.committee.connect(d.members[1]).approve(await d.tournament.reportHash(roundId, 1n));
    await put(roundId, scores(2));
    const report = await look({ acting: false }, memberWallet(d, 1));
    expect([failures, kinds(report, roundId)]).to.deep.equal([[], ["disagreement"]]);
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
      await put(roundId, scores(1));
      await look({ acting: false });
      expect(memory.verdicts.size).to.equal(4);
      const reportHash = await d.tournament.reportHash(roundId, 6n);
      for (const member of [d.members[1], d.members[2]]) await d.committee.connect(member).approve(reportHash);
      const report = await look({ acting: false });
      expect(memory.verdicts.size).to.equal(5);
      expect(report.rounds[0]?.attentions[0]?.message).to.contain("attempt 6 of").and.contain("has a quorum");
    });

    it("knows equal scores without recomputing them, however many came before", async () => {
      const roundId = await postMany(5);
      await put(roundId, scores(1).replace("75", "80"));
      const report = await look({ acting: false });
      expect(report.rounds[0]?.decision).to.deep.equal({ do: "approve", attemptId: 5 });
      expect([...memory.verdicts.values()].map(({ agrees }) => agrees)).to.deep.equal([false, false, false, false]);
      await look();
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
      await put(roundId, scores(1).replace("75", "81"));
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
      const report = await look({ acting: false }, memberWallet(d, 0, provider), provider);
      expect(report.rounds[0]?.decision).to.deep.equal({ do: "approve", attemptId: 6 });
      expect([asked, searches]).to.deep.equal([12, 1]);
    });

    it("forgets what it compared once the round is done", async () => {
      const roundId = await postMany(1);
      await put(roundId, scores(1));
      await look({ acting: false });
      expect([memory.verdicts.size, memory.digests.size]).to.deep.equal([1, 1]);
      await networkHelpers.time.increase(30 * DAY);
      await look();
      expect([memory.finished.size, memory.verdicts.size, memory.digests.size]).to.deep.equal([2, 0, 0]);
    });
  });

  it("settles many stakes a part at a time, so that other rounds come in between", async function () {
    this.timeout(300_000);
    const stakes = 1_001;
    const contract = await fleet(d, stakes, parseEther("2000"));
    const first = (await d.tournament.modelCount()) - BigInt(stakes) + 1n;
    const roundId = await openRound(d);
    const bid = { amount: parseEther("1"), confidence: parseEther("1") };
    await stakeFleet(
      contract,
      roundId,
      first,
      Array.from({ length: stakes }, () => bid),
    );
    await networkHelpers.time.increase(60 * DAY);
    const settled = async () => (await d.tournament.getRound(roundId)).settledCount;
    expect((await look()).more).to.equal(true);
    expect(await settled()).to.equal(1_000n);
    expect((await look()).more).to.equal(false);
    expect([failures, await settled()]).to.deep.equal([[], 1_001n]);
  });

  it("holds settling while it cannot read what was resolved before", async () => {
    await readyToFinalize();
    const [unread, roundId] = d.rounds;
    for (const one of d.rounds) await finalize(contextFor(d, d.members[1]), { roundId: one });
    const question = d.tournament.interface.encodeFunctionData("getRound", [unread]);
    const provider = adversary((name, args, answer) => {
      const { data } = (args[0] ?? {}) as { data?: string };
      if (name === "call" && data === question) throw new NodeOutOfStep("found nothing");
      return answer(...args);
    });
    const report = await look({ patient: true }, memberWallet(d, 2, provider), provider);
    expect(report.rounds[1]?.view?.unsettledBefore).to.deep.equal([unread]);
    expect((await d.tournament.getRound(roundId)).settledCount).to.equal(0n);
    await look({ patient: true }, memberWallet(d, 2));
    expect((await d.tournament.getRound(roundId)).settledCount).to.equal(0n);
  });

  it("does not go back to an older block than it has seen, look after look", async () => {
    await look();
    const older = (await ethers.provider.getBlockNumber()) - 1;
    const provider = adversary((name, args, answer) =>
      name === "getBlock" && args[0] === "latest" ? answer(older) : answer(...args),
    );
    for (const time of ["first", "second"]) {
      const refused = await failure(look({}, memberWallet(d, 0, provider), provider));
      expect(refused, time).to.be.instanceOf(NodeOutOfStep);
    }
    expect((await look()).answered).to.equal(true);
  });

  describe("once", () => {
    /** A node that fails so many times when it is asked for something. */
    const failing = (asked: string, times: number) => {
      let left = times;
      return adversary((name, args, answer) => {
        if (name !== asked || left === 0) return answer(...args);
        left -= 1;
        throw new NodeOutOfStep("found nothing");
      });
    };
    const once = (provider: Provider) =>
      lookOnce({ ...contextFor(d, memberWallet(d, 0, provider), provider), log: log() } as SigningContext, memory, {
        ...settings(),
        interval: 1,
      });

    it("gives a node that fails the time that the loop gives it", async () => {
      await put(d.rounds[0], scores(1));
      expect((await once(failing("getBlock", 3))).answered).to.equal(true);
      expect(await attempts(d.rounds[0])).to.equal(1n);
    });

    it("also where it fails in one round", async () => {
      await put(d.rounds[0], scores(1));
      expect((await once(failing("getCode", 1))).answered).to.equal(true);
      expect([failures, memory.failures.size]).to.deep.equal([["rpc"], 0]);
      expect(await attempts(d.rounds[0])).to.equal(1n);
    });

    it("gives up after four looks, and at once on what is not the node's", async () => {
      expect(await failure(once(failing("getBlock", Infinity)))).to.be.instanceOf(NodeOutOfStep);
      expect(lines.filter((line) => line.includes("looking again"))).to.have.length(3);
      lines = [];
      const broken = adversary((name, args, answer) => {
        if (name === "getBlock") throw new TypeError("undefined is no function");
        return answer(...args);
      });
      expect(await once(broken).catch((error: unknown) => error)).to.be.instanceOf(TypeError);
      expect(lines).to.deep.equal([]);
    });
  });

  it("posts nothing from a file that changed since it was looked at", async () => {
    const [roundId] = d.rounds;
    await put(roundId, scores(1));
    const view = (await look({ acting: false })).rounds[0]?.view;
    if (view === undefined) throw new Error("was not read");
    await put(roundId, scores(1, "0.7"));
    const context = contextFor(d, memberWallet(d)) as SigningContext;
    const refused = await failure(act(context, view, { do: "post" }, folder, {}));
    expect(refused.message).to.contain("found it changed since it was read");
    expect(await attempts(roundId)).to.equal(0n);
  });

  it("asks nobody to be a member who never was one", async () => {
    const report = await look({}, d.others[11]);
    expect(report.attentions).to.deep.equal([]);
  });

  it("warns of an account that may run out of ether, and of one that is no member any more", async () => {
    const account = await memberWallet(d).getAddress();
    await look();
    await networkHelpers.setBalance(account, 1n);
    await d.committee.connect(d.deployer).removeMember(account, 2);
    const report = await look({ acting: false });
    expect(report.attentions.map(({ kind }) => kind)).to.deep.equal(["low-balance", "not-a-member"]);
  });

  it("fails as a whole where the node does not answer", async () => {
    const provider = new ethers.JsonRpcProvider("http://127.0.0.1:9", 31337, { staticNetwork: true });
    const failed = await look({}, memberWallet(d, 0, provider), provider).catch((error: unknown) => error);
    provider.destroy();
    expect(failed).to.be.instanceOf(Error);
  });
});
