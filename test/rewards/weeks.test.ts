import { readFile, rm, writeFile } from "node:fs/promises";

import { expect } from "chai";
import { ZeroHash, parseEther } from "ethers";

import { activate } from "../../scripts/rewards/activate.js";
import { approve } from "../../scripts/rewards/approve.js";
import { claim } from "../../scripts/rewards/claim.js";
import { plan } from "../../scripts/rewards/plan.js";
import { propose } from "../../scripts/rewards/propose.js";
import { status } from "../../scripts/rewards/status.js";
import { verify } from "../../scripts/rewards/verify.js";
import { readWeek } from "../../scripts/rewards/week-file.js";
import { deployed, networkHelpers } from "../fixtures/deployed.js";
import { failure } from "../fixtures/failure.js";
import { people } from "../fixtures/people.js";
import { openWeeks, type EditedWeek, type Operator, type Weeks } from "../fixtures/reward-weeks.js";
import { CHALLENGE_PERIOD, PROPOSAL_LIFETIME, WEEK, propose as proposeOnChain } from "../fixtures/rewards.js";

describe("Weeks of rewards", () => {
  let weeks: Weeks;

  beforeEach(async () => {
    weeks = await openWeeks();
  });
  afterEach(() => weeks.remove());

  it("go from leaderboard to payment, week by week, and verify at every step", async () => {
    const o = await weeks.begin();
    const { alice, bob, carol, dave } = people(o);
    const planned = await weeks.plan(o, 1, alice, bob);
    expect(planned.file.added).to.equal(parseEther("250"));
    expect((await verify(o.reader, weeks.of(1))).ok).to.equal(true);

    const proposed = await propose(o.first, { ...weeks.of(1), evidenceURI: "ipfs://week-1" });
    expect([proposed.proposalId, proposed.approvals, proposed.quorum]).to.deep.equal([1n, 1n, 2n]);
    expect((await o.rewards.getProposal(1n)).evidenceHash).to.equal(planned.sha256);
    expect((await status(o.reader)).next).to.equal("week 1: verify and approve proposal 1, members");
    const approved = await approve(o.second, weeks.ballot(1));
    expect(approved.approvals).to.equal(2n);
    expect((await status(o.reader)).next).to.match(/^week 1: activate proposal 1, anybody, from /);
    await networkHelpers.time.increase(CHALLENGE_PERIOD);
    expect((await activate(o.first, {})).allocated).to.equal(parseEther("250"));
    expect((await status(o.reader)).next).to.match(/^week 2: plan and propose it, a member, from /);

    const paid = await claim(o.first, { plan: weeks.file("1.json"), accounts: [alice.address] });
    expect([...paid.due]).to.deep.equal([[alice.address, parseEther("150")]]);
    await networkHelpers.time.increase(WEEK);
    await weeks.play(o, 2, carol, alice, dave);
    const everybody = await claim(o.first, { plan: weeks.file("2.json") });
    expect([...everybody.due.keys()]).to.have.members([alice, bob, carol, dave].map(({ address }) => address));
    expect(everybody.sent.length).to.equal(1);
    const balances = await Promise.all([alice, bob, carol, dave].map((one) => o.nmr.balanceOf(one)));
    expect(balances).to.deep.equal(["250", "100", "150", "75"].map((nmr) => parseEther(nmr)));
    expect(await o.nmr.balanceOf(o.rewards)).to.equal(0n);
    for (const week of [1, 2]) {
      const { ok, differences } = await verify(o.reader, weeks.of(week));
      expect(differences).to.deep.equal([]);
      expect(ok).to.equal(true);
    }
  });

  it("are the same bytes whoever plans them", async () => {
    const o = await weeks.begin();
    const { alice, bob } = people(o);
    const { sha256 } = await weeks.plan(o, 1, alice, bob);
    const before = await readFile(weeks.file("1.json"), "utf8");
    expect((await weeks.plan(o, 1, alice, bob)).sha256).to.equal(sha256);
    expect(await readFile(weeks.file("1.json"), "utf8")).to.equal(before);
    expect((await readWeek(weeks.file("1.json"))).sha256).to.equal(sha256);
  });

  it("need nothing the second time: no step is sent again", async () => {
    const o = await weeks.begin();
    const { alice, bob } = people(o);
    await weeks.play(o, 1, alice, bob);
    await claim(o.first, { plan: weeks.file("1.json") });
    const height = await o.first.provider.getBlockNumber();
    expect((await activate(o.first, { proposalId: 1n })).sent).to.equal(undefined);
    expect((await approve(o.second, weeks.ballot(1))).sent).to.equal(undefined);
    expect((await claim(o.first, { plan: weeks.file("1.json") })).sent).to.deep.equal([]);
    expect(await o.first.provider.getBlockNumber()).to.equal(height);
  });

  it("continue a proposal that was not approved yet, and propose anew what was vetoed or expired", async () => {
    const o = await weeks.begin();
    const { file: week, sha256 } = await weeks.plan(o, 1, people(o).alice);
    await o.rewards.connect(o.members[0]).proposeWeek(1n, week.root, week.added, sha256, "");
    const continued = await propose(o.first, weeks.of(1));
    expect([continued.proposalId, continued.sent.length]).to.deep.equal([1n, 1]);
    expect((await propose(o.first, weeks.of(1))).sent).to.deep.equal([]);
    await o.rewards.connect(o.guardian).vetoWeek("look again");
    expect((await propose(o.first, weeks.of(1))).proposalId).to.equal(2n);
    await networkHelpers.time.increase(PROPOSAL_LIFETIME + 1);
    expect((await propose(o.first, weeks.of(1))).proposalId).to.equal(3n);
  });

  describe("plan", () => {
    it("waits until the week is over", async () => {
      const o = await weeks.begin(deployed);
      const refused = await failure(weeks.plan(o, 1, people(o).alice));
      expect(refused.message).to.match(/^week 1: found block \d+ of .*, expected one from .*, when the week is over$/);
      expect(refused.exitCode).to.equal(2);
    });

    it("refuses more than the budget, and a week in which nobody earns anything", async () => {
      const o = await weeks.begin();
      await o.rewards.connect(o.deployer).setWeeklyBudget(parseEther("149"));
      expect((await failure(weeks.plan(o, 1, people(o).alice))).message).to.equal(
        "week 1: found payouts of 150 NMR, expected at most the weekly budget of 149 NMR",
      );
      await writeFile(weeks.file("rule.json"), '{"equal": "100", "benchmark": "0.5"}');
      await writeFile(weeks.file("losses.csv"), `account,live_logloss\n${people(o).alice.address},0.6\n`);
      const nobody = plan(o.reader, {
        leaderboard: weeks.file("losses.csv"),
        rule: weeks.file("rule.json"),
        out: weeks.file("1.json"),
      });
      expect((await failure(nobody)).message).to.equal("week 1: found nobody to pay, expected at least one account");
      const unmeasured = plan(o.reader, {
        leaderboard: await weeks.rank(people(o).alice),
        rule: weeks.file("rule.json"),
      });
      expect((await failure(unmeasured)).message).to.contain("found no column live_logloss, expected it");
    });

    it("builds on the live week alone: not on another file, nor on one that was edited", async () => {
      const o = await weeks.begin();
      const { alice, bob } = people(o);
      await weeks.play(o, 1, alice, bob);
      await networkHelpers.time.increase(WEEK);
      await weeks.edit(1, ({ earned: [first] }) => {
        if (first !== undefined) first[1] = "1";
      });
      const { message } = await failure(weeks.plan(o, 2, bob));
      expect(message).to.match(
        /^week 2: the file of the week before is not the live week's: root of the week before: /,
      );
      await rm(weeks.file("1.json"));
      expect((await failure(weeks.plan(o, 2, bob))).message).to.contain("1.json: found no readable file");
    });
  });

  describe("a tree that breaks a promise is refused by propose, approve and verify", () => {
    /** Weeks 1 (live) and 2 (planned), the second one to be broken. */
    const broken = async (change: (edited: EditedWeek, o: Operator) => void): Promise<Operator> => {
      const o = await weeks.begin();
      const { alice, bob, carol } = people(o);
      await weeks.play(o, 1, alice, bob);
      await networkHelpers.time.increase(WEEK);
      await weeks.plan(o, 2, carol);
      await weeks.edit(2, (edited) => {
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
      const { ok, differences } = await verify(o.reader, weeks.of(2));
      expect(ok).to.equal(false);
      const found = differences.map(({ what, found: is, expected }) => `${what}: ${is}, ${expected}`);
      for (const message of messages) expect(found.join("\n")).to.contain(message);
      // The file's own proposal makes it no better.
      const { file: week, sha256 } = await readWeek(weeks.file("2.json"));
      await o.rewards.connect(o.members[0]).proposeWeek(2n, week.root, week.added, sha256, "");
      for (const step of [() => propose(o.first, weeks.of(2)), () => approve(o.second, weeks.ballot(2))]) {
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
    const o = await weeks.begin();
    const { alice } = people(o);
    await weeks.plan(o, 1, alice);
    const unproposed = await failure(approve(o.second, weeks.ballot(1)));
    expect(unproposed.message).to.equal("week 1: found no open proposal of this file");
    await proposeOnChain(o, { added: 1n });
    const rival = await failure(approve(o.second, weeks.ballot(1)));
    expect(rival.message).to.contain("proposal 1: NMR added: found 0.000000000000000001 NMR, expected 150 NMR");
    expect((await verify(o.reader, weeks.of(1))).ok).to.equal(false);
    // The honest proposal stands beside it.
    expect((await propose(o.first, weeks.of(1))).proposalId).to.equal(2n);
    expect((await approve(o.second, weeks.ballot(1))).proposalId).to.equal(2n);
    const other = await failure(approve(o.second, { ...weeks.ballot(1), proposalId: 1n }));
    expect(other.message).to.equal("week 1: found no open proposal numbered 1 of this file");
  });

  describe("activate", () => {
    it("waits for approvals and for the challenge period, and knows what became of a proposal", async () => {
      const o = await weeks.begin();
      expect((await failure(activate(o.first, {}))).message).to.equal("week 1: found no open proposal, expected one");
      await weeks.plan(o, 1, people(o).alice);
      await propose(o.first, weeks.of(1));
      const waiting = await failure(activate(o.first, {}));
      expect([waiting.message, waiting.exitCode]).to.deep.equal(["proposal 1: found 1 approvals, expected 2", 2]);
      await approve(o.second, weeks.ballot(1));
      expect((await failure(activate(o.first, {}))).message).to.match(
        /^proposal 1: found the challenge period running/,
      );
      await o.rewards.connect(o.guardian).vetoWeek("wrong");
      expect((await failure(activate(o.first, { proposalId: 1n }))).message).to.equal(
        "proposal 1: found it vetoed by the guardian, expected it ready to be activated",
      );
      await networkHelpers.time.increase(PROPOSAL_LIFETIME);
      await weeks.play(o, 1, people(o).alice);
      expect((await failure(activate(o.first, { proposalId: 1n }))).message).to.contain(
        "another one live for its week",
      );
    });
  });

  describe("claim", () => {
    it("needs the file of the live week, and accounts that are in it", async () => {
      const o = await weeks.begin();
      const { alice, bob } = people(o);
      const { file: week } = await weeks.plan(o, 1, alice);
      const early = await failure(claim(o.first, { plan: weeks.file("1.json") }));
      expect(early.message).to.contain(`found root ${week.root} of week 1, expected ${ZeroHash} of the live week 0`);
      await weeks.play(o, 1, alice);
      const stranger = await failure(claim(o.first, { plan: weeks.file("1.json"), accounts: [bob.address] }));
      expect(stranger.message).to.contain("found no reward in the week file");
    });
  });
});
