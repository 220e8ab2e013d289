import { existsSync } from "node:fs";
import { mkdir, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout } from "node:timers/promises";

import { expect } from "chai";
import { parseEther } from "ethers";

import type { SigningContext } from "../../../scripts/chain/context.js";
import { finalize } from "../../../scripts/oracle/finalize.js";
import { act } from "../../../scripts/oracle/watch/act.js";
import { newMemory } from "../../../scripts/oracle/watch/memory.js";
import { runPass } from "../../../scripts/oracle/watch/pass.js";
import type { Log } from "../../../scripts/terminal/log.js";
import { adversary } from "../../fixtures/adversary.js";
import { networkHelpers } from "../../fixtures/deployed.js";
import { failure } from "../../fixtures/failure.js";
import { contextFor, memberWallet } from "../../fixtures/oracle-round.js";
import { seededRandom, tournamentRows, writePredictions, writeTargets } from "../../fixtures/round-files.js";
import { DAY, fleet, openRound, stakeFleet } from "../../fixtures/rounds.js";
import {
  kinds,
  openWatch,
  scores,
  twoClosedRounds,
  type TwoRounds,
  type Watch,
} from "../../fixtures/watched-rounds.js";

describe("watch: a look at every round", () => {
  let d: TwoRounds;
  let watch: Watch;

  beforeEach(async () => {
    d = await networkHelpers.loadFixture(twoClosedRounds);
    watch = await openWatch(d);
  });

  it("does what is due in every round, from scores to the last settlement", async () => {
    await watch.readyToFinalize();
    const report = await watch.look();
    expect([report.rounds, report.finished]).to.deep.equal([[], 2]);
    for (const roundId of d.rounds) {
      expect(await watch.attempts(roundId)).to.equal(1n);
      expect((await d.tournament.getRound(roundId)).settledCount).to.equal(1n);
    }
    expect([watch.failures, report.gasNeeded, report.answered]).to.deep.equal([[], 0n, true]);
  });

  it("measures predictions where there are no scores, and posts what came of it", async () => {
    const [roundId] = d.rounds;
    const round = path.join(watch.folder, roundId.toString());
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
    expect((await watch.look()).rounds[0]?.decision).to.deep.include({ do: "wait" });
    // The system keeps the time at which a file came, so the clock has to move: by what is waited for, and no further.
    const { now } = Date;
    Date.now = () => now() + (existsSync(path.join(round, "scores.csv")) ? 0 : 61_000);
    const report = await watch.look().finally(() => {
      Date.now = now;
    });
    expect(watch.failures, watch.lines.join("\n")).to.deep.equal([]);
    expect(report.rounds[0]?.decision).to.deep.equal({
      do: "wait",
      why: "the files of the round are still changing",
    });
    await utimes(path.join(round, "scores.csv"), 1, 1);
    await watch.look();
    expect([watch.failures, await watch.attempts(roundId)]).to.deep.equal([[], 1n]);
  });

  it("sends nothing where it only says what it would do, or is told to stop", async () => {
    await watch.put(d.rounds[0], scores(1));
    const report = await watch.look({ acting: false });
    expect(report.rounds[0]?.decision).to.deep.equal({ do: "post" });
    await watch.look({ signal: AbortSignal.abort() });
    expect(await watch.attempts(d.rounds[0])).to.equal(0n);
  });

  it("takes the older of two rounds with one deadline first, whichever is read first", async () => {
    const [first] = d.rounds;
    for (const [i, roundId] of d.rounds.entries()) await watch.put(roundId, scores(i + 1));
    const slow = d.tournament.interface.encodeFunctionData("getRound", [first]);
    const provider = adversary(async (name, args, answer) => {
      if (name === "call" && (args[0] as { data: string }).data === slow) await setTimeout(300);
      return answer(...args);
    });
    const order: (bigint | undefined)[] = [];
    const logOf = (roundId?: bigint): Log => ({ ...watch.log(), info: () => order.push(roundId) });
    await watch.look({ logOf }, memberWallet(d, 0, provider), provider);
    expect([...new Set(order)]).to.deep.equal(d.rounds);
  });

  it("lets a round that fails alone, says why, and goes on with the others", async () => {
    const [broken, good] = d.rounds;
    await watch.put(broken, scores(1, "NaN"));
    await watch.put(good, scores(2));
    const report = await watch.look();
    expect([await watch.attempts(broken), await watch.attempts(good)]).to.deep.equal([0n, 1n]);
    expect(watch.failures).to.deep.equal(["refused"]);
    expect([kinds(report, broken), kinds(report, good)]).to.deep.equal([["failing"], []]);
    expect(watch.lines.join("\n")).to.contain('scores.csv:2:live_logloss: found "NaN"').and.contain("again in 60 s");
  });

  it("backs off from a round that failed, and forgets it once it succeeds", async () => {
    const [roundId] = d.rounds;
    await watch.put(roundId, scores(1, "NaN"));
    await watch.look();
    await watch.put(roundId, scores(1));
    await watch.look();
    expect(await watch.attempts(roundId), "within the pause").to.equal(0n);
    const failed = watch.memory.failures.get(roundId);
    if (failed !== undefined) failed.retryAt = 0;
    const report = await watch.look();
    expect(await watch.attempts(roundId)).to.equal(1n);
    expect([watch.memory.failures.size, kinds(report, roundId)]).to.deep.equal([0, []]);
  });

  it("reads files that are refused as a failure of their round alone", async () => {
    const [roundId] = d.rounds;
    await watch.put(roundId, scores(1));
    await writeFile(path.join(watch.folder, roundId.toString(), "scores.json"), "[]");
    const report = await watch.look();
    expect([watch.failures, kinds(report, roundId), report.rounds[1]?.stage]).to.deep.equal([
      ["refused"],
      ["failing"],
      "closed",
    ]);
  });

  it("calls what somebody else did first done, not failed", async () => {
    await watch.readyToFinalize();
    const [roundId] = d.rounds;
    let raced = false;
    const provider = adversary(async (name, args, answer) => {
      if (name === "estimateGas" && !raced) {
        raced = true;
        await finalize(contextFor(d, d.members[1]), { roundId });
      }
      return answer(...args);
    });
    await watch.look({}, memberWallet(d, 0, provider), provider);
    expect([raced, watch.failures, watch.memory.failures.size]).to.deep.equal([true, [], 0]);
    expect(watch.lines).to.include("finalize: done already by somebody else");
    expect((await d.tournament.getRound(roundId)).settledCount).to.equal(1n);
  });

  it("forgets a round once a block that will stay has it settled", async () => {
    await watch.readyToFinalize();
    await watch.look({ acting: true });
    watch.memory = newMemory();
    const confirmed = async () => {
      const context = { ...contextFor(d, memberWallet(d)), confirmations: 5 } as SigningContext;
      const { finished, rounds } = await runPass(context, watch.memory, watch.settings());
      return [finished, rounds.map(({ decision }) => decision?.do)];
    };
    expect(await confirmed()).to.deep.equal([0, ["finish", "finish"]]);
    await networkHelpers.mine(5);
    expect(await confirmed()).to.deep.equal([2, []]);
  });

  it("leaves what anybody may do to those before it, for a while", async () => {
    await watch.readyToFinalize();
    const isOpen = async () => (await d.tournament.getRound(d.rounds[0])).resolvedAttempt === 0n;
    await watch.look({ patient: true });
    expect(await isOpen()).to.equal(true);
    await networkHelpers.time.increase(1_198);
    await watch.look({ patient: true });
    expect(await isOpen()).to.equal(true);
    await networkHelpers.time.increase(2);
    await watch.look({ patient: true });
    expect(await isOpen()).to.equal(false);
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
    expect((await watch.look()).more).to.equal(true);
    expect(await settled()).to.equal(1_000n);
    expect((await watch.look()).more).to.equal(false);
    expect([watch.failures, await settled()]).to.deep.equal([[], 1_001n]);
  });

  it("posts nothing from a file that changed since it was looked at", async () => {
    const [roundId] = d.rounds;
    await watch.put(roundId, scores(1));
    const view = (await watch.look({ acting: false })).rounds[0]?.view;
    if (view === undefined) throw new Error("was not read");
    await watch.put(roundId, scores(1, "0.7"));
    const context = contextFor(d, memberWallet(d)) as SigningContext;
    const refused = await failure(act(context, view, { do: "post" }, watch.folder, {}));
    expect(refused.message).to.contain("found it changed since it was read");
    expect(await watch.attempts(roundId)).to.equal(0n);
  });

  it("asks nobody to be a member who never was one", async () => {
    const report = await watch.look({}, d.others[11]);
    expect(report.attentions).to.deep.equal([]);
  });

  it("warns of an account that may run out of ether, and of one that is no member any more", async () => {
    const account = await memberWallet(d).getAddress();
    await watch.look();
    await networkHelpers.setBalance(account, 1n);
    await d.committee.connect(d.deployer).removeMember(account, 2);
    const report = await watch.look({ acting: false });
    expect(report.attentions.map(({ kind }) => kind)).to.deep.equal(["low-balance", "not-a-member"]);
  });
});
