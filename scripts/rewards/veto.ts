import { NumeraireError } from "../../sdk/numeraire-error.js";
import { requireSigner, type Context, type SigningContext } from "../chain/context.js";
import { priceCall, type PricedCall } from "../chain/price-call.js";
import { send, withJournal, type SendSettings } from "../chain/send.js";
import { requireRole } from "../oracle/require-role.js";
import {
  chainTime,
  isOpen,
  readOpenProposals,
  readProposal,
  readRewards,
  type ProposalState,
} from "./rewards-state.js";

export interface VetoOptions extends SendSettings {
  /** Proposal that must not become live. */
  proposalId: bigint;
  /** Why, for everybody to read on chain. */
  reason: string;
}

/** What veto would do now. */
export interface VetoPreview {
  week: bigint;
  /** Proposals that a veto kills now: all that can still become live; empty when there is nothing to do. */
  proposals: ProposalState[];
  /** Absent when the proposal is vetoed already. */
  due?: PricedCall;
}

export interface VetoResult {
  week: bigint;
  proposalId: bigint;
  /** Proposals that this veto killed. */
  vetoed: bigint[];
  /** Absent when the proposal was vetoed already. */
  sent?: { hash: string; gasUsed: bigint };
}

/**
 * Finds what a veto would kill, and whether the account may; sends nothing.
 * @throws {NumeraireError} when the proposal does not exist or can become live no more, or the account may not veto.
 */
export async function previewVeto(context: Context, { proposalId, reason }: VetoOptions): Promise<VetoPreview> {
  const { rewards } = context.suite;
  const state = await readRewards(context);
  const proposal = await readProposal(context, state, proposalId, await chainTime(context));
  const { stage, week } = proposal;
  if (stage === "vetoed") return { week, proposals: [] };
  if (!isOpen(proposal)) {
    throw new NumeraireError(
      `proposal ${proposalId.toString()}: found it ${stage}, expected one that can become live`,
      {
        hint:
          stage === "live"
            ? "A veto comes too late: accounts are paid by its root until another week is live."
            : "There is nothing to veto: look with status.",
        exitCode: 2,
      },
    );
  }
  const signing = requireSigner(context);
  const call = {
    step: `veto the proposals of week ${week.toString()}`,
    to: await rewards.getAddress(),
    data: rewards.interface.encodeFunctionData("vetoWeek", [reason]),
  };
  await requireRole(signing, call, "veto", "the guardian");
  const proposals = (await readOpenProposals(context, state)).filter(isOpen);
  return { week, proposals, due: await priceCall(signing, call) };
}

/**
 * Kills every proposal made so far; another can follow. Nothing to do when the proposal is vetoed already.
 * @throws {NumeraireError} as {@link previewVeto}, or when the transaction fails.
 */
export async function veto(context: Context, options: VetoOptions): Promise<VetoResult> {
  const { week, due } = await previewVeto(context, options);
  if (due === undefined) return { week, proposalId: options.proposalId, vetoed: [] };
  const signing = requireSigner(context);
  return withJournal(signing, { ...options, due: [due] }, (held) => vetoNow(signing, held));
}

/** Looks again, now that nothing of the account is pending that could be a veto, and vetoes. */
async function vetoNow(context: SigningContext, options: VetoOptions): Promise<VetoResult> {
  const { week, proposals, due } = await previewVeto(context, options);
  const receipt = due && (await send(context, due, due.step, options));
  return {
    week,
    proposalId: options.proposalId,
    vetoed: proposals.map((one) => one.proposalId),
    ...(receipt && { sent: { hash: receipt.hash, gasUsed: receipt.gasUsed } }),
  };
}
