import path from "node:path";

import { id, type Wallet } from "ethers";

import { parseNmr } from "../../sdk/index.js";
import { act, type BountyAction } from "../bounty/bounty-action.js";
import { planExpire } from "../bounty/expire.js";
import { planFund } from "../bounty/fund.js";
import { planPost } from "../bounty/post.js";
import { planReclaim } from "../bounty/reclaim.js";
import { planRedeem } from "../bounty/redeem.js";
import { planReject } from "../bounty/reject.js";
import { planRelease } from "../bounty/release.js";
import { draftApproval, signApproval, writeApprovalFile } from "../bounty/sign-award.js";
import { planSubmit } from "../bounty/submit.js";
import type { Context } from "../chain/context.js";
import type { Check } from "./books.js";
import type { DemoChain } from "./chain.js";
import { openAccount } from "./open-account.js";
import type { Story } from "./story.js";
import { checkSuite } from "./suite-books.js";

const DAY = 86_400;
/** Seconds from posting to the deadline, and from the award until all of it has vested. */
const OPEN = 30 * DAY;
const VESTING = 60 * DAY;

/** NMR put in by issuer and patron, in wei. */
const ISSUED = parseNmr("60");
const GIVEN = parseNmr("40");
/** NMR awarded to the author and a colleague, in wei. */
const AWARDED = [parseNmr("30"), parseNmr("15")] as const;

/** Everybody with a part in the bounty; none has a role in the suite. */
type Cast = Record<"issuer" | "patron" | "reviewer" | "author" | "colleague" | "rival" | "onlooker", Wallet>;

/** A bounty that was posted, won, vested and closed. */
export interface PlayedBounty {
  bountyId: bigint;
  /** By number: NMR that was released by half of the time, in wei. */
  releasedHalfWay: Map<bigint, bigint>;
  /** Books of all contracts then. */
  checks: Check[];
}

/**
 * Plays a bounty by the functions behind `npm run bounty`: posted, funded by a second account, one of two submissions
 * awarded by signature to two payees, released half way and at the end; what was not awarded expires and is reclaimed.
 * @param folder Existing folder; gets the signed award.
 */
export async function playBounty(chain: DemoChain, folder: string, story: Story): Promise<PlayedBounty> {
  const { context } = chain;
  const cast: Cast = {
    issuer: await openAccount(chain, "Issuer", ISSUED),
    patron: await openAccount(chain, "Patron", GIVEN),
    reviewer: await openAccount(chain, "Reviewer", 0n),
    author: await openAccount(chain, "Author", 0n),
    colleague: await openAccount(chain, "Colleague", 0n),
    rival: await openAccount(chain, "Rival", 0n),
    onlooker: await openAccount(chain, "Onlooker", 0n),
  };
  const bountyId = await offer(chain, cast, story);
  const grants = await award(chain, path.join(folder, "award.json"), bountyId, cast, story);
  const awardedAt = await chain.now();
  await story.tellRefusal("The issuer", "tries to take its NMR back", () =>
    planReclaim(as(context, cast.issuer), { bountyId }),
  );
  const onlooker = as(context, cast.onlooker);
  await chain.advanceTo(awardedAt + VESTING / 2);
  const releasedHalfWay = await release(onlooker, grants, "half way", story);
  const checks = await checkSuite(context, "half way");
  await close(context, bountyId, cast, story);
  await chain.advanceTo(awardedAt + VESTING);
  await release(onlooker, grants, "at the end", story);
  return { bountyId, releasedHalfWay, checks };
}

/** The issuer posts, a second account funds, and two submit work; the number of the bounty. */
async function offer(
  chain: DemoChain,
  { issuer, patron, reviewer, author, rival }: Cast,
  story: Story,
): Promise<bigint> {
  const { context } = chain;
  const request = {
    termsHash: id("Make settling a tenth cheaper."),
    termsURI: "",
    amount: ISSUED,
    deadline: (await chain.now()) + OPEN,
    reviewer: reviewer.address,
  };
  await perform(story, "The issuer", "posts a bounty", as(context, issuer), (own) => planPost(own, request));
  const bountyId = await context.suite.bounties.bountyCount();
  await perform(story, "A patron", "adds to it", as(context, patron), (own) =>
    planFund(own, { bountyId, amount: GIVEN }),
  );
  for (const [who, account] of [
    ["An author", author],
    ["A rival", rival],
  ] as const) {
    const work = { bountyId, contentHash: id(`The work of ${account.address}`), uri: "" };
    await perform(story, who, "submits work", as(context, account), (own) => planSubmit(own, work));
  }
  return bountyId;
}

/** The reviewer signs an award for the first submission and rejects the second; anybody redeems. Numbers of grants. */
async function award(
  chain: DemoChain,
  approvalFile: string,
  bountyId: bigint,
  { reviewer, author, colleague, onlooker }: Cast,
  story: Story,
): Promise<bigint[]> {
  const { context } = chain;
  const reviewing = as(context, reviewer);
  const draft = await draftApproval(reviewing, {
    bountyId,
    submissionId: 1n,
    payments: [author, colleague].map(({ address }, i) => ({ payee: address, amount: AWARDED[i] ?? 0n })),
    vestingSeconds: BigInt(VESTING),
    // Used once a bounty, so that the demo can be played again on the same node.
    nonce: bountyId,
    deadline: (await chain.now()) + DAY,
    unsigned: false,
  });
  await writeApprovalFile(approvalFile, await signApproval(reviewing, draft));
  const { total = "" } = draft.facts;
  story.tell("The reviewer", "signs an award for the author and a colleague", `${total}; nothing was sent`);
  await perform(story, "The reviewer", "turns the rival's work down", reviewing, (own) =>
    planReject(own, { bountyId, submissionId: 2n, reason: "it saves nothing" }),
  );
  await perform(story, "An onlooker", "redeems the signature", as(context, onlooker), (own) =>
    planRedeem(own, { approvalFile }),
  );
  const last = await context.suite.bounties.grantCount();
  return AWARDED.map((_, i) => last - BigInt(AWARDED.length - 1 - i));
}

/** Anybody has every payee paid what has vested; NMR by grant, in wei. */
async function release(
  context: Context,
  grants: readonly bigint[],
  when: string,
  story: Story,
): Promise<Map<bigint, bigint>> {
  for (const grantId of grants) {
    await perform(story, "The onlooker", `releases ${when}`, context, (own) => planRelease(own, { grantId }));
  }
  const { bounties } = context.suite;
  const released = grants.map(async (grantId) => [grantId, (await bounties.getGrant(grantId)).released] as const);
  return new Map(await Promise.all(released));
}

/** After the deadline anybody closes the bounty, and both funders take back their shares of what was not awarded. */
async function close(
  context: Context,
  bountyId: bigint,
  { issuer, patron, onlooker }: Cast,
  story: Story,
): Promise<void> {
  const request = { bountyId };
  await perform(story, "The onlooker", "closes the bounty after its deadline", as(context, onlooker), (own) =>
    planExpire(own, request),
  );
  await perform(story, "The issuer", "reclaims", as(context, issuer), (own) => planReclaim(own, request));
  await perform(story, "The patron", "reclaims", as(context, patron), (own) => planReclaim(own, request));
}

/** Plans and sends a call, and tells what its event says. */
async function perform(
  story: Story,
  who: string,
  does: string,
  context: Context,
  plan: (own: Context) => Promise<BountyAction>,
): Promise<void> {
  const { summary } = await act(context, await plan(context));
  story.tell(who, does, summary);
}

function as(context: Context, signer: Wallet): Context {
  return { ...context, signer };
}
