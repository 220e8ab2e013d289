import { appendFile, readFile, readdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";

import { expect } from "chai";
import type { Provider } from "ethers";

import { apply, previewApply } from "../../scripts/oracle/apply.js";
import { openAccountJournal } from "../../scripts/chain/account-journal.js";
import { requireSigner, type Context } from "../../scripts/chain/context.js";
import type { JournalEntry } from "../../scripts/chain/journal.js";
import { plan } from "../../scripts/oracle/plan.js";
import { silentLog } from "../../scripts/terminal/log.js";
import { adversary } from "../fixtures/adversary.js";
import { connection, ethers, networkHelpers } from "../fixtures/deployed.js";
import { dying } from "../fixtures/dying-provider.js";
import { failure } from "../fixtures/failure.js";
import {
  SCORES_CSV,
  approveAndWait,
  closedRound,
  contextFor,
  memberWallet,
  planned,
  scoreFolder,
  type ClosedRound,
} from "../fixtures/oracle-round.js";
import { BAD, GOOD, score } from "../fixtures/rounds.js";

/** A node that answers once something has ended. */
function answersAfter(pending: () => Promise<unknown> | undefined): Provider {
  return adversary(async (_, args, answer) => {
    await pending();
    return answer(...args);
  });
}

/** The one journal of a state folder. */
async function journalFile(stateFolder: string): Promise<string> {
  const [chain = ""] = await readdir(stateFolder);
  const [name = ""] = await readdir(path.join(stateFolder, chain));
  return path.join(stateFolder, chain, name);
}

async function journalOf(stateFolder: string): Promise<JournalEntry[]> {
  const text = await readFile(await journalFile(stateFolder), "utf8");
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as JournalEntry);
}

const nonceOf = (context: Context) => context.signer?.getNonce();

