import { once } from "node:events";
import path from "node:path";

import { expect } from "chai";

import { readDeployment } from "../../scripts/chain/deployments.js";
import type { DeployResult } from "../../scripts/deploy/deploy.js";
import type { networks } from "../../scripts/chain/networks.js";
import { CONTRACT_NAMES } from "../../sdk/contracts.js";
import { AccessManager__factory } from "../../typechain-types/index.js";
import { asks, startFaultyProxy, type FaultyProxy } from "../fixtures/faulty-proxy.js";
import { DEPLOYER, startPublicNetwork, type PublicNetwork } from "../fixtures/public-deploy.js";
import { seededRandom } from "../fixtures/round-files.js";
import { programFile } from "../fixtures/run-program.js";
import { startTypescript } from "../fixtures/typescript-process.js";

/** When a run is killed: around its n-th request, or its n-th broadcast; the node has got it or not. */
type KillPoint = { request: number; passedOn: boolean } | { broadcast: number; passedOn: boolean };

interface Ended {
  killed: boolean;
  code: number | null;
  stdout: string;
  stderr: string;
}

/** The nightly run kills it ten times. */
const KILLS = process.env["NUMERAIRE_DEEP"] === "1" ? 10 : 3;
/** More runs than could be needed for as many kills. */
const MOST_RUNS = 4 * KILLS;
const LABEL_ROLE = AccessManager__factory.createInterface().getFunction("labelRole").selector;

describe("the deploy, killed @long", function () {
  this.timeout(1_800_000);

  let at: PublicNetwork;
  let proxy: FaultyProxy;

  async function start(network: keyof typeof networks): Promise<void> {
    at = await startPublicNetwork(network);
    proxy = await startFaultyProxy(at.url);
  }
  afterEach(async () => {
    await proxy.stop();
    await at.stop();
  });

  /** Runs the program as an operator does, and kills it there; not at all when left out. */
  async function run(point?: KillPoint): Promise<Ended> {
    const child = startTypescript([programFile("deploy"), "--network", at.network, "--yes", "--json"], {
      cwd: at.folder,
      environment: { ...at.environment, NUMERAIRE_RPC_URL: proxy.url },
    });
    const exited = once(child, "close") as Promise<[number | null, string | null]>;
    const output = { stdout: "", stderr: "" };
    child.stdout.on("data", (data: Buffer) => (output.stdout += data.toString()));
    child.stderr.on("data", (data: Buffer) => (output.stderr += data.toString()));
    let killed = false;
    let requests = 0;
    let broadcasts = 0;
    const kill = async (): Promise<void> => {
      killed = child.kill("SIGKILL") || killed;
      await exited;
    };
    proxy.fault = async (passing) => {
      const sends = asks(passing, "eth_sendRawTransaction") || asks(passing, "eth_sendTransaction");
      requests += 1;
      if (sends) broadcasts += 1;
      if (point === undefined || killed) return undefined;
      const here = "request" in point ? requests === point.request : sends && broadcasts === point.broadcast;
      if (!here) return undefined;
      if (point.passedOn) return { passedOn: kill, reply: "close" };
      await kill();
      return { forward: 0, reply: "close" };
    };
    const [code] = await exited;
    return { killed, code, ...output };
  }

  /** Lets a run come to its end, and checks that nothing was done twice and nothing is missing. */
  async function expectWhole(): Promise<void> {
    const last = await run();
    expect(last.code, last.stderr).to.equal(0);
    const { contracts } = JSON.parse(last.stdout) as DeployResult;
    const transactions = await at.transactions();
    expect(transactions.flatMap(({ created }) => created ?? [])).to.have.members(Object.values(contracts));
    expect(Object.keys(contracts)).to.include.members(Object.values(CONTRACT_NAMES));
    // The name of a role is an event alone: who is killed between name and grant says it once more.
    // So does what was left of a run: a transaction of nothing takes its nonce, and the step is decided on anew.
    const others = transactions
      .filter(({ data }) => data !== "0x" && !data.startsWith(LABEL_ROLE))
      .map(({ data }) => data);
    expect(new Set(others).size).to.equal(others.length);
    expect(await at.provider.getTransactionCount(DEPLOYER.address, "pending")).to.equal(transactions.length);
    const { addresses } = await readDeployment(at.network, path.join(at.folder, "deployments"));
    expect(addresses.tournament).to.equal(contracts["StakingTournament"]);
    const again = await run();
    expect((JSON.parse(again.stdout) as DeployResult).sent, again.stderr).to.deep.equal([]);
  }

  it(`${KILLS} times at random, with a key: the next run finishes, and nothing is deployed twice`, async () => {
    await start("arbitrum-sepolia");
    const seed = Number(process.env["NUMERAIRE_SEED"] ?? Date.now() % 2 ** 30);
    const random = seededRandom(seed);
    const upTo = (limit: number) => 1 + Math.floor(random() * limit);
    const points: KillPoint[] = [];
    let kills = 0;
    while (kills < KILLS) {
      const passedOn = random() < 0.5;
      const point = random() < 0.6 ? { broadcast: upTo(2), passedOn } : { request: upTo(60), passedOn };
      points.push(point);
      expect(points.length, `seed ${seed}`).to.be.at.most(MOST_RUNS);
      const ended = await run(point);
      if (ended.killed) kills += 1;
      else expect(ended.code, `seed ${seed}, ${JSON.stringify(points)}: ${ended.stderr}`).to.equal(0);
    }
    await expectWhole();
  });

  it("when the node has signed and sent, and nobody lives to hear the hash: the third run finishes", async () => {
    await start("localhost");
    for (const broadcast of [1, 3]) {
      expect((await run({ broadcast, passedOn: true })).killed).to.equal(true);
    }
    await expectWhole();
  });
});
