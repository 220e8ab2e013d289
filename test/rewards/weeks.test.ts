import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";
import { ZeroHash, parseEther } from "ethers";

import type { Context } from "../../scripts/chain/context.js";
import { activate } from "../../scripts/rewards/activate.js";
import { approve } from "../../scripts/rewards/approve.js";
import { claim } from "../../scripts/rewards/claim.js";
import { plan, type PlanResult } from "../../scripts/rewards/plan.js";
import { propose } from "../../scripts/rewards/propose.js";
import { status } from "../../scripts/rewards/status.js";
import { verify } from "../../scripts/rewards/verify.js";
import { readWeek } from "../../scripts/rewards/week-file.js";
import { rewardsTree } from "../../sdk/rewards-tree.js";
import { deployed, networkHelpers, type Deployed } from "../fixtures/deployed.js";
import { failure } from "../fixtures/failure.js";
import { contextFor, memberWallet } from "../fixtures/oracle-round.js";
import { people } from "../fixtures/people.js";
import { CHALLENGE_PERIOD, PROPOSAL_LIFETIME, WEEK, propose as proposeOnChain } from "../fixtures/rewards.js";
import { entry, season, settleWith } from "../fixtures/season.js";

interface Operator extends Deployed {
  folder: string;
  /** The first and the second member's. */
  first: Context;
  second: Context;
  /** With no key. */
  reader: Context;
}

/** A week file, open to an editor. */
interface EditedWeek {
  payouts: [account: string, amount: string][];
  earned: [account: string, amount: string][];
  reputation: [modelId: string, account: string, reputation: string][];
  leaderboard: { competitors: [account: string, rank: number | null, logloss: string | null][] };
  previous: { root: string; allocated: string };
  root: string;
}

/** The suite, once the first week is over. */
async function operator(): Promise<Deployed> {
  const d = await deployed();
  await networkHelpers.time.increase(WEEK);
  return d;
}

/** The same with two models that have a reputation, one of them paid elsewhere. */
async function afterRounds(): Promise<Deployed> {
  const s = await season();
  await settleWith(s, [entry(1n), entry(2n)]);
  await settleWith(s, [entry(1n), entry(3n, { confidence: parseEther("100") })]);
  await s.tournament.connect(s.owners[1]).setPayee(2n, s.stranger);
  return s;
}

