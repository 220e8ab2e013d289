import { NumeraireError } from "../../sdk/numeraire-error.js";
import { weeklyReportHash } from "../../sdk/weekly-report.js";
import { requireSigner, type Context, type SigningContext } from "../chain/context.js";
import type { PlannedCall } from "../chain/planned-call.js";
import { send, withJournal, type SendSettings } from "../chain/send.js";
import { requireAgreement } from "./require-agreement.js";
import { priceCalls } from "../chain/send-calls.js";
import { isOpen, readOpenProposals, readRewards, type ProposalState } from "./rewards-state.js";
import { verify, type VerifyOptions } from "./verify.js";
import { readWeek, type StoredWeek } from "./week-file.js";

export interface ProposeOptions extends VerifyOptions, SendSettings {
  /** Where others find the week file. */
  evidenceURI?: string | undefined;
}

/** What propose would do now. */
export interface ProposePreview {
  stored: StoredWeek;
  /** The account's own proposal of the file, where there is one. */
  proposal?: ProposalState;
  /** What is left to send; its second call supposes that nobody else proposes first. */
  calls: PlannedCall[];
  gas: bigint;
  /** Ether, in wei. */
  cost: bigint;
}

export interface ProposeResult {
  week: bigint;
  proposalId: bigint;
  reportHash: string;
  approvals: bigint;
  quorum: bigint;
  /** Unix seconds from which it can be activated, and until which. */
  from: bigint;
  until: bigint;
  /** Hashes of what was sent; empty when there was nothing to do. */
  sent: string[];
}

/**
 * Verifies a week file and finds what is left of proposing it; sends nothing.
 * @throws {NumeraireError} when anything differs, the week is not the next one, or the account is no member.
 */
export async function previewPropose(context: Context, options: ProposeOptions): Promise<ProposePreview> {
  const signing = requireSigner(context);
  const { committee } = context.suite;
  const account = await signing.signer.getAddress();
  const stored = await readWeek(options.plan);
  requireAgreement(await verify(context, options), { rivals: true });
  if (!(await committee.isMember(account))) {
    throw new NumeraireError(`account ${account}: found no committee member, expected one`, {
      hint: "Only committee members propose weeks: use a member's account.",
    });
  }
  const proposal = await findOwn(context, stored, account);
  const calls = await callsFor(signing, stored, proposal, options.evidenceURI ?? "");
  const price = await priceCalls(context, calls);
  return { stored, ...(proposal && { proposal }), calls, ...price };
}

/**
 * Proposes a week and approves it; continues where it stopped, and does nothing the second time.
 * @throws {NumeraireError} as {@link previewPropose}, or when a transaction fails.
 */
export async function propose(context: Context, options: ProposeOptions): Promise<ProposeResult> {
  const signing = requireSigner(context);
  const { calls: due } = await previewPropose(context, options);
  return withJournal(signing, { ...options, due }, async (held) => {
    const account = await signing.signer.getAddress();
    const { stored, proposal, calls } = await previewPropose(context, held);
    const sent: string[] = [];
    const [first] = calls;
    if (proposal === undefined && first !== undefined) {
      sent.push((await send(signing, first, first.step, held)).hash);
    }
    const own = proposal ?? (await findOwn(context, stored, account));
    if (own === undefined) {
      throw new NumeraireError(`week ${stored.file.week.toString()}: found no proposal of it after proposing it`, {
        hint: "The guardian may have vetoed it, or a rival may be live: look with status.",
        exitCode: 2,
      });
    }
    // The other call supposed a number.
    for (const call of await callsFor(signing, stored, own, "")) {
      sent.push((await send(signing, call, call.step, held)).hash);
    }
    const { committee } = context.suite;
    const { proposalId, reportHash, from, until } = own;
    const [approvals, quorum] = await Promise.all([committee.approvals(reportHash), committee.quorum()]);
    return { week: stored.file.week, proposalId, reportHash, approvals, quorum, from, until, sent };
  });
}

/** The newest proposal of the file that the account made and can still become live. */
async function findOwn(
  context: Context,
  { file, sha256 }: StoredWeek,
  account: string,
): Promise<ProposalState | undefined> {
  const open = await readOpenProposals(context, await readRewards(context));
  return open.findLast(
    (one) =>
      isOpen(one) &&
      one.proposer === account &&
      one.week === file.week &&
      one.root === file.root &&
      one.added === file.added &&
      one.evidenceHash === sha256,
  );
}

async function callsFor(
  { chainId, signer, suite: { committee, rewards } }: SigningContext,
  { file, sha256 }: StoredWeek,
  proposal: ProposalState | undefined,
  evidenceURI: string,
): Promise<PlannedCall[]> {
  const { week, root, added } = file;
  const proposalId = proposal?.proposalId ?? (await rewards.proposalCount()) + 1n;
  const report = { chainId, rewards: file.rewards, week, proposalId, root, added, evidenceHash: sha256 };
  const hash = weeklyReportHash(report);
  const approve = {
    step: `approve proposal ${proposalId.toString()}, report ${hash}`,
    to: await committee.getAddress(),
    data: committee.interface.encodeFunctionData("approve", [hash]),
  };
  if (proposal !== undefined) return (await committee.hasApproved(hash, await signer.getAddress())) ? [] : [approve];
  const propose = {
    step: `propose week ${week.toString()}`,
    to: await rewards.getAddress(),
    data: rewards.interface.encodeFunctionData("proposeWeek", [week, root, added, sha256, evidenceURI]),
  };
  return [propose, approve];
}
