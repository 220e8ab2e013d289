import { rm, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";
import { id, parseEther } from "ethers";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";

import { readApprovalFile } from "../../scripts/bounty/approval-file.js";
import { planAward } from "../../scripts/bounty/award.js";
import type { AwardTerms } from "../../scripts/bounty/award-terms.js";
import { act, type BountyAction } from "../../scripts/bounty/bounty-action.js";
import { planCancel } from "../../scripts/bounty/cancel.js";
import { planExpire } from "../../scripts/bounty/expire.js";
import { planExtend } from "../../scripts/bounty/extend.js";
import { planFund } from "../../scripts/bounty/fund.js";
import { listBounties, listTable } from "../../scripts/bounty/list.js";
import { planPost } from "../../scripts/bounty/post.js";
import { planReclaim } from "../../scripts/bounty/reclaim.js";
import { planRedeem } from "../../scripts/bounty/redeem.js";
import { planReject } from "../../scripts/bounty/reject.js";
import { planRelease } from "../../scripts/bounty/release.js";
import { planRevoke } from "../../scripts/bounty/revoke.js";
import { bountyText, showBounty } from "../../scripts/bounty/show.js";
import { draftApproval, signApproval, writeApprovalFile, type SignRequest } from "../../scripts/bounty/sign-award.js";
import { planSubmit } from "../../scripts/bounty/submit.js";
import type { Context } from "../../scripts/chain/context.js";
import { NumeraireError } from "../../sdk/numeraire-error.js";
import { ReviewerWallet__factory } from "../../typechain-types/index.js";
import { addressOf } from "../fixtures/address-of.js";
import {
  FUNDED,
  GIVEN,
  ISSUED,
  NOTICE,
  REVIEW,
  TERMS,
  TERMS_URI,
  WINDOW,
  WORK,
  WORK_URI,
  award,
  bountyPeople,
  openBounty,
  postBounty,
  submittedBounty,
  type OpenBounty,
} from "../fixtures/bounties.js";
import { networkHelpers, type Deployed } from "../fixtures/deployed.js";
import { everyBountyStatus } from "../fixtures/every-bounty-status.js";
import { contextFor } from "../fixtures/oracle-round.js";
import { DAY } from "../fixtures/rounds.js";

/** Plans and sends as an account. */
async function carry(
  d: Deployed,
  by: HardhatEthersSigner,
  plan: (context: Context) => Promise<BountyAction>,
): Promise<Awaited<ReturnType<typeof act>> & { facts: Record<string, string> }> {
  const context = contextFor(d, by);
  const action = await plan(context);
  return { ...(await act(context, action)), facts: action.facts };
}

/** The error that planning ends with. */
async function refusal(planning: Promise<unknown>): Promise<NumeraireError> {
  const outcome = await planning.catch((error: unknown) => error);
  expect(outcome).to.be.instanceOf(NumeraireError);
  return outcome as NumeraireError;
}

const now = async (): Promise<number> => networkHelpers.time.latest();

function terms(d: OpenBounty, changes: Partial<AwardTerms> = {}): AwardTerms {
  const payments = [{ payee: d.author.address, amount: parseEther("30") }];
  return { bountyId: d.bountyId, submissionId: 1n, payments, vestingSeconds: 0n, ...changes };
}

describe("The commands of bounties", () => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "numeraire-bounty-"));
  });
  after(async () => {
    await rm(folder, { recursive: true });
  });

  it("post, fund and submit, and tell the numbers that the chain gave", async () => {
    const d = await networkHelpers.loadFixture(bountyPeople);
    const deadline = (await now()) + 30 * DAY;
    const request = { termsHash: TERMS, termsURI: TERMS_URI, amount: ISSUED, deadline, reviewer: d.reviewer.address };
    const posted = await carry(d, d.issuer, (context) => planPost(context, request));
    expect(posted.summary).to.equal("bounty 1 posted with 60 NMR");
    expect(posted.args).to.deep.include({ bountyId: 1n, issuer: d.issuer.address, termsHash: TERMS });
    const funded = await carry(d, d.patron, (context) => planFund(context, { bountyId: 1n, amount: GIVEN }));
    expect(funded.facts["puts"]).to.equal("40 NMR, next to 60 that are there");
    expect(funded.summary).to.equal("40 NMR put into bounty 1");
    const work = { bountyId: 1n, contentHash: WORK, uri: WORK_URI };
    const submitted = await carry(d, d.author, (context) => planSubmit(context, work));
    expect(submitted.summary).to.equal("submission 1 made for bounty 1");
    expect((await d.bounties.getBounty(1n)).funded).to.equal(FUNDED);
    // One transaction each, and no allowance is left behind.
    expect(await d.nmr.allowance(d.author, d.bounties)).to.equal(0n);
    const again = await refusal(planSubmit(contextFor(d, d.author), work));
    expect(again.message).to.contain("AlreadySubmitted");
    expect(again.hint).to.equal("Nothing to do: this account has submitted this work.");
  });

  it("plan without sending", async () => {
    const d = await networkHelpers.loadFixture(openBounty);
    const { due } = await planFund(contextFor(d, d.patron), { bountyId: d.bountyId, amount: 1n });
    expect(due?.gas).to.be.above(50_000n);
    expect((await d.bounties.getBounty(d.bountyId)).funded).to.equal(FUNDED);
  });

  it("award at once, and refuse whom the bounty does not name", async () => {
    const d = await networkHelpers.loadFixture(submittedBounty);
    const other = await refusal(planAward(contextFor(d, d.issuer), terms(d)));
    expect(other.message).to.contain(`NotReviewer(reviewer: ${d.reviewer.address}, caller: ${d.issuer.address})`);
    const awarded = await carry(d, d.reviewer, (context) => planAward(context, terms(d)));
    expect(awarded.facts).to.deep.include({
      pays: `30 NMR to ${d.author.address}`,
      total: "30 NMR, at once",
      submitter: d.author.address,
    });
    expect(awarded.summary).to.equal("submission 1 of bounty 1 awarded, paid at once");
    expect(await d.nmr.balanceOf(d.author)).to.equal(parseEther("30"));
  });

  it("sign, redeem and release", async () => {
    const d = await networkHelpers.loadFixture(submittedBounty);
    const file = path.join(folder, "award.json");
    const payments = [
      { payee: d.author.address, amount: parseEther("30") },
      { payee: d.colleague.address, amount: parseEther("10") },
    ];
    const request = {
      ...terms(d, { payments, vestingSeconds: BigInt(10 * DAY) }),
      nonce: 7n,
      deadline: (await now()) + DAY,
      unsigned: false,
    };
    const stranger = await refusal(draftApproval(contextFor(d, d.stranger), request));
    expect(stranger.message).to.contain(`expected the reviewer ${d.reviewer.address}`);
    const context = contextFor(d, d.reviewer);
    const draft = await draftApproval(context, request);
    expect(draft.facts["hash"]).to.equal(await d.bounties.approvalHash(draft.approval));
    await writeApprovalFile(file, await signApproval(context, draft));
    expect((await refusal(writeApprovalFile(file, draft.file))).message).to.contain("expected a new file");

    const redeemed = await carry(d, d.stranger, (one) => planRedeem(one, { approvalFile: file }));
    expect(redeemed.summary).to.equal(
      "submission 1 of bounty 1 awarded by signature, vests over 10 days: grants 1 to 2",
    );
    const again = await carry(d, d.stranger, (one) => planRedeem(one, { approvalFile: file }));
    expect([again.summary, again.sent]).to.deep.equal([
      "nothing to do: submission 1 of bounty 1 is awarded, and the approval's nonce used",
      undefined,
    ]);
    expect((await refusal(draftApproval(context, request))).message).to.contain("nonce 7: found it used");

    await networkHelpers.time.increase(20 * DAY);
    const released = await carry(d, d.stranger, (one) => planRelease(one, { grantId: 1n }));
    expect(released.summary).to.equal(`30 NMR of grant 1 paid to ${d.author.address}`);
    const paid = await carry(d, d.stranger, (one) => planRelease(one, { grantId: 1n }));
    expect(paid.summary).to.equal("nothing to do: grant 1 is paid in full");
    expect((await refusal(planRelease(contextFor(d), { grantId: 9n }))).message).to.contain(
      "GrantNotFound(grantId: 9)",
    );
  });

  it("release nothing while nothing more has vested", async () => {
    const d = await networkHelpers.loadFixture(submittedBounty);
    await award(d, { payees: [d.author.address], amounts: [1n], vestingSeconds: 1_000n });
    const released = await carry(d, d.stranger, (one) => planRelease(one, { grantId: 1n }));
    expect(released.summary).to.equal("nothing to do: grant 1 has vested nothing more");
  });

  describe("given a Safe as the reviewer", () => {
    /** A bounty that a smart wallet reviews, and what it has to sign. */
    async function drafted(d: OpenBounty) {
      const wallet = await new ReviewerWallet__factory(d.deployer).deploy();
      const bountyId = await postBounty(d, { reviewer: await addressOf(wallet), amount: FUNDED });
      await d.bounties.connect(d.author).submit(bountyId, WORK, WORK_URI);
      const request: SignRequest = {
        ...terms({ ...d, bountyId }),
        nonce: 1n,
        deadline: (await now()) + DAY,
        unsigned: true,
      };
      return { wallet, draft: await draftApproval(contextFor(d), request), bountyId };
    }

    it("write down what it has to sign, and redeem with a signature that is given", async () => {
      const d = await networkHelpers.loadFixture(openBounty);
      const { wallet, draft } = await drafted(d);
      const file = path.join(folder, "safe.json");
      await writeApprovalFile(file, draft.file);
      const context = contextFor(d, d.stranger);
      expect((await refusal(planRedeem(context, { approvalFile: file }))).message).to.contain("found no signature");
      const refused = await refusal(planRedeem(context, { approvalFile: file, signature: "0x" }));
      expect(refused.message).to.contain(`InvalidApproval(reviewer: ${await addressOf(wallet)})`);
      await wallet.agree(draft.file.hash, true);
      await carry(d, d.stranger, (one) => planRedeem(one, { approvalFile: file, signature: "0x" }));
      expect(await d.nmr.balanceOf(d.author)).to.equal(parseEther("30"));
    });

    it("refuse what is for another deployment, and what is no approval", async () => {
      const d = await networkHelpers.loadFixture(openBounty);
      const { draft } = await drafted(d);
      const file = path.join(folder, "elsewhere.json");
      await writeApprovalFile(file, draft.file);
      const text = await readFile(file, "utf8");
      const context = contextFor(d, d.stranger);
      await writeFile(file, text.replace('"chainId": "31337"', '"chainId": "1"'));
      expect((await refusal(planRedeem(context, { approvalFile: file }))).message).to.contain("on chain 1, expected");
      for (const [from, to, found] of [
        ['"nonce": "1"', '"nonce": "-1"', 'found nonce "-1"'],
        ['"nonce": "1"', '"nonce": 1', "found nonce 1,"],
        [d.author.address, "0x12", 'found address "0x12"'],
        ['"signature": ""', '"signature": "mine"', 'found signature "mine"'],
        ['"amounts": [', '"sums": [', "found amounts undefined"],
      ] as const) {
        expect(text).to.contain(from);
        await writeFile(file, text.replace(from, to));
        const { message, hint } = await refusal(readApprovalFile(file));
        expect(message).to.contain(`${file}: ${found}`);
        expect(hint).to.equal("Use the file as sign-award wrote it.");
      }
      expect((await refusal(readApprovalFile(path.join(folder, "none")))).message).to.contain("found no readable file");
    });

    it("draw nothing up that the contract would not take", async () => {
      const d = await networkHelpers.loadFixture(submittedBounty);
      const payments = [{ payee: d.author.address, amount: FUNDED + 1n }];
      const request = { ...terms(d, { payments }), nonce: 1n, deadline: (await now()) + DAY, unsigned: true };
      expect((await refusal(draftApproval(contextFor(d), request))).message).to.contain("AwardAboveUnawarded");
    });
  });

  it("revoke and reject", async () => {
    const d = await networkHelpers.loadFixture(submittedBounty);
    const revoked = await carry(d, d.reviewer, (context) => planRevoke(context, { nonce: 5n }));
    expect(revoked.summary).to.contain("nonce 5").and.contain("worthless");
    const again = await carry(d, d.reviewer, (context) => planRevoke(context, { nonce: 5n }));
    expect(again.summary).to.equal("nothing to do: nonce 5 is used");
    const request = { bountyId: d.bountyId, submissionId: 1n, reason: "does not compile" };
    const rejected = await carry(d, d.reviewer, (context) => planReject(context, request));
    expect(rejected.args).to.deep.include({ reason: "does not compile" });
    const twice = await carry(d, d.reviewer, (context) => planReject(context, request));
    expect(twice.summary).to.equal("nothing to do: submission 1 of bounty 1 is rejected");
  });

  it("extend", async () => {
    const d = await networkHelpers.loadFixture(openBounty);
    const request = { bountyId: d.bountyId, deadline: d.deadline + DAY };
    const extended = await carry(d, d.issuer, (context) => planExtend(context, request));
    expect(extended.args).to.deep.include({ deadline: BigInt(d.deadline + DAY) });
    const again = await carry(d, d.issuer, (context) => planExtend(context, request));
    expect(again.summary).to.equal("nothing to do: bounty 1 has this deadline");
    const earlier = { ...request, deadline: d.deadline };
    expect((await refusal(planExtend(contextFor(d, d.issuer), earlier))).message).to.contain("InvalidDeadline");
  });

  describe("cancel", () => {
    it("at once where nothing is pending, and once", async () => {
      const d = await networkHelpers.loadFixture(openBounty);
      const cancelled = await carry(d, d.issuer, (context) => planCancel(context, d));
      expect(cancelled.summary).to.equal("bounty 1 cancelled: funders reclaim 100 NMR");
      expect((await carry(d, d.issuer, (context) => planCancel(context, d))).summary).to.equal(
        "nothing to do: bounty 1 is cancelled",
      );
      const reclaimed = await carry(d, d.patron, (context) => planReclaim(context, d));
      expect(reclaimed.summary).to.equal("40 NMR of bounty 1 taken back");
      const again = await carry(d, d.patron, (context) => planReclaim(context, d));
      expect(again.summary).to.equal(`nothing to do: ${d.patron.address} has nothing in bounty 1`);
    });

    it("with notice where a submission is pending, and announces again once the notice lapsed", async () => {
      const d = await networkHelpers.loadFixture(submittedBounty);
      const announced = await carry(d, d.issuer, (context) => planCancel(context, d));
      expect(announced.event).to.equal("CancelAnnounced");
      const { cancellableFrom } = await d.bounties.getBounty(d.bountyId);
      const early = await refusal(planCancel(contextFor(d, d.issuer), d));
      expect([early.exitCode, early.message.includes("found a notice that runs until")]).to.deep.equal([2, true]);
      await networkHelpers.time.increase(NOTICE + WINDOW + 1);
      expect((await planCancel(contextFor(d, d.issuer), d)).event).to.equal("CancelAnnounced");
      await carry(d, d.issuer, (context) => planCancel(context, d));
      expect((await d.bounties.getBounty(d.bountyId)).cancellableFrom).to.be.above(cancellableFrom);
      await networkHelpers.time.increase(NOTICE);
      const cancelled = await carry(d, d.issuer, (context) => planCancel(context, d));
      expect(cancelled.event).to.equal("BountyCancelled");
    });
  });

  it("expire once the time is over", async () => {
    const d = await networkHelpers.loadFixture(submittedBounty);
    for (const [to, status] of [
      [d.deadline, "Open"],
      [d.deadline + REVIEW, "Review"],
    ] as const) {
      await networkHelpers.time.increaseTo(to);
      const early = await refusal(planExpire(contextFor(d), d));
      expect([early.message, early.exitCode]).to.deep.equal([`bounty 1: found ${status}, expected Overdue`, 2]);
    }
    await networkHelpers.time.increaseTo(d.deadline + REVIEW + 1);
    const expired = await carry(d, d.stranger, (context) => planExpire(context, d));
    expect(expired.summary).to.equal("bounty 1 expired: funders reclaim 100 NMR");
    expect((await carry(d, d.stranger, (context) => planExpire(context, d))).summary).to.equal(
      "nothing to do: bounty 1 is expired",
    );
  });

  it("list every bounty, or those with a status", async () => {
    const d = await networkHelpers.loadFixture(everyBountyStatus);
    const context = contextFor(d);
    const all = await listBounties(context, {});
    expect(all.bounties.map(({ status }) => status)).to.deep.equal([
      "Open",
      "Review",
      "Overdue",
      "Awarded",
      "Cancelled",
      "Expired",
    ]);
    expect(listTable(all)).to.contain(d.reviewer.address).and.contain("NMR left");
    const open = await listBounties(context, { status: "Open" });
    expect(open.bounties.map(({ bountyId }) => bountyId)).to.deep.equal([d.bountyIds.Open]);
    expect(listTable({ ...open, bounties: [] })).to.equal("no bounty");
  });

  it("show a bounty with funders, submissions and grants", async () => {
    const d = await networkHelpers.loadFixture(submittedBounty);
    await d.bounties.connect(d.stranger).submit(d.bountyId, id("more"), "ipfs://more");
    await d.bounties.connect(d.patron).fund(d.bountyId, 1n);
    await award(d, { vestingSeconds: BigInt(DAY) });
    await award(d, { submissionId: 2n, payees: [d.stranger.address], amounts: [5n] });
    const report = await showBounty(contextFor(d), d.bountyId);
    expect(report.termsURI).to.equal(TERMS_URI);
    expect(report.contributions).to.deep.equal([
      { funder: d.issuer.address, amount: ISSUED },
      { funder: d.patron.address, amount: GIVEN + 1n },
    ]);
    expect(report.submissions.map(({ status, uri }) => [status, uri])).to.deep.equal([
      ["Awarded", WORK_URI],
      ["Awarded", "ipfs://more"],
    ]);
    expect(report.grants.map(({ grantId, submissionId, payee }) => [grantId, submissionId, payee])).to.deep.equal([
      [1n, 1n, d.author.address],
      [2n, 1n, d.colleague.address],
    ]);
    const text = bountyText(report);
    for (const part of ["bounty 1: Open", TERMS_URI, WORK, "ipfs://more", d.colleague.address]) {
      expect(text).to.contain(part);
    }
    const { message, hint } = await refusal(showBounty(contextFor(d), 9n));
    expect([message, hint]).to.deep.equal([
      "bounty 9: found 1 bounties, expected one with this number",
      "Look the bounties up with list.",
    ]);
  });

  it("need an account for what an account alone may do", async () => {
    const d = await networkHelpers.loadFixture(submittedBounty);
    const context = contextFor(d);
    for (const plan of [
      () => planFund(context, { bountyId: 1n, amount: 1n }),
      () => planAward(context, terms(d)),
      () => planCancel(context, d),
      () => planReclaim(context, d),
    ]) {
      expect((await refusal(plan())).message).to.contain("no account to send from");
    }
  });
});