describe("Weeks of rewards", () => {
  let folder: string;

  /** The chain after a week, a folder of its own, and who works with both. */
  const begin = async (fixture: () => Promise<Deployed> = operator): Promise<Operator> => {
    const d = await networkHelpers.loadFixture(fixture);
    return {
      ...d,
      folder,
      first: contextFor(d, memberWallet(d, 0)),
      second: contextFor(d, memberWallet(d, 1)),
      reader: contextFor(d),
    };
  };
  const file = (name: string): string => path.join(folder, name);
  const rank = async (...accounts: { address: string }[]): Promise<string> => {
    const rows = accounts.map(({ address }, i) => `${address},${i + 1}`);
    await writeFile(file("leaderboard.csv"), ["account,rank", ...rows].join("\n"));
    return file("leaderboard.csv");
  };
  const planWeek = async (o: Operator, week: number, ...accounts: { address: string }[]): Promise<PlanResult> =>
    plan(o.reader, {
      leaderboard: await rank(...accounts),
      previous: file(`${week - 1}.json`),
      out: file(`${week}.json`),
    });
  const optionsFor = (week: number) => ({ plan: file(`${week}.json`), previous: file(`${week - 1}.json`) });
  const playWeek = async (o: Operator, week: number, ...accounts: { address: string }[]): Promise<void> => {
    await planWeek(o, week, ...accounts);
    await propose(o.first, optionsFor(week));
    await approve(o.second, optionsFor(week));
    await networkHelpers.time.increase(CHALLENGE_PERIOD);
    await activate(o.first, {});
  };
  /** Changes a week file as somebody with an editor would. */
  const edit = async (week: number, change: (edited: EditedWeek) => void): Promise<void> => {
    const before = await readFile(file(`${week}.json`), "utf8");
    const edited = JSON.parse(before) as EditedWeek;
    change(edited);
    await writeFile(file(`${week}.json`), JSON.stringify(edited));
  };

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "numeraire-"));
    await mkdir(folder, { recursive: true });
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("go from leaderboard to payment, week by week, and verify at every step", async () => {
    const o = await begin();
    const { alice, bob, carol, dave } = people(o);
    const planned = await planWeek(o, 1, alice, bob);
    expect(planned.file.added).to.equal(parseEther("250"));
    expect((await verify(o.reader, optionsFor(1))).ok).to.equal(true);

    const proposed = await propose(o.first, { ...optionsFor(1), evidenceURI: "ipfs://week-1" });
    expect([proposed.proposalId, proposed.approvals, proposed.quorum]).to.deep.equal([1n, 1n, 2n]);
    expect((await o.rewards.getProposal(1n)).evidenceHash).to.equal(planned.sha256);
    expect((await status(o.reader)).next).to.equal("week 1: verify and approve proposal 1, members");
    const approved = await approve(o.second, { ...optionsFor(1), leaderboard: file("leaderboard.csv") });
    expect(approved.approvals).to.equal(2n);
    expect((await status(o.reader)).next).to.match(/^week 1: activate proposal 1, anybody, from /);
    await networkHelpers.time.increase(CHALLENGE_PERIOD);
    expect((await activate(o.first, {})).allocated).to.equal(parseEther("250"));
    expect((await status(o.reader)).next).to.match(/^week 2: plan and propose it, a member, from /);

    const paid = await claim(o.first, { plan: file("1.json"), accounts: [alice.address] });
    expect([...paid.due]).to.deep.equal([[alice.address, parseEther("150")]]);
    await networkHelpers.time.increase(WEEK);
    await playWeek(o, 2, carol, alice, dave);
    const everybody = await claim(o.first, { plan: file("2.json") });
    expect([...everybody.due.keys()]).to.have.members([alice, bob, carol, dave].map(({ address }) => address));
    expect(everybody.sent.length).to.equal(1);
    const balances = await Promise.all([alice, bob, carol, dave].map((one) => o.nmr.balanceOf(one)));
    expect(balances).to.deep.equal(["250", "100", "150", "75"].map((nmr) => parseEther(nmr)));
    expect(await o.nmr.balanceOf(o.rewards)).to.equal(0n);
    for (const week of [1, 2]) {
      const { ok, differences } = await verify(o.reader, optionsFor(week));
      expect(differences).to.deep.equal([]);
      expect(ok).to.equal(true);
    }
  });

  it("are the same bytes whoever plans them", async () => {
    const o = await begin();
    const { alice, bob } = people(o);
    const { sha256 } = await planWeek(o, 1, alice, bob);
    const before = await readFile(file("1.json"), "utf8");
    expect((await planWeek(o, 1, alice, bob)).sha256).to.equal(sha256);
    expect(await readFile(file("1.json"), "utf8")).to.equal(before);
    expect((await readWeek(file("1.json"))).sha256).to.equal(sha256);
  });

  it("need nothing the second time: no step is sent again", async () => {
    const o = await begin();
    const { alice, bob } = people(o);
    await playWeek(o, 1, alice, bob);
    await claim(o.first, { plan: file("1.json") });
    const height = await o.first.provider.getBlockNumber();
    expect((await activate(o.first, { proposalId: 1n })).sent).to.equal(undefined);
    expect((await approve(o.second, optionsFor(1))).sent).to.equal(undefined);
    expect((await claim(o.first, { plan: file("1.json") })).sent).to.deep.equal([]);
    expect(await o.first.provider.getBlockNumber()).to.equal(height);
  });

  it("continue a proposal that was not approved yet, and propose anew what was vetoed or expired", async () => {
    const o = await begin();
    const { file: week, sha256 } = await planWeek(o, 1, people(o).alice);
    await o.rewards.connect(o.members[0]).proposeWeek(1n, week.root, week.added, sha256, "");
    const continued = await propose(o.first, optionsFor(1));
    expect([continued.proposalId, continued.sent.length]).to.deep.equal([1n, 1]);
    expect((await propose(o.first, optionsFor(1))).sent).to.deep.equal([]);
    await o.rewards.connect(o.guardian).vetoWeek("look again");
    expect((await propose(o.first, optionsFor(1))).proposalId).to.equal(2n);
    await networkHelpers.time.increase(PROPOSAL_LIFETIME + 1);
    expect((await propose(o.first, optionsFor(1))).proposalId).to.equal(3n);
  });

  describe("plan", () => {
    it("waits until the week is over", async () => {
      const o = await begin(deployed);
      const refused = await failure(planWeek(o, 1, people(o).alice));
      expect(refused.message).to.match(/^week 1: found block \d+ of .*, expected one from .*, when the week is over$/);
      expect(refused.exitCode).to.equal(2);
    });

    it("refuses more than the budget, and a week in which nobody earns anything", async () => {
      const o = await begin();
      await o.rewards.connect(o.deployer).setWeeklyBudget(parseEther("149"));
      expect((await failure(planWeek(o, 1, people(o).alice))).message).to.equal(
        "week 1: found payouts of 150 NMR, expected at most the weekly budget of 149 NMR",
      );
      await writeFile(file("rule.json"), '{"equal": "100", "benchmark": "0.5"}');
      await writeFile(file("losses.csv"), `account,live_logloss\n${people(o).alice.address},0.6\n`);
      const nobody = plan(o.reader, { leaderboard: file("losses.csv"), rule: file("rule.json"), out: file("1.json") });
      expect((await failure(nobody)).message).to.equal("week 1: found nobody to pay, expected at least one account");
      const unmeasured = plan(o.reader, { leaderboard: await rank(people(o).alice), rule: file("rule.json") });
      expect((await failure(unmeasured)).message).to.contain("found no column live_logloss, expected it");
    });

    it("builds on the live week alone: not on another file, nor on one that was edited", async () => {
      const o = await begin();
      const { alice, bob } = people(o);
      await playWeek(o, 1, alice, bob);
      await networkHelpers.time.increase(WEEK);
      await edit(1, ({ earned: [first] }) => {
        if (first !== undefined) first[1] = "1";
      });
      const { message } = await failure(planWeek(o, 2, bob));
      expect(message).to.match(
        /^week 2: the file of the week before is not the live week's: root of the week before: /,
      );
      await rm(file("1.json"));
      expect((await failure(planWeek(o, 2, bob))).message).to.contain("1.json: found no readable file");
    });
  });

  describe("a tree that breaks a promise is refused by propose, approve and verify", () => {
    /** Weeks 1 (live) and 2 (planned), the second one to be broken. */
    const broken = async (change: (edited: EditedWeek, o: Operator) => void): Promise<Operator> => {
      const o = await begin();
      const { alice, bob, carol } = people(o);
      await playWeek(o, 1, alice, bob);
      await networkHelpers.time.increase(WEEK);
      await planWeek(o, 2, carol);
      await edit(2, (edited) => {
        change(edited, o);
      });
      return o;
    };
    const raise = (pairs: EditedWeek["earned"], account: { address: string }, nmr: string): void => {
      for (const pair of pairs) {
        if (pair[0] === account.address)
          pair[1] = (BigInt(pair[1]) + parseEther(nmr.replace("-", "")) * (nmr.startsWith("-") ? -1n : 1n)).toString();
      }
    };
    const expectRefused = async (o: Operator, ...messages: string[]): Promise<void> => {
      const { ok, differences } = await verify(o.reader, optionsFor(2));
      expect(ok).to.equal(false);
      const found = differences.map(({ what, found: is, expected }) => `${what}: ${is}, ${expected}`);
      for (const message of messages) expect(found.join("\n")).to.contain(message);
      // The file's own proposal makes it no better.
      const { file: week, sha256 } = await readWeek(file("2.json"));
      await o.rewards.connect(o.members[0]).proposeWeek(2n, week.root, week.added, sha256, "");
      for (const step of [() => propose(o.first, optionsFor(2)), () => approve(o.second, optionsFor(2))]) {
        const refused = await failure(step());
        expect(refused.exitCode).to.equal(2);
        expect(refused.message).to.match(/^week 2: found \d+ differences?, expected none; nothing was sent:/);
      }
      expect(await o.committee.approvals(await o.rewards.reportHash(2n))).to.equal(0n);
    };

    it("when an account's sum falls, though the leaves sum to what is allocated", async () => {
      const o = await broken(({ earned }, d) => {
        raise(earned, people(d).alice, "-1");
        raise(earned, people(d).carol, "1");
      });
      const { alice } = people(o);
      await expectRefused(
        o,
        `${alice.address}: earned, which cannot fall: 149 NMR, 150 NMR`,
        "earned: 151 NMR, 150 NMR",
      );
    });

    it("when an account is dropped", async () => {
      const o = await broken((edited, d) => {
        edited.earned = edited.earned.filter(([account]) => account !== people(d).alice.address);
      });
      await expectRefused(o, `${people(o).alice.address}: dropped, to stay in the tree`);
    });

    it("when the leaves sum to more than is allocated and added", async () => {
      const o = await broken(({ earned }, d) => {
        raise(earned, people(d).bob, "1");
      });
      await expectRefused(o, "sum of the leaves: 401 NMR, 400 NMR");
    });

    it("when somebody is paid otherwise than by leaderboard and rule", async () => {
      const o = await broken(({ earned, payouts }, d) => {
        raise(earned, people(d).carol, "1");
        raise(payouts, people(d).carol, "1");
      });
      await expectRefused(o, "payout: 151 NMR, 150 NMR", "NMR the week adds: 150 NMR, 151 NMR");
    });
  });

  it("approve nothing that is not proposed, and no rival's proposal", async () => {
    const o = await begin();
    const { alice } = people(o);
    await planWeek(o, 1, alice);
    const unproposed = await failure(approve(o.second, optionsFor(1)));
    expect(unproposed.message).to.equal("week 1: found no open proposal of this file");
    await proposeOnChain(o, { added: 1n });
    const rival = await failure(approve(o.second, optionsFor(1)));
    expect(rival.message).to.contain("proposal 1: NMR added: found 0.000000000000000001 NMR, expected 150 NMR");
    expect((await verify(o.reader, optionsFor(1))).ok).to.equal(false);
    // The honest proposal stands beside it.
    expect((await propose(o.first, optionsFor(1))).proposalId).to.equal(2n);
    expect((await approve(o.second, optionsFor(1))).proposalId).to.equal(2n);
    const other = await failure(approve(o.second, { ...optionsFor(1), proposalId: 1n }));
    expect(other.message).to.equal("week 1: found no open proposal numbered 1 of this file");
  });

  it("refuse a week built on another than the chain's, however well the files agree", async () => {
    const o = await begin();
    const { alice, bob, carol } = people(o);
    await playWeek(o, 1, alice, bob);
    await networkHelpers.time.increase(WEEK);
    await planWeek(o, 2, carol);
    const before: [string, string][] = [[bob.address, parseEther("250").toString()]];
    const rootOf = (earned: [string, string][]): string =>
      rewardsTree(new Map(earned.map(([account, amount]) => [account, BigInt(amount)]))).root;
    await edit(1, (forged) => {
      Object.assign(forged, { earned: before, payouts: before, root: rootOf(before) });
    });
    await edit(2, (forged) => {
      forged.earned = [...before, ...forged.payouts];
      forged.previous.root = rootOf(before);
      forged.root = rootOf(forged.earned);
    });
    const { differences } = await verify(o.reader, optionsFor(2));
    expect(differences.map(({ what }) => what)).to.deep.equal(["root that was live"]);
  });

  it("refuse a competitor or a model that the file names twice: it would be paid twice", async () => {
    const o = await begin(afterRounds);
    const { alice, bob } = people(o);
    await planWeek(o, 1, alice, bob);
    const twice = async (change: (edited: EditedWeek) => void): Promise<void> => {
      const whole = await readFile(file("1.json"), "utf8");
      await edit(1, change);
      expect((await failure(verify(o.reader, optionsFor(1)))).message).to.contain("named twice");
      await writeFile(file("1.json"), whole);
    };
    await twice(({ leaderboard: { competitors } }) => {
      competitors.push([alice.address, 3, null]);
    });
    await twice(({ reputation }) => {
      reputation.push(["1", alice.address, "1"], ["1", alice.address, "1"]);
    });
  });

  it("compare a member's own leaderboard with the file's", async () => {
    const o = await begin();
    const { alice, bob } = people(o);
    await planWeek(o, 1, alice, bob);
    await propose(o.first, optionsFor(1));
    const own = { ...optionsFor(1), leaderboard: await rank(bob, alice) };
    const refused = await failure(approve(o.second, own));
    expect(refused.message).to.contain(`${alice.address}: leaderboard: found rank 1, log-loss - e-18, expected rank 2`);
  });

  describe("activate", () => {
    it("waits for approvals and for the challenge period, and knows what became of a proposal", async () => {
      const o = await begin();
      expect((await failure(activate(o.first, {}))).message).to.equal("week 1: found no open proposal, expected one");
      await planWeek(o, 1, people(o).alice);
      await propose(o.first, optionsFor(1));
      const waiting = await failure(activate(o.first, {}));
      expect([waiting.message, waiting.exitCode]).to.deep.equal(["proposal 1: found 1 approvals, expected 2", 2]);
      await approve(o.second, optionsFor(1));
      expect((await failure(activate(o.first, {}))).message).to.match(
        /^proposal 1: found the challenge period running/,
      );
      await o.rewards.connect(o.guardian).vetoWeek("wrong");
      expect((await failure(activate(o.first, { proposalId: 1n }))).message).to.equal(
        "proposal 1: found it vetoed by the guardian, expected it ready to be activated",
      );
      await networkHelpers.time.increase(PROPOSAL_LIFETIME);
      await playWeek(o, 1, people(o).alice);
      expect((await failure(activate(o.first, { proposalId: 1n }))).message).to.contain(
        "another one live for its week",
      );
    });
  });

  describe("claim", () => {
    it("needs the file of the live week, and accounts that are in it", async () => {
      const o = await begin();
      const { alice, bob } = people(o);
      const { file: week } = await planWeek(o, 1, alice);
      const early = await failure(claim(o.first, { plan: file("1.json") }));
      expect(early.message).to.contain(`found root ${week.root} of week 1, expected ${ZeroHash} of the live week 0`);
      await playWeek(o, 1, alice);
      const stranger = await failure(claim(o.first, { plan: file("1.json"), accounts: [bob.address] }));
      expect(stranger.message).to.contain("found no reward in the week file");
    });
  });

  it("pay for reputation by what the chain says, and refuse another", async () => {
    const o = await begin(afterRounds);
    const { alice } = people(o);
    await writeFile(file("rule.json"), '{"schedule": [{"from": 1, "to": 1, "amount": "1"}], "reputation": "90"}');
    const options = { leaderboard: await rank(alice), rule: file("rule.json"), out: file("1.json") };
    const { file: week } = await plan(o.reader, options);
    const reputed = await Promise.all(
      week.reputation.map(async ({ modelId, account, reputation }) => {
        expect(await o.tournament.reputationOf(modelId)).to.equal(reputation);
        expect(await o.tournament.payeeOf(modelId)).to.equal(account);
        return reputation;
      }),
    );
    expect(reputed.length).to.be.greaterThan(1);
    const points = reputed.reduce((sum, one) => sum + one);
    for (const { account, reputation } of week.reputation) {
      const due = (parseEther("90") * reputation) / points + (account === alice.address ? parseEther("1") : 0n);
      expect(week.payouts.get(account)).to.equal(due);
    }
    expect((await verify(o.reader, optionsFor(1))).ok).to.equal(true);
    const [model] = week.reputation;
    await edit(1, ({ reputation: [first] }) => {
      if (first !== undefined) first[1] = o.treasury.address;
    });
    const { differences } = await verify(o.reader, optionsFor(1));
    expect(differences.map(({ what }) => what)).to.include(`model ${String(model?.modelId)}: reputation`);
  });
});