describe("apply", () => {
  let d: ClosedRound;
  let operator: Context;
  let stateFolder: string;

  beforeEach(async () => {
    d = await networkHelpers.loadFixture(closedRound);
    stateFolder = path.join((await scoreFolder()).folder, "state");
    operator = { ...contextFor(d, memberWallet(d)), stateFolder };
  });

  it("begins, posts and approves, and the contract agrees with the plan", async () => {
    const { planPath, plan: made } = await planned(d, d.roundId);
    const result = await apply(operator, { planPath });
    expect(result.sent.map(({ step }) => step)).to.deep.equal([
      "begin scoring",
      "post chunk 1 of 1",
      "approve the report",
    ]);
    expect(result).to.deep.include({ attemptId: 1, approvals: 1n, quorum: 2n, reportHash: made.reportHash });
    const attempt = await d.tournament.getAttempt(d.roundId, 1);
    expect(attempt.cutPayout).to.equal(made.totals.cutPayout);
    expect(await d.committee.hasApproved(result.reportHash, d.members[0])).to.equal(true);
  });

  it("sends nothing the second time", async () => {
    const { planPath } = await planned(d, d.roundId);
    const first = await apply(operator, { planPath });
    const nonce = await nonceOf(operator);
    const second = await apply(operator, { planPath });
    expect(second).to.deep.equal({ ...first, sent: [] });
    expect(await nonceOf(operator)).to.equal(nonce);
  });

  it("sends nothing once the round is resolved by these scores", async () => {
    const { planPath } = await planned(d, d.roundId);
    const { reportHash } = await apply(operator, { planPath });
    await approveAndWait(d, reportHash);
    await d.tournament.finalize(d.roundId, 1);
    expect((await apply(operator, { planPath })).sent).to.deep.equal([]);
  });

  it("journals each transaction, signed, before it is mined", async () => {
    const { planPath } = await planned(d, d.roundId);
    const { sent } = await apply(operator, { planPath });
    const entries = await journalOf(stateFolder);
    expect(entries.map(({ event }) => event)).to.deep.equal(["signed", "mined", "signed", "mined", "signed", "mined"]);
    expect(entries.flatMap((entry) => (entry.event === "mined" ? [entry.hash] : []))).to.deep.equal(
      sent.map(({ hash }) => hash),
    );
  });

  it("journals the intent where the node signs", async () => {
    const { planPath } = await planned(d, d.roundId);
    await apply({ ...contextFor(d, d.members[0]), stateFolder }, { planPath });
    const entries = await journalOf(stateFolder);
    expect(entries.map(({ event }) => event)).to.deep.equal(["intent", "mined", "intent", "mined", "intent", "mined"]);
  });

  it("says the cost at the same price as the plan", async () => {
    const { planPath, plan: made } = await planned(d, d.roundId);
    const { cost } = await previewApply(operator, { planPath });
    expect(cost).to.equal(made.gas.cost);
    expect(cost).to.be.greaterThan(made.gas.total * 10n ** 9n);
  });

  it("previews without sending", async () => {
    const { planPath } = await planned(d, d.roundId);
    const nonce = await nonceOf(operator);
    const preview = await previewApply(operator, { planPath });
    expect(preview.calls).to.have.length(3);
    expect(preview.gas).to.be.greaterThan(0n);
    expect(await nonceOf(operator)).to.equal(nonce);
  });

  it("estimates gas from above, within twice what is used", async () => {
    const { planPath, plan: made } = await planned(d, d.roundId);
    const { sent } = await apply(operator, { planPath });
    const used = sent.reduce((sum, { gasUsed }) => sum + gasUsed, 0n);
    expect(made.gas.total >= used && made.gas.total < 2n * used, `${made.gas.total} for ${used}`).to.equal(true);
  });

  for (const [what, method, call, when] of [
    ["before the first broadcast", "broadcastTransaction", 1, "before"],
    ["between broadcast and receipt of the attempt", "getTransactionReceipt", 1, "before"],
    ["before the scores are broadcast", "broadcastTransaction", 2, "before"],
    ["between broadcast and receipt of the scores", "getTransactionReceipt", 2, "before"],
    ["between broadcast and receipt of the approval", "getTransactionReceipt", 3, "before"],
  ] as const) {
    it(`continues when killed ${what}: nothing twice, no gap`, async () => {
      const { planPath } = await planned(d, d.roundId);
      const nonce = (await nonceOf(operator)) ?? 0;
      const provider = dying(method, call, when);
      const killed = { ...contextFor(d, memberWallet(d, 0, provider), provider), stateFolder };
      await failure(apply(killed, { planPath, stuckAfter: 1 }));
      const result = await apply(operator, { planPath });
      expect(result).to.deep.include({ attemptId: 1, approvals: 1n });
      expect(await nonceOf(operator)).to.equal(nonce + 3);
    });
  }

  it("cancels the approval that a killed run signed where the guardian has vetoed since", async () => {
    const { planPath } = await planned(d, d.roundId);
    const provider = dying("broadcastTransaction", 3, "before");
    const killed = { ...contextFor(d, memberWallet(d, 0, provider), provider), stateFolder };
    expect((await failure(apply(killed, { planPath }))).message).to.contain("killed");
    const vetoed = await d.tournament.reportHash(d.roundId, 1);
    await d.tournament.connect(d.guardian).veto(d.roundId, "wrong scores");
    const { attemptId } = await apply(operator, { planPath });
    expect(attemptId).to.equal(2);
    expect(await d.committee.hasApproved(vetoed, d.members[0])).to.equal(false);
    const steps = (await journalOf(stateFolder)).flatMap(({ event, step }) => (event === "mined" ? [step] : []));
    expect(steps.slice(2, 4)).to.deep.equal(['cancel "approve the report"', "begin scoring"]);
  });

  it("cancels the attempt that a killed run signed where the scores are others by now", async () => {
    const first = await planned(d, d.roundId);
    const provider = dying("broadcastTransaction", 1, "before");
    const killed = { ...contextFor(d, memberWallet(d, 0, provider), provider), stateFolder };
    expect((await failure(apply(killed, first))).message).to.contain("killed");
    const second = await planned(d, d.roundId, SCORES_CSV.replace("0.720000", "0.721000"));
    const { attemptId } = await apply(operator, second);
    expect(attemptId).to.equal(1);
    const { evidenceHash } = await d.tournament.getAttempt(d.roundId, 1);
    expect(evidenceHash).to.equal(second.plan.evidenceHash).and.not.equal(first.plan.evidenceHash);
  });

  it("is not stopped by a node that takes a transaction and fails to answer", async () => {
    const { planPath } = await planned(d, d.roundId);
    const provider = dying("broadcastTransaction", 2, "after");
    const result = await apply(contextFor(d, memberWallet(d, 0, provider), provider), { planPath });
    expect(result.sent).to.have.length(3);
    expect((await d.tournament.getAttempt(d.roundId, 1)).scoredCount).to.equal(6n);
  });

  it("goes on after half a line in the journal", async () => {
    const { planPath } = await planned(d, d.roundId);
    await failure(apply({ ...operator, provider: dying("estimateGas", 1, "before") }, { planPath }));
    const file = await journalFile(stateFolder);
    await writeFile(file, '{"event":"signed","st');
    expect((await apply(operator, { planPath })).sent).to.have.length(3);
    await appendFile(file, '{"event"');
    expect((await apply(operator, { planPath })).sent).to.have.length(0);
    expect((await readFile(file, "utf8")).split("\n").filter((line) => line.includes('"mined"'))).to.have.length(3);
  });

  it("keeps a second instance out that sends from the same account", async () => {
    const { planPath } = await planned(d, d.roundId);
    const journal = await openAccountJournal(requireSigner(operator));
    const error = await failure(apply(operator, { planPath }));
    expect(error.message).to.match(/^account 0x\w+ on chain 31337: found process \d+ at work, expected to be alone$/);
    expect(error.exitCode).to.equal(2);
    const other = { ...contextFor(d, memberWallet(d, 1)), stateFolder };
    expect((await apply(other, { planPath })).sent).to.have.length(3);
    await journal?.close();
    expect((await apply(operator, { planPath })).sent).to.have.length(3);
  });

  it("does not begin another attempt when the guardian vetoes the one it is posting", async () => {
    const { planPath } = await planned(d, d.roundId);
    let vetoed: Promise<unknown> | undefined;
    const provider = answersAfter(() => vetoed);
    const onMined = () => {
      vetoed ??= d.tournament.connect(d.guardian).veto(d.roundId, "looks odd");
    };
    const error = await failure(apply({ ...operator, provider }, { planPath, onMined }));
    expect(error.message).to.contain("expected the one of this run: it was vetoed meanwhile");
    expect(error.exitCode).to.equal(2);
    expect((await d.tournament.getRound(d.roundId)).attemptCount).to.equal(1n);
  });

  it("does not begin another attempt when its own is vetoed before the run sends anything", async () => {
    const { planPath } = await planned(d, d.roundId);
    const { reportHash } = await apply(operator, { planPath });
    await d.committee.connect(d.members[0]).revokeApproval(reportHash);
    let vetoed: Promise<unknown> | undefined;
    const provider = answersAfter(() => vetoed);
    const log = {
      ...silentLog,
      progress: () => {
        vetoed ??= d.tournament.connect(d.guardian).veto(d.roundId, "looks odd");
        return { step: () => undefined, stop: () => undefined };
      },
    };
    const error = await failure(apply({ ...operator, provider, log }, { planPath }));
    expect(error.message).to.contain("expected the one of this run: it was vetoed meanwhile");
    expect((await d.tournament.getRound(d.roundId)).attemptCount).to.equal(1n);
  });

  it("begins nothing where it is told only to continue", async () => {
    const { planPath } = await planned(d, d.roundId);
    const error = await failure(apply(operator, { planPath, onlyContinue: true }));
    expect(error.message).to.contain("found no attempt to go on with");
    expect(error.exitCode).to.equal(2);
    expect((await d.tournament.getRound(d.roundId)).attemptCount).to.equal(0n);
  });

  it("replaces a stuck transaction up to the price ceiling, and continues later", async () => {
    const { planPath } = await planned(d, d.roundId);
    await connection.provider.request({ method: "evm_setAutomine", params: [false] });
    try {
      const error = await failure(apply(operator, { planPath, stuckAfter: 0.1 }));
      expect(error.message).to.match(/begin scoring: found a gas price of .* gwei, expected at most/);
      expect(error.exitCode).to.equal(2);
    } finally {
      await connection.provider.request({ method: "evm_setAutomine", params: [true] });
    }
    const signed = (await journalOf(stateFolder)).filter(({ event }) => event === "signed");
    expect(signed.length).to.be.greaterThan(2);
    expect(new Set(signed.map(({ nonce }) => nonce)).size).to.equal(1);
    await networkHelpers.mine();
    const result = await apply(operator, { planPath });
    expect(result.attemptId).to.equal(1);
    expect((await d.tournament.getRound(d.roundId)).attemptCount).to.equal(1n);
  });

  it("begins another attempt after a veto", async () => {
    const { planPath } = await planned(d, d.roundId);
    await apply(operator, { planPath });
    await d.tournament.connect(d.guardian).veto(d.roundId, "looks odd");
    expect(await apply(operator, { planPath })).to.deep.include({ attemptId: 2, approvals: 1n });
  });

  it("is not disturbed by a rival's attempt", async () => {
    const { planPath } = await planned(d, d.roundId);
    await score(d, d.roundId, [GOOD, BAD, GOOD, BAD, BAD, BAD], { member: d.members[2] });
    expect(await apply(operator, { planPath })).to.deep.include({ attemptId: 2, approvals: 1n });
  });

  describe("refuses", () => {
    const refusal = async (change: (files: Awaited<ReturnType<typeof planned>>) => Promise<unknown>, as = operator) => {
      const files = await planned(d, d.roundId);
      await change(files);
      const nonce = await nonceOf(as);
      const error = await failure(apply(as, { planPath: files.planPath }));
      expect(await nonceOf(as)).to.equal(nonce);
      return error;
    };

    it("a score file that changed since the plan", async () => {
      const error = await refusal(({ scoreFile }) => writeFile(scoreFile, SCORES_CSV.replace("0.690000", "0.690001")));
      expect(error.message).to.match(/scores\.csv: found sha256 0x[0-9a-f]{64}, expected 0x/);
    });

    it("a mapping that changed since the plan, or is gone", async () => {
      const { folder, planPath } = await scoreFolder();
      const [scoreFile, mapping] = [path.join(folder, "leaderboard.json"), path.join(folder, "mapping.csv")];
      const [good, swapped] = [[1, 2, 3, 4, 5, 6] as const, [2, 1, 3, 4, 5, 6] as const].map(
        (ids) => `username,model_id\n${ids.map((id, i) => `user${i},${id}\n`).join("")}`,
      );
      const metric = { pending: false, value: true };
      const entries = Array.from({ length: 6 }, (_, i) => ({
        username: `user${i}`,
        liveLogloss: "0.69",
        consistency: 75,
        concordance: metric,
        originality: metric,
      }));
      await writeFile(scoreFile, JSON.stringify(entries));
      await writeFile(mapping, good ?? "");
      const options = { roundId: d.roundId, scoreFile, mapping, out: planPath };
      const { plan: leaderboardPlan } = await plan(contextFor(d), options);
      expect(leaderboardPlan.mapping).to.include({ path: "mapping.csv" });
      await previewApply(operator, { planPath });
      await writeFile(mapping, swapped ?? "");
      expect((await failure(apply(operator, { planPath }))).message).to.match(
        /mapping\.csv: found sha256 0x[0-9a-f]{64}, expected 0x/,
      );
      await rm(mapping);
      expect((await failure(apply(operator, { planPath }))).message).to.contain("expected the plan's mapping file");
    });

    it("a plan without its score file", async () => {
      const error = await refusal(({ planPath, plan: made }) =>
        writeFile(
          planPath,
          JSON.stringify({ ...JSON.parse(toText(made)), scoreFile: { ...made.scoreFile, path: "gone.csv" } }),
        ),
      );
      expect(error.message).to.contain("gone.csv: found no readable file");
    });

    it("another chain", async () => {
      const error = await refusal(() => Promise.resolve(), { ...operator, chainId: 1n });
      expect(error.message).to.equal("plan: found chain 1 (test), expected 31337");
    });

    it("another deployment", async () => {
      const other = {
        ...operator,
        suite: { ...operator.suite, tournament: operator.suite.tournament.attach(d.nmr) as typeof d.tournament },
      };
      const error = await refusal(() => Promise.resolve(), other);
      expect(error.message).to.contain(`plan: found tournament ${await d.nmr.getAddress()}`);
    });

    it("other code at the address", async () => {
      const error = await refusal(async () => {
        const code = await ethers.provider.getCode(d.tournament);
        await networkHelpers.setCode(d.tournament.target as string, `${code}00`);
      });
      expect(error.message).to.match(/tournament 0x.*: found code 0x.*, expected 0x/);
    });

    it("a cut that was edited", async () => {
      const error = await refusal(async ({ planPath }) => {
        await writeFile(planPath, (await readFile(planPath, "utf8")).replace('"cut": 2', '"cut": 0'));
      });
      expect(error.message).to.equal("plan for round 1: found cut 0, expected 2");
    });

    it("stakes other than the plan saw", async () => {
      const error = await refusal(async ({ planPath, plan: made }) => {
        const text = await readFile(planPath, "utf8");
        await writeFile(planPath, text.replace(made.stakesHash, `0x${"11".repeat(32)}`));
      });
      expect(error.message).to.contain("found stakes 0x");
    });

    it("an account that is no member", async () => {
      const error = await refusal(() => Promise.resolve(), contextFor(d, d.guardian));
      expect(error.message).to.equal(`account ${d.guardian.address}: found no committee member, expected one`);
    });

    it("an account without ether for gas", async () => {
      const error = await refusal(() => networkHelpers.setBalance(d.members[0].address, 1000n));
      expect(error.message).to.match(/found 0\.000000000000001 ether, expected at least 0\.\d+ for gas/);
    });

    it("a round without a key", async () => {
      const { planPath } = await planned(d, d.roundId);
      expect((await failure(apply(contextFor(d), { planPath }))).message).to.contain("no account to send from");
    });

    it("a time too late to post", async () => {
      const error = await refusal(async ({ plan: made }) => networkHelpers.time.increaseTo(made.postBy + 1));
      expect(error.message).to.contain("expected to post scores by");
    });

    it("a void round", async () => {
      const error = await refusal(async () => {
        const { deadline } = await d.tournament.getRound(d.roundId);
        await networkHelpers.time.increaseTo(deadline + 1n);
        await d.tournament.voidRound(d.roundId);
      });
      expect(error.message).to.equal("round 1: found Void, expected Closed");
    });

    it("a round resolved by other scores, with exit code 2", async () => {
      const error = await refusal(async () => {
        const attemptId = await score(d, d.roundId, [GOOD, GOOD, GOOD, BAD, BAD, BAD], { member: d.members[2] });
        const hash = await d.tournament.reportHash(d.roundId, attemptId);
        await d.committee.connect(d.members[2]).approve(hash);
        await approveAndWait(d, hash);
        await d.tournament.finalize(d.roundId, attemptId);
      });
      expect(error.message).to.contain("resolved by other scores than the plan's");
      expect(error.exitCode).to.equal(2);
    });
  });
});

/** A plan as it is written. */
function toText(made: unknown): string {
  return JSON.stringify(made, (_key, value: unknown) => (typeof value === "bigint" ? value.toString() : value));
}
