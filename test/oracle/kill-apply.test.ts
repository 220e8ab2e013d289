import { once } from "node:events";
import { mkdtemp, readFile, readdir } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { expect } from "chai";

import type { Context } from "../../scripts/chain/context.js";
import type { JournalEntry } from "../../scripts/chain/journal.js";
import { plan } from "../../scripts/oracle/plan.js";
import type { Plan } from "../../scripts/oracle/plan-file.js";
import { verify } from "../../scripts/oracle/verify.js";
import { silentLog } from "../../scripts/terminal/log.js";
import { TWO_CHUNKS, chunkedRound } from "../fixtures/chunked-round.js";
import { asks, startFaultyProxy, type FaultyProxy } from "../fixtures/faulty-proxy.js";
import { developmentWallet, startLocalDeployment, type LocalDeployment } from "../fixtures/local-deployment.js";
import { seededRandom } from "../fixtures/round-files.js";
import { DAY } from "../fixtures/rounds.js";
import { startTypescript } from "../fixtures/typescript-process.js";

/** When a run is killed: around its n-th request, its n-th broadcast, or after so many milliseconds. */
type KillPoint = { request: number; passedOn: boolean } | { broadcast: number; passedOn: boolean } | { after: number };

interface Ended {
  killed: boolean;
  code: number | null;
  stderr: string;
}

const DEEP = process.env["NUMERAIRE_DEEP"] === "1";
const KILLS = 104;
const MAIN = fileURLToPath(new URL("../../scripts/oracle/main.ts", import.meta.url));
/** Begin, two chunks, approve. */
const TRANSACTIONS = 4;
/** Milliseconds a block; transactions stay pending for a while, as they do on real chains. */
const BLOCK_TIME = 150;

