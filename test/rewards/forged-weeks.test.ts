import { readFile, writeFile } from "node:fs/promises";

import { expect } from "chai";
import { ZeroHash, parseEther } from "ethers";

import { approve } from "../../scripts/rewards/approve.js";
import { plan, type PlanResult } from "../../scripts/rewards/plan.js";
import { propose } from "../../scripts/rewards/propose.js";
import { verify } from "../../scripts/rewards/verify.js";
import { readWeek } from "../../scripts/rewards/week-file.js";
import { rewardsTree } from "../../sdk/rewards-tree.js";
import { networkHelpers } from "../fixtures/deployed.js";
import { failure } from "../fixtures/failure.js";
import { people } from "../fixtures/people.js";
import { afterRounds, openWeeks, type EditedWeek, type Operator, type Weeks } from "../fixtures/reward-weeks.js";
import { WEEK, dueAt } from "../fixtures/rewards.js";

const BY_REPUTATION = '{"schedule": [{"from": 1, "to": 1, "amount": "1"}], "reputation": "90"}';

/** What a proposer could try, beside honest files whose numbers do not add up. */
describe("Week files that a proposer made up", () => {
  let weeks: Weeks;

  beforeEach(async () => {
    weeks = await openWeeks();
  });
  afterEach(() => weeks.remove());

  /** Plans week 1 by a rule. */
  const planBy = async (o: Operator, rule: string, ...accounts: { address: string }[]): Promise<PlanResult> => {
    await writeFile(weeks.file("rule.json"), rule);
    const leaderboard = await weeks.rank(...accounts);
    return plan(o.reader, { leaderboard, rule: weeks.file("rule.json"), out: weeks.file("1.json") });
  };
  const found = async (o: Operator, options: { plan: string; rule?: string }): Promise<string[]> =>
    (await verify(o.reader, options)).differences.map((one) => `${one.what}: ${one.found}, ${one.expected}`);
  const proposed = async (o: Operator): Promise<void> => {
    const { file, sha256 } = await readWeek(weeks.file("1.json"));
    await o.rewards.connect(o.members[0]).proposeWeek(1n, file.root, file.added, sha256, "");
  };

  describe("by a payout rule of its own", () => {
    it("are refused by verify, propose and approve, which name the rule", async () => {
      const o = await weeks.begin();
      await planBy(o, '{"schedule": [{"from": 1, "to": 1, "amount": "2000"}]}', people(o).alice);
      expect((await found(o, weeks.of(1))).join("\n")).to.match(
        /^payout rule: schedule: \[\{"from":1,"to":1,"amount":"2000"\}\], \[\{"from":1,"to":1,"amount":"150"\},.*\]$/,
      );
      await proposed(o);
      for (const step of [() => propose(o.first, weeks.of(1)), () => approve(o.second, weeks.ballot(1))]) {
        const refused = await failure(step());
        expect(refused.exitCode).to.equal(2);
        expect(refused.message).to.contain("payout rule: schedule: found");
      }
      expect(await o.committee.approvals(await o.rewards.reportHash(1n))).to.equal(0n);
    });

    it("are refused for every field that differs from the member's own rule, and pass by the same", async () => {
      const o = await weeks.begin(afterRounds);
      await planBy(o, BY_REPUTATION, people(o).alice);
      await writeFile(weeks.file("own.json"), '{"equal": "1.50", "benchmark": "0.693147"}');
      const differences = await found(o, { ...weeks.of(1), rule: weeks.file("own.json") });
      expect(differences).to.deep.equal([
        'payout rule: equal: none, "1.5"',
        'payout rule: benchmark: none, "0.693147"',
        'payout rule: schedule: [{"from":1,"to":1,"amount":"1"}], none',
        'payout rule: reputation: "90", none',
      ]);
      const rule = weeks.file("rule.json");
      expect(await found(o, { ...weeks.of(1), rule })).to.deep.equal([]);
      await propose(o.first, { ...weeks.of(1), rule });
      expect((await approve(o.second, { ...weeks.ballot(1), rule })).approvals).to.equal(2n);
    });
  });

  it("are refused by a member whose own leaderboard differs", async () => {
    const o = await weeks.begin();
    const { alice, bob } = people(o);
    await weeks.plan(o, 1, alice, bob);
    await propose(o.first, weeks.of(1));
    const own = { ...weeks.of(1), leaderboard: await weeks.rank(bob, alice) };
    const refused = await failure(approve(o.second, own));
    expect(refused.message).to.contain(`${alice.address}: leaderboard: found rank 1, log-loss - e-18, expected rank 2`);
  });

  describe("by reputations", () => {
    const rule = (): { rule: string } => ({ rule: weeks.file("rule.json") });

    it("pay by what the chain says at the week's last block, whatever happens later", async () => {
      const o = await weeks.begin(afterRounds);
      const { alice } = people(o);
      const { file: week, sha256 } = await planBy(o, BY_REPUTATION, alice);
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
      const payee = week.reputation.find(({ modelId }) => modelId === 2n)?.account;
      const payeeSigner = o.others.find(({ address }) => address === payee);
      if (payeeSigner === undefined) throw new Error("model 2 has no reputation");
      await o.tournament.connect(payeeSigner).setPayee(2n, o.treasury);
      expect((await planBy(o, BY_REPUTATION, alice)).sha256).to.equal(sha256);
      expect(await found(o, { ...weeks.of(1), ...rule() })).to.deep.equal([]);
    });

    it("are refused for a payee that the chain does not name", async () => {
      const o = await weeks.begin(afterRounds);
      const { file: week } = await planBy(o, BY_REPUTATION, people(o).alice);
      await weeks.edit(1, ({ reputation: [first] }) => {
        if (first !== undefined) first[1] = o.treasury.address;
      });
      const differences = await found(o, { ...weeks.of(1), ...rule() });
      const model = String(week.reputation[0]?.modelId);
      expect(differences.join("\n")).to.contain(`model ${model}: reputation: `);
    });

    it("are refused as of another block, earlier or later, that suits the proposer", async () => {
      const o = await weeks.begin(afterRounds);
      const { alice } = people(o);
      const { file: week } = await planBy(o, BY_REPUTATION, alice);
      const end = new Date(Number(await dueAt(o, 1n)) * 1000).toISOString().replace(".000", "");
      for (const number of [week.block.number - 1, week.block.number + 1]) {
        const block = await o.reader.provider.getBlock(number);
        await weeks.edit(1, (forged) => {
          forged.block = { number, hash: block?.hash ?? "" };
        });
        const [difference] = await found(o, { ...weeks.of(1), ...rule() });
        expect(difference).to.match(/^block \d+: one of .*, the next of .*, the last before the week's end at /);
        expect(difference).to.contain(end);
      }
    });

    it("are refused where the rule does not pay for them", async () => {
      const o = await weeks.begin();
      const { alice } = people(o);
      await weeks.plan(o, 1, alice);
      await weeks.edit(1, ({ reputation }) => {
        reputation.push(["1", alice.address, "20"]);
      });
      expect(await found(o, weeks.of(1))).to.deep.equal([`model 1: reputation: 20 for ${alice.address}, none`]);
    });
  });

  it("are refused when they are of another chain or contract", async () => {
    const o = await weeks.begin();
    await weeks.plan(o, 1, people(o).alice);
    await weeks.edit(1, (forged) => {
      Object.assign(forged, { chainId: "1", rewards: o.bounties.target, block: { ...forged.block, hash: ZeroHash } });
    });
    const names = (await verify(o.reader, weeks.of(1))).differences.map(({ what }) => what);
    expect(names).to.have.length(3);
    expect(names).to.include.members(["chain id", "WeeklyRewards"]);
    expect(names.at(-1)).to.match(/^hash of block \d+$/);
  });

  it("are refused when they build on another week than the chain's, however well the files agree", async () => {
    const o = await weeks.begin();
    const { alice, bob, carol } = people(o);
    await weeks.play(o, 1, alice, bob);
    await networkHelpers.time.increase(WEEK);
    await weeks.plan(o, 2, carol);
    const before: [string, string][] = [[bob.address, parseEther("250").toString()]];
    const rootOf = (earned: [string, string][]): string =>
      rewardsTree(new Map(earned.map(([account, amount]) => [account, BigInt(amount)]))).root;
    await weeks.edit(1, (forged) => {
      Object.assign(forged, { earned: before, payouts: before, root: rootOf(before) });
    });
    await weeks.edit(2, (forged) => {
      forged.earned = [...before, ...forged.payouts];
      forged.previous.root = rootOf(before);
      forged.root = rootOf(forged.earned);
    });
    const { differences } = await verify(o.reader, weeks.of(2));
    expect(differences.map(({ what }) => what)).to.deep.equal(["root that was live"]);
  });

  describe("with nonsense in them", () => {
    /** Edits a planned week, each time from the same start, and gives why it is refused. */
    const refusals = async (changes: readonly ((edited: EditedWeek) => void)[]): Promise<string[]> => {
      const o = await weeks.begin(afterRounds);
      await planBy(o, BY_REPUTATION, people(o).alice);
      const whole = await readFile(weeks.file("1.json"), "utf8");
      const messages: string[] = [];
      for (const change of changes) {
        await weeks.edit(1, change);
        messages.push((await failure(verify(o.reader, weeks.of(1)))).message);
        await writeFile(weeks.file("1.json"), whole);
      }
      return messages;
    };
    const first = <T>(list: readonly T[]): T => {
      const [one] = list;
      if (one === undefined) throw new Error("found an empty list");
      return one;
    };

    it("are no week files: signs, fractions, exponents, and what is out of range", async () => {
      const changes: [change: (edited: EditedWeek) => void, reason: string][] = [
        [(edited) => (edited.week = "0"), 'number "0"'],
        [(edited) => (edited.week = "-1"), 'number "-1"'],
        [(edited) => (edited.week = "1e3"), 'number "1e3"'],
        [(edited) => (edited.week = "1000000"), 'number "1000000"'],
        [(edited) => (edited.chainId = "0x1"), 'number "0x1"'],
        [(edited) => (edited.block.number = -1), "number -1"],
        [(edited) => (edited.block.number = 1.5), "number 1.5"],
        [(edited) => (edited.block.hash = "0x12"), 'hash "0x12"'],
        [(edited) => (edited.previous.allocated = ""), 'number ""'],
        [(edited) => (first(edited.payouts)[1] = "-1"), 'number "-1"'],
        [(edited) => (first(edited.earned)[1] = "9".repeat(79)), `number "${"9".repeat(79)}"`],
        [(edited) => (first(edited.earned)[0] = first(edited.earned)[0].toLowerCase()), "another checksum"],
        [(edited) => (first(edited.leaderboard.competitors)[1] = 0), "number 0"],
        [(edited) => (first(edited.leaderboard.competitors)[2] = "-0.5"), 'log-loss "-0.5"'],
        [(edited) => (first(edited.leaderboard.competitors)[2] = "NaN"), 'log-loss "NaN"'],
        // Divided by, were they all there are.
        [(edited) => (first(edited.reputation)[2] = "0"), 'number "0"'],
        [(edited) => (first(edited.reputation)[2] = "21"), 'number "21"'],
        [(edited) => (edited.rule = { equal: "1" }), "found no benchmark"],
      ];
      const messages = await refusals(changes.map(([change]) => change));
      for (const [i, message] of messages.entries()) {
        expect(message).to.match(/1\.json: found no week file \(/);
        expect(message).to.contain(changes[i]?.[1]);
      }
    });

    it("are no week files when they name a competitor or a model twice: it would be paid twice", async () => {
      const messages = await refusals([
        ({ leaderboard: { competitors } }) => competitors.push(first(competitors)),
        ({ reputation }) => reputation.push(first(reputation)),
        ({ payouts }) => payouts.push(first(payouts)),
        ({ earned }) => earned.push(first(earned)),
      ]);
      for (const message of messages) expect(message).to.contain("named twice");
    });
  });
});
