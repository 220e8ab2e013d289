import { tmpdir } from "node:os";

import { expect } from "chai";
import type { Provider } from "ethers";

import { RpcProvider } from "../../../scripts/chain/rpc-provider.js";
import type { SigningContext } from "../../../scripts/chain/context.js";
import { makeMetrics, type Metrics } from "../../../scripts/oracle/watch/metrics.js";
import { makeWatch, type Watch } from "../../../scripts/oracle/watch.js";
import { silentLog } from "../../../scripts/terminal/log.js";
import { deployed, ethers, networkHelpers, type Deployed } from "../../fixtures/deployed.js";
import { contextFor, memberWallet } from "../../fixtures/oracle-round.js";
import { openRound } from "../../fixtures/rounds.js";
import { until } from "../../fixtures/watcher.js";

describe("watch: the loop", () => {
  let d: Deployed;
  let metrics: Metrics;
  let lines: string[];
  let stop: AbortController;

  beforeEach(async () => {
    d = await networkHelpers.loadFixture(deployed);
    metrics = makeMetrics({ version: "1", network: "test", chainId: 31337n, account: "0xAA" });
    lines = [];
    stop = new AbortController();
  });

  const make = (provider: Provider): Watch => {
    const log = { ...silentLog, info: (line: string) => lines.push(line), warn: (line: string) => lines.push(line) };
    return makeWatch(contextFor(d, memberWallet(d, 0, provider), provider) as SigningContext, {
      rounds: tmpdir(),
      sending: {},
      acting: true,
      patient: true,
      interval: 1,
      signal: stop.signal,
      logOf: () => log,
      metrics,
    });
  };
  const shown = async (line: RegExp) => line.test(await metrics.registry.metrics());

  it("goes on looking where the node does not answer, and ends when told", async () => {
    const provider = new RpcProvider(["http://127.0.0.1:9"], 31337n, { rounds: 1 });
    const watch = make(provider);
    const ended = watch.run();
    await until("a third failure", () => shown(/errors_total\{kind="rpc"\} [3-9]/));
    stop.abort();
    await ended;
    provider.destroy();
    expect(watch.health.unanswered()).to.equal(undefined);
    expect(watch.health.idle()).to.be.lessThan(5);
    expect(lines.join()).to.contain("RPC: found http://127.0.0.1:9: no answer");
  });

  it("says once where a round stands, and is healthy after a look", async () => {
    await openRound(d);
    const watch = make(ethers.provider);
    const ended = watch.run();
    await until("a look", () => shown(/rounds\{stage="open"\} 1/));
    const looked = async () => Number(/success_timestamp_seconds ([\d.]+)/.exec(await metrics.registry.metrics())?.[1]);
    const first = await looked();
    await until("another look", async () => (await looked()) > first);
    stop.abort();
    await ended;
    expect(watch.health.unanswered()).to.be.lessThan(5);
    expect(lines.map((line) => line.split(",")[0])).to.deep.equal(["open: the round is open"]);
  });
});