describe("apply, killed @long", function () {
  this.timeout(240_000);

  let local: LocalDeployment;
  let proxy: FaultyProxy;
  let context: Context;
  let made: Plan;
  let planPath: string;
  let scoreFile: string;
  let snapshot: unknown;

  before(async () => {
    local = await startLocalDeployment();
    proxy = await startFaultyProxy(local.url);
    const round = await chunkedRound(local);
    scoreFile = round.scoreFile;
    planPath = path.join(local.folder, "plan.json");
    // No provider that refuses to go back in time: every series begins with the same snapshot.
    const { provider, suite } = local;
    context = { provider, suite, chainId: 31337n, network: "test", log: silentLog, fromBlock: 0, confirmations: 0 };
    made = (await plan(context, { roundId: round.roundId, scoreFile, out: planPath })).plan;
    snapshot = await local.provider.send("evm_snapshot", []);
  });
  after(async () => {
    await proxy.stop();
    await local.stop();
  });

  beforeEach(async () => {
    await local.provider.send("evm_setAutomine", [false]);
    await local.provider.send("evm_setIntervalMining", [BLOCK_TIME]);
  });
  afterEach(rewind);

  /** Back to the closed round, with no transaction pending. */
  async function rewind(): Promise<void> {
    await local.provider.send("evm_setIntervalMining", [0]);
    await local.provider.send("evm_setAutomine", [true]);
    await local.provider.send("evm_revert", [snapshot]);
    snapshot = await local.provider.send("evm_snapshot", []);
  }

  /** Runs apply as an operator does, and kills it there; not at all when left out. */
  async function run(stateFolder: string, at?: KillPoint): Promise<Ended> {
    const child = startTypescript([MAIN, "apply", "--plan", planPath, "--yes", "--json"], {
      cwd: local.folder,
      environment: {
        NUMERAIRE_RPC_URL: proxy.url,
        NUMERAIRE_STATE_DIR: stateFolder,
        NUMERAIRE_PRIVATE_KEY: developmentWallet(local.accounts.member1).privateKey,
      },
    });
    const exited = once(child, "exit") as Promise<[number | null, string | null]>;
    let killed = false;
    const kill = async (): Promise<void> => {
      killed = child.kill("SIGKILL") || killed;
      await exited;
    };
    let stderr = "";
    child.stderr.on("data", (data: Buffer) => (stderr += data.toString()));
    let requests = 0;
    let broadcasts = 0;
    proxy.fault = async (passing) => {
      requests += 1;
      if (asks(passing, "eth_sendRawTransaction")) broadcasts += 1;
      if (at === undefined || "after" in at || killed) return undefined;
      const here =
        "request" in at
          ? requests === at.request
          : asks(passing, "eth_sendRawTransaction") && broadcasts === at.broadcast;
      if (!here) return undefined;
      if (at.passedOn) return { passedOn: kill, reply: "close" };
      await kill();
      return { forward: 0, reply: "close" };
    };
    const timer = at !== undefined && "after" in at ? setTimeout(() => void kill(), at.after) : undefined;
    const [code] = await exited;
    clearTimeout(timer);
    return { killed, code, stderr };
  }

  /** Kills one run after another, then lets one come to its end, and checks what is on the chain. */
  async function playSeries(points: readonly KillPoint[]): Promise<number> {
    const stateFolder = await mkdtemp(path.join(local.folder, "state-"));
    const before = await local.provider.getTransactionCount(local.accounts.member1);
    let kills = 0;
    for (const point of points) {
      const ended = await run(stateFolder, point);
      if (ended.killed) kills += 1;
      else expect(ended.code, ended.stderr).to.equal(0);
    }
    const last = await run(stateFolder);
    expect(last.code, last.stderr).to.equal(0);
    await checkOutcome(stateFolder, before);
    return kills;
  }

  async function checkOutcome(stateFolder: string, before: number): Promise<void> {
    const { accounts, provider, suite } = local;
    const { tournament, committee } = suite;
    const { roundId } = made;
    // Nothing twice and no gap: as many nonces used as there are transactions, and none waiting.
    expect(await provider.getTransactionCount(accounts.member1)).to.equal(before + TRANSACTIONS);
    expect(await provider.getTransactionCount(accounts.member1, "pending")).to.equal(before + TRANSACTIONS);
    expect((await tournament.getRound(roundId)).attemptCount).to.equal(1n);
    const posts = await tournament.queryFilter(tournament.filters.ScoresPosted(roundId, 1n));
    expect(posts).to.have.length(made.chunks.length);
    const attempt = await tournament.getAttempt(roundId, 1);
    expect(attempt.scoredCount).to.equal(BigInt(TWO_CHUNKS));
    expect(attempt.scoresDigest).to.equal(made.scoresDigest);
    await checkJournal(stateFolder, before);

    await provider.send("evm_setIntervalMining", [0]);
    await provider.send("evm_setAutomine", [true]);
    const hash = await tournament.reportHash(roundId, 1);
    await (await committee.connect(await provider.getSigner(accounts.member2)).approve(hash)).wait();
    await local.passTime(DAY);
    await (await tournament.connect(await provider.getSigner(accounts.member2)).finalize(roundId, 1)).wait();
    const verified = await verify(context, { roundId, scoreFile });
    expect(verified.differences).to.deep.equal([]);
    expect((await tournament.getRound(roundId)).resolvedAttempt).to.equal(1n);
  }

  /** Each nonce was signed for one step; the last may have been seen mined by nobody who lived to write it down. */
  async function checkJournal(stateFolder: string, before: number): Promise<void> {
    const [file = ""] = (await readdir(stateFolder, { recursive: true })).filter((name) => name.endsWith(".jsonl"));
    const text = await readFile(path.join(stateFolder, file), "utf8");
    const entries = text.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line) as JournalEntry]));
    const nonces = Array.from({ length: TRANSACTIONS }, (_, i) => before + i);
    const of = (event: string) => [...new Set(entries.filter((one) => one.event === event).map(({ nonce }) => nonce))];
    expect(of("signed")).to.deep.equal(nonces);
    expect(of("mined").length).to.be.at.least(TRANSACTIONS - 1);
    expect(of("mined")).to.deep.equal(nonces.slice(0, of("mined").length));
    expect(of("superseded")).to.deep.equal([]);
    expect(new Set(entries.map(({ nonce, step }) => `${nonce} ${step}`)).size).to.equal(TRANSACTIONS);
  }

  it("around each of its broadcasts: every chunk once, one attempt, no gap, and the round verifies", async () => {
    // A run that resumes first broadcasts what the last one signed: so each transaction is killed before and after.
    const points = Array.from({ length: 2 * TRANSACTIONS }, (_, i) => ({ broadcast: 1, passedOn: i % 2 === 1 }));
    expect(await playSeries(points)).to.equal(points.length);
  });

  if (!DEEP) return;

  it(`at random requests and times, ${KILLS} times: the same`, async function () {
    this.timeout(3_600_000);
    const seed = Number(process.env["NUMERAIRE_SEED"] ?? Date.now() % 2 ** 30);
    const random = seededRandom(seed);
    const upTo = (limit: number) => 1 + Math.floor(random() * limit);
    const began = Date.now();
    const counted = await run(await mkdtemp(path.join(local.folder, "state-")));
    expect(counted.code, counted.stderr).to.equal(0);
    const whole = Date.now() - began;
    await rewind();

    let kills = 0;
    for (let series = 1; kills < KILLS; series += 1) {
      await local.provider.send("evm_setAutomine", [false]);
      await local.provider.send("evm_setIntervalMining", [BLOCK_TIME]);
      const points = Array.from({ length: 8 }, (): KillPoint => {
        const passedOn = random() < 0.5;
        const kind = random();
        if (kind < 0.4) return { after: upTo(whole) };
        return kind < 0.8 ? { request: upTo(60), passedOn } : { broadcast: upTo(2), passedOn };
      });
      console.log(`      seed ${seed}, series ${series}, ${kills} kills so far: ${JSON.stringify(points)}`);
      kills += await playSeries(points);
      await rewind();
    }
    console.log(`      seed ${seed}: ${kills} kills, nothing twice, no gap`);
  });
});
