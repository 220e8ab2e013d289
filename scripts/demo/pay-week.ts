import { writeFile } from "node:fs/promises";
import path from "node:path";

import { formatNmr } from "../../sdk/index.js";
import type { Context } from "../chain/context.js";
import { activate } from "../rewards/activate.js";
import { approve } from "../rewards/approve.js";
import { claim } from "../rewards/claim.js";
import { plan } from "../rewards/plan.js";
import { propose } from "../rewards/propose.js";
import { readRewards } from "../rewards/rewards-state.js";
import { verify, type VerifyResult } from "../rewards/verify.js";
import type { StoredWeek } from "../rewards/week-file.js";
import { makeCheck, type Check } from "./books.js";
import type { DemoChain } from "./chain.js";
import { openAccount } from "./open-account.js";
import type { StakeReport } from "./report.js";
import type { Story } from "./story.js";
import { checkSuite } from "./suite-books.js";

/** By rank for the models that do better than saying one half, and something for each that has qualified in a round. */
const RULE = {
  schedule: [
    { from: 1, to: 1, amount: "150" },
    { from: 2, to: 2, amount: "100" },
    { from: 3, to: 10, amount: "50" },
  ],
  benchmark: "0.693147",
  reputation: "45",
};

/** A week that was planned, activated and claimed. */
export interface PaidWeek {
  stored: StoredWeek;
  proposalId: bigint;
  verified: VerifyResult;
  checks: Check[];
}

/**
 * Pays a week of rewards by the functions behind `npm run rewards`: plans it, has two members propose and approve it,
 * waits for the challenge period, activates it and has everybody paid.
 * @param folder Existing folder for leaderboard and rule.
 * @param stakes Whose measured log-losses are the week's leaderboard.
 * @throws {Error} when the week does not verify: a demo must not go on as if it did.
 */
export async function payWeek(
  chain: DemoChain,
  folder: string,
  stakes: readonly StakeReport[],
  story: Story,
): Promise<PaidWeek> {
  const { context } = chain;
  const leaderboard = path.join(folder, "leaderboard.csv");
  const rows = stakes.map(({ owner, logloss }) => `${owner},${logloss}`);
  await writeFile(leaderboard, `${["account,live_logloss", ...rows].join("\n")}\n`);
  const rule = path.join(folder, "rule.json");
  await writeFile(rule, JSON.stringify(RULE));
  const stored = await planWeek(chain, folder, { leaderboard, rule }, story);
  const files = { plan: stored.path, leaderboard, rule };

  const proposalId = await agree(chain, files, story);
  const anybody: Context = { ...context, signer: await openAccount(chain, "Onlooker", 0n) };
  await story.tellRefusal("An onlooker", "tries to activate the week at once", () => activate(anybody, { proposalId }));
  const { challengePeriod } = await readRewards(context);
  await chain.advanceTo((await chain.now()) + Number(challengePeriod));
  const minted = await activateWeek(anybody, proposalId, story);
  const unclaimed = await checkSuite(context, "before the claims");
  const paid = await claimAll(anybody, stored, story);

  const verified = await verify(context, files);
  if (!verified.ok) throw new Error(`the week does not verify: ${JSON.stringify(verified.differences)}`);
  story.tell("The onlooker", "verifies the week without a key", `${verified.checks.length} checks agree`);
  return { stored, proposalId, verified, checks: [minted, ...unclaimed, paid] };
}

/** What a week is planned from, and what members compare it with. */
interface Inputs {
  leaderboard: string;
  rule: string;
}

async function planWeek(chain: DemoChain, folder: string, inputs: Inputs, story: Story): Promise<StoredWeek> {
  const { context } = chain;
  const due = Number((await readRewards(context)).nextDueAt);
  if ((await chain.now()) < due) await chain.advanceTo(due);
  // On a node that stays, the next week is planned from this one's file: it goes where the commands look for it.
  const out = chain.recorded === undefined ? path.join(folder, "week.json") : undefined;
  const planned = await plan(context, { ...inputs, out });
  const { week, payouts, added } = planned.file;
  story.tell(
    "A committee member",
    `plans week ${week} from the models' log-losses and reputations`,
    `${formatNmr(added)} NMR for ${payouts.size} accounts`,
  );
  return planned;
}

/** One member proposes, another recomputes the week and approves it; the number of the proposal. */
async function agree(chain: DemoChain, files: Inputs & { plan: string }, story: Story): Promise<bigint> {
  const { context } = chain;
  const first = await propose({ ...context, signer: await chain.signer("member1") }, files);
  story.tell(
    "The member",
    "verifies its file, proposes and approves it",
    `${first.approvals} of ${first.quorum} approvals`,
  );
  const { proposalId } = first;
  const second = await approve({ ...context, signer: await chain.signer("member2") }, { ...files, proposalId });
  story.tell(
    "A second member",
    "recomputes the week from the leaderboard and approves it",
    `${second.approvals} of ${second.quorum} approvals`,
  );
  return proposalId;
}

async function activateWeek(context: Context, proposalId: bigint, story: Story): Promise<Check> {
  const { nmr } = context.suite;
  const before = await nmr.totalSupply();
  const { added, week } = await activate(context, { proposalId });
  story.tell("The onlooker", `activates week ${week} two days later`, `${formatNmr(added)} NMR minted for it`);
  return makeCheck("the week minted what it pays", added, (await nmr.totalSupply()) - before);
}

/** One account is paid by itself, the others together; then nobody has anything left to claim. */
async function claimAll(context: Context, { path: file, file: { payouts } }: StoredWeek, story: Story): Promise<Check> {
  const { nmr, rewards } = context.suite;
  const accounts = [...payouts.keys()];
  const held = async (): Promise<bigint> =>
    (await Promise.all(accounts.map((account) => nmr.balanceOf(account)))).reduce((sum, amount) => sum + amount, 0n);
  const [before, claimedBefore] = [await held(), await rewards.totalClaimed()];
  const one = await claim(context, { plan: file, accounts: accounts.slice(0, 1) });
  const others = await claim(context, { plan: file, accounts });
  const again = await claim(context, { plan: file });
  story.tell(
    "The onlooker",
    `claims for one account, and for ${others.due.size} more at once`,
    `${one.sent.length + others.sent.length} transactions paid them; claiming again finds ${again.due.size} to pay`,
  );
  const claimed = (await rewards.totalClaimed()) - claimedBefore;
  return makeCheck("accounts received what was claimed", claimed, (await held()) - before);
}
