import { appendFile } from "node:fs/promises";
import path from "node:path";

import { expect } from "chai";

import { verify } from "../../../scripts/oracle/verify.js";
import { startFaultyProxy, type Fault, type FaultyProxy } from "../../fixtures/faulty-proxy.js";
import { startLocalDeployment, type LocalDeployment } from "../../fixtures/local-deployment.js";
import { seededRandom } from "../../fixtures/round-files.js";
import { STORIES, beginRounds, playRounds, type SoakRound, type SoakWorld, type Story } from "../../fixtures/soak.js";
import { startSeason } from "../../fixtures/tournament-season.js";
import { Watcher, until } from "../../fixtures/watcher.js";

const DEEP = process.env["NUMERAIRE_DEEP"] === "1";
/** Rounds that are open at once, and how often. */
const BATCHES: readonly (readonly Story[])[] = DEEP
  ? Array.from({ length: 10 }, (_, i) => [0, 1, 2, 3, 4].map((j) => STORIES[(i + j) % STORIES.length] ?? "plain"))
  : [["veto", "plain", "late"]];
const SEED = Number(process.env["NUMERAIRE_SEED"] ?? "2017");
/** How likely a machine dies at a tick, and how often at most: each start takes seconds. */
const DEATH = DEEP ? { chance: 0.03, most: Infinity } : { chance: 0.1, most: 2 };

/** What networks do to one request in ten. */
function fault(random: () => number): Fault | undefined {
  const chance = random();
  if (chance < 0.02) return { forward: 0, reply: "close" };
  if (chance < 0.04) return { reply: "close" };
  if (chance < 0.05) return { reply: { status: 429, headers: { "retry-after": "1" }, body: "slow down" }, forward: 0 };
  if (chance < 0.06) return { reply: { status: 429, body: "slow down" }, forward: 0 };
  if (chance < 0.07) return { reply: { status: 503, body: "<html>" }, forward: 0 };
  if (chance < 0.08) return { forward: 2 };
  if (chance < 0.1) return { delay: 300 * random() };
  return undefined;
}

describe(`watch through ${BATCHES.flat().length} rounds with faults (seed ${SEED}) @long`, function () {
  this.timeout(DEEP ? 1_800_000 : 120_000);

  let local: LocalDeployment;
  let proxy: FaultyProxy;
  let world: SoakWorld;
  let deaths = 0;
  const rounds: SoakRound[] = [];

  before(async () => {
    local = await startLocalDeployment();
    proxy = await startFaultyProxy(local.url);
    const season = await startSeason(local);
    const { member1, member2 } = local.accounts;
    const watchers = [await Watcher.make(local, member1, proxy.url), await Watcher.make(local, member2, proxy.url)];
    const members = [...(await local.suite.committee.members())];
    world = { season, members, watchers, random: seededRandom(SEED) };
  });

  after(async () => {
    for (const watcher of world.watchers) await watcher.end("SIGKILL");
    await proxy.stop();
    await local.stop();
  });

  it("goes on unattended to the last settlement", async () => {
    const random = seededRandom(SEED + 1);
    for (const watcher of world.watchers) watcher.start();
    proxy.fault = () => fault(random);
    for (const stories of BATCHES) {
      const begun = await beginRounds(world, stories);
      rounds.push(...begun);
      const played = playRounds(world, begun, async () => {
        const watcher = world.watchers[Math.floor(random() * world.watchers.length)];
        // The first time in any case: a short run could else be over without a death.
        const dies = random() < DEATH.chance || deaths === 0;
        if (watcher === undefined || deaths >= DEATH.most || !dies) return;
        await watcher.end("SIGKILL");
        watcher.start();
        deaths += 1;
      });
      await played.catch((cause: unknown) => {
        const logs = world.watchers.map(({ log }) => log.split("\n").slice(-30).join("\n"));
        throw new Error(`${String(cause)}; last lines of the logs:\n${logs.join("\n---\n")}`, { cause });
      });
    }
  });

  it("killed machines now and then", () => {
    expect(deaths).to.be.greaterThan(DEEP ? 20 : 0);
  });

  for (const [index, story] of BATCHES.flat().entries()) {
    it(`verifies round ${index + 1} (${story}), with no attempt left but those vetoed`, async () => {
      const round = rounds[index];
      if (round === undefined) throw new Error("was not played");
      const { roundId, scores, vetoes } = round;
      const { round: state, attempts } = await world.season.look(roundId);
      expect(state.status).to.equal(story === "empty" ? "Void" : "Resolved");
      expect(attempts.filter(({ vetoed }) => vetoed)).to.have.length(vetoes);
      expect(attempts).to.have.length(vetoes + (story === "empty" ? 0 : 1));
      const scoreFile = path.join(local.folder, `right-${roundId.toString()}.csv`);
      await appendFile(scoreFile, scores);
      const request = story === "empty" ? { roundId } : { roundId, scoreFile };
      const { differences } = await verify(world.season.context, request);
      expect(differences).to.deep.equal([]);
    });
  }

  it("left no transaction pending and no gap", async () => {
    for (const { account } of world.watchers) {
      const [latest, pending] = await Promise.all([
        local.provider.getTransactionCount(account, "latest"),
        local.provider.getTransactionCount(account, "pending"),
      ]);
      expect(pending).to.equal(latest);
    }
  });

  it("shows it all in the metrics", async () => {
    proxy.fault = () => undefined;
    const done = 'numeraire_rounds{stage="done"}';
    for (const watcher of world.watchers) {
      const balance = Number(await local.provider.getBalance(watcher.account)) / 1e18;
      await until("all done, and the last cost told", async () => {
        const told = await watcher.metrics();
        return told.get(done) === rounds.length && told.get("numeraire_account_balance_ether") === balance;
      });
      const metrics = await watcher.metrics();
      for (const [name, value] of metrics) {
        if (name.startsWith("numeraire_attention")) expect(value, name).to.equal(0);
        expect(name).not.to.match(/^numeraire_round_/);
      }
      expect(metrics.get("numeraire_account_needed_ether")).to.equal(0);
      expect(metrics.get('numeraire_watch_errors_total{kind="unexpected"}')).to.equal(0);
      expect(metrics.get("process_resident_memory_bytes")).to.be.lessThan(512 * 2 ** 20);
      expect((await watcher.get("/readyz"))?.status).to.equal(200);
    }
  });

  it("never said a key, and stops when told", async () => {
    for (const watcher of world.watchers) {
      expect(await watcher.end("SIGTERM")).to.deep.equal({ code: 0, signal: null });
      const key = watcher.environment["NUMERAIRE_PRIVATE_KEY"]?.slice(2) ?? "";
      expect(key).to.have.length(64);
      expect(watcher.log.toLowerCase()).not.to.contain(key);
    }
  });
});
