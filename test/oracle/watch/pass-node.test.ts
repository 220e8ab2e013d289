import { expect } from "chai";
import type { Provider } from "ethers";

import type { SigningContext } from "../../../scripts/chain/context.js";
import { finalize } from "../../../scripts/oracle/finalize.js";
import { lookOnce } from "../../../scripts/oracle/watch/look-once.js";
import { NodeOutOfStep } from "../../../scripts/oracle/watch/node-out-of-step.js";
import { adversary } from "../../fixtures/adversary.js";
import { ethers, networkHelpers } from "../../fixtures/deployed.js";
import { failure } from "../../fixtures/failure.js";
import { contextFor, memberWallet } from "../../fixtures/oracle-round.js";
import { openWatch, scores, twoClosedRounds, type TwoRounds, type Watch } from "../../fixtures/watched-rounds.js";

describe("watch: a look through a node that lags or fails", () => {
  let d: TwoRounds;
  let watch: Watch;

  beforeEach(async () => {
    d = await networkHelpers.loadFixture(twoClosedRounds);
    watch = await openWatch(d);
  });

  it("does nothing twice where the node does not show yet what was done", async () => {
    await watch.readyToFinalize();
    for (const roundId of d.rounds) await finalize(contextFor(d, d.members[1]), { roundId });
    let shown: number | undefined;
    const provider = adversary(async (name, args, answer) => {
      if (name === "broadcastTransaction") shown ??= await ethers.provider.getBlockNumber();
      if (name !== "call" || shown === undefined) return answer(...args);
      return answer({ ...(args[0] as object), blockTag: shown });
    });
    const nonce = await memberWallet(d).getNonce();
    await watch.look({}, memberWallet(d, 0, provider), provider);
    expect([shown === undefined, await memberWallet(d).getNonce()]).to.deep.equal([false, nonce + 2]);
  });

  it("holds settling while it cannot read what was resolved before", async () => {
    await watch.readyToFinalize();
    const [unread, roundId] = d.rounds;
    for (const one of d.rounds) await finalize(contextFor(d, d.members[1]), { roundId: one });
    const question = d.tournament.interface.encodeFunctionData("getRound", [unread]);
    const provider = adversary((name, args, answer) => {
      const { data } = (args[0] ?? {}) as { data?: string };
      if (name === "call" && data === question) throw new NodeOutOfStep("found nothing");
      return answer(...args);
    });
    const report = await watch.look({ patient: true }, memberWallet(d, 2, provider), provider);
    expect(report.rounds[1]?.view?.unsettledBefore).to.deep.equal([unread]);
    expect((await d.tournament.getRound(roundId)).settledCount).to.equal(0n);
    await watch.look({ patient: true }, memberWallet(d, 2));
    expect((await d.tournament.getRound(roundId)).settledCount).to.equal(0n);
  });

  it("does not go back to an older block than it has seen, look after look", async () => {
    await watch.look();
    const older = (await ethers.provider.getBlockNumber()) - 1;
    const provider = adversary((name, args, answer) =>
      name === "getBlock" && args[0] === "latest" ? answer(older) : answer(...args),
    );
    for (const time of ["first", "second"]) {
      const refused = await failure(watch.look({}, memberWallet(d, 0, provider), provider));
      expect(refused, time).to.be.instanceOf(NodeOutOfStep);
    }
    expect((await watch.look()).answered).to.equal(true);
  });

  it("fails as a whole where the node does not answer", async () => {
    const provider = new ethers.JsonRpcProvider("http://127.0.0.1:9", 31337, { staticNetwork: true });
    const failed = await watch.look({}, memberWallet(d, 0, provider), provider).catch((error: unknown) => error);
    provider.destroy();
    expect(failed).to.be.instanceOf(Error);
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
    const once = (provider: Provider) => {
      const context = { ...contextFor(d, memberWallet(d, 0, provider), provider), log: watch.log() } as SigningContext;
      return lookOnce(context, watch.memory, watch.settings({ interval: 1 }));
    };

    it("gives a node that fails the time that the loop gives it", async () => {
      await watch.put(d.rounds[0], scores(1));
      expect((await once(failing("getBlock", 3))).answered).to.equal(true);
      expect(await watch.attempts(d.rounds[0])).to.equal(1n);
    });

    it("also where it fails in one round", async () => {
      await watch.put(d.rounds[0], scores(1));
      expect((await once(failing("getCode", 1))).answered).to.equal(true);
      expect([watch.failures, watch.memory.failures.size]).to.deep.equal([["rpc"], 0]);
      expect(await watch.attempts(d.rounds[0])).to.equal(1n);
    });

    it("gives up after four looks, and at once on what is not the node's", async () => {
      expect(await failure(once(failing("getBlock", Infinity)))).to.be.instanceOf(NodeOutOfStep);
      expect(watch.lines.filter((line) => line.includes("looking again"))).to.have.length(3);
      watch.lines = [];
      const broken = adversary((name, args, answer) => {
        if (name === "getBlock") throw new TypeError("undefined is no function");
        return answer(...args);
      });
      expect(await once(broken).catch((error: unknown) => error)).to.be.instanceOf(TypeError);
      expect(watch.lines).to.deep.equal([]);
    });
  });
});
