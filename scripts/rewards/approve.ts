import { NumeraireError } from "../../sdk/numeraire-error.js";
import { requireSigner, type Context } from "../chain/context.js";
import { priceCall, type PricedCall } from "../chain/price-call.js";
import { send, type SendSettings } from "../chain/send.js";
import { requireAgreement } from "./require-agreement.js";
import type { ProposalState } from "./rewards-state.js";
import { verify, type VerifyOptions } from "./verify.js";

export interface ApproveOptions extends VerifyOptions, SendSettings {
  /** Path of the member's own leaderboard: it approves what it would have proposed. */
  leaderboard: string;
  /** Proposal to approve; the newest of the file when left out. */
  proposalId?: bigint | undefined;
}

/** What approve would do now. */
export interface ApprovePreview {
  proposal: ProposalState;
  /** Absent when the account has approved the proposal already. */
  due?: PricedCall;
}

export interface ApproveResult {
  week: bigint;
  proposalId: bigint;
  reportHash: string;
  approvals: bigint;
  quorum: bigint;
  /** Absent when there was nothing to do. */
  sent?: { hash: string; gasUsed: bigint };
}

/**
 * Recomputes a week from the member's own files and finds the proposal of it; sends nothing.
 * @throws {NumeraireError} with exit code 2 when anything differs, or no open proposal is of the file.
 */
export async function previewApprove(context: Context, options: ApproveOptions): Promise<ApprovePreview> {
  const { committee } = context.suite;
  const signing = requireSigner(context);
  const account = await signing.signer.getAddress();
  const result = await verify(context, options);
  requireAgreement(result);
  const proposal =
    options.proposalId === undefined
      ? result.proposals.at(-1)
      : result.proposals.find(({ proposalId }) => proposalId === options.proposalId);
  if (proposal === undefined) {
    const wanted = options.proposalId === undefined ? "" : ` numbered ${options.proposalId.toString()}`;
    throw new NumeraireError(`week ${result.week.toString()}: found no open proposal${wanted} of this file`, {
      hint: "Propose it first, or look with status for what is proposed.",
      exitCode: 2,
    });
  }
  if (proposal.stage === "live" || (await committee.hasApproved(proposal.reportHash, account))) return { proposal };
  const call = {
    step: `approve proposal ${proposal.proposalId.toString()}, report ${proposal.reportHash}`,
    to: await committee.getAddress(),
    data: committee.interface.encodeFunctionData("approve", [proposal.reportHash]),
  };
  return { proposal, due: await priceCall(signing, call) };
}

/**
 * Approves the proposal of a week that agrees with the member's own files. Nothing to do when it is approved already.
 * @throws {NumeraireError} as {@link previewApprove}, or when the transaction fails.
 */
export async function approve(context: Context, options: ApproveOptions): Promise<ApproveResult> {
  const { proposal, due } = await previewApprove(context, options);
  const receipt = due && (await send(requireSigner(context), due, due.step, options));
  const { committee } = context.suite;
  const { proposalId, reportHash, week } = proposal;
  const [approvals, quorum] = await Promise.all([committee.approvals(reportHash), committee.quorum()]);
  return {
    week,
    proposalId,
    reportHash,
    approvals,
    quorum,
    ...(receipt && { sent: { hash: receipt.hash, gasUsed: receipt.gasUsed } }),
  };
}
