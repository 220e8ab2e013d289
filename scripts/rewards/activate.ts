import { NumeraireError } from "../../sdk/numeraire-error.js";
import { requireSigner, type Context } from "../chain/context.js";
import { priceCall, type PricedCall } from "../chain/price-call.js";
import { send, type SendSettings } from "../chain/send.js";
import {
  chainTime,
  isOpen,
  readOpenProposals,
  readProposal,
  readRewards,
  showTime,
  type ProposalState,
} from "./rewards-state.js";

export interface ActivateOptions extends SendSettings {
  /** Proposal to activate; the newest that the committee approved when left out. */
  proposalId?: bigint | undefined;
}

/** What activate would do now. */
export interface ActivatePreview {
  proposal: ProposalState;
  /** Absent when the proposal is live already. */
  due?: PricedCall;
}

export interface ActivateResult {
  week: bigint;
  proposalId: bigint;
  root: string;
  /** NMR, in wei. */
  added: bigint;
  allocated: bigint;
  /** Absent when it was live already. */
  sent?: { hash: string; gasUsed: bigint };
}

/**
 * Finds the proposal that can be activated; sends nothing.
 * @throws {NumeraireError} with exit code 2 while approvals or the challenge period are outstanding.
 */
export async function previewActivate(context: Context, { proposalId }: ActivateOptions): Promise<ActivatePreview> {
  const state = await readRewards(context);
  const quorum = await context.suite.committee.quorum();
  const open = await readOpenProposals(context, state);
  const wanted =
    proposalId === undefined
      ? open.filter(isOpen)
      : [await readProposal(context, state, proposalId, await chainTime(context))];
  const proposal = wanted.findLast(({ approvals }) => approvals >= quorum) ?? wanted.at(-1);
  if (proposal === undefined) {
    throw new NumeraireError(`week ${(state.lastWeek + 1n).toString()}: found no open proposal, expected one`, {
      hint: "A committee member must plan and propose the week first; see status.",
      exitCode: 2,
    });
  }
  if (proposal.stage === "live") return { proposal };
  requireReady(proposal, quorum);
  const { rewards } = context.suite;
  const call = {
    step: `activate week ${proposal.week.toString()} by proposal ${proposal.proposalId.toString()}`,
    to: await rewards.getAddress(),
    data: rewards.interface.encodeFunctionData("activateWeek", [proposal.proposalId]),
  };
  return { proposal, due: await priceCall(context, call) };
}

/**
 * Mints a week and makes its root live. Nothing to do when it is live already.
 * @throws {NumeraireError} as {@link previewActivate}, or when the transaction fails.
 */
export async function activate(context: Context, options: ActivateOptions): Promise<ActivateResult> {
  const { proposal, due } = await previewActivate(context, options);
  const receipt = due && (await send(requireSigner(context), due, due.step, options));
  const { week, proposalId, root, added } = proposal;
  return {
    week,
    proposalId,
    root,
    added,
    allocated: await context.suite.rewards.allocated(),
    ...(receipt && { sent: { hash: receipt.hash, gasUsed: receipt.gasUsed } }),
  };
}

function requireReady(proposal: ProposalState, quorum: bigint): void {
  const { proposalId, stage, approvals, from, until } = proposal;
  const name = `proposal ${proposalId.toString()}`;
  if (approvals < quorum && isOpen(proposal)) {
    throw new NumeraireError(`${name}: found ${approvals.toString()} approvals, expected ${quorum.toString()}`, {
      hint: "More committee members must verify and approve it.",
      exitCode: 2,
    });
  }
  if (stage === "ready") return;
  const found = {
    challenge: `the challenge period running until ${showTime(from)}`,
    vetoed: "it vetoed by the guardian",
    expired: `it expired since ${showTime(until)}`,
    overtaken: "another one live for its week",
    live: "it live",
  }[stage];
  throw new NumeraireError(`${name}: found ${found}, expected it ready to be activated`, {
    hint:
      stage === "challenge"
        ? "Wait until then, and activate."
        : "Look with status, and plan and propose the week again.",
    exitCode: 2,
  });
}
