import { id } from "ethers";

import { formatNmr } from "../../sdk/units.js";
import type { Context } from "../chain/context.js";
import type { PlannedCall } from "../chain/planned-call.js";
import type { HandoverStep } from "./handover-step.js";

/** What OpenZeppelin's Governor says of a proposal, by its number. */
const STATES = ["Pending", "Active", "Canceled", "Defeated", "Succeeded", "Queued", "Expired", "Executed"] as const;
type ProposalState = (typeof STATES)[number];

/** States that a proposal does not leave: another one is needed. */
const OVER: readonly ProposalState[] = ["Canceled", "Defeated", "Expired", "Executed"];

/** Steps that are left of a proposal by its state; the vote itself is the holders'. */
const LEFT: Readonly<Partial<Record<ProposalState, number>>> = { Queued: 1, Succeeded: 2, Active: 2, Pending: 2 };

/**
 * The steps that are left of calls that the governor makes: proposing them, queueing what passed, and carrying it out.
 * @param calls What is voted on.
 * @param description What the proposal says; the same words always find the same proposal again.
 */
export async function proposalSteps(
  context: Context,
  calls: readonly PlannedCall[],
  description: string,
): Promise<HandoverStep[]> {
  const { governor } = context.suite;
  const actions = [calls.map(({ to }) => to), calls.map(() => 0n), calls.map(({ data }) => data)] as const;
  const what = calls.map(({ step }) => step).join("; ");
  const to = await governor.getAddress();
  for (let again = 0; ; again += 1) {
    const text = again === 0 ? description : `${description} (again, ${again})`;
    const proposalId = await governor.hashProposal(...actions, id(text));
    const state = await proposalState(context, proposalId);
    if (state !== undefined && OVER.includes(state)) continue;
    const [propose, queue, execute]: [HandoverStep, HandoverStep, HandoverStep] = [
      {
        step: `propose, with ${formatNmr(await governor.proposalThreshold())} votes: ${what}`,
        to,
        data: governor.interface.encodeFunctionData("propose", [...actions, text]),
      },
      {
        step: `queue proposal ${proposalId.toString()} in the timelock`,
        to,
        data: governor.interface.encodeFunctionData("queue", [...actions, id(text)]),
      },
      {
        step: `carry out proposal ${proposalId.toString()}`,
        to,
        data: governor.interface.encodeFunctionData("execute", [...actions, id(text)]),
      },
    ];
    const steps = [propose, queue, execute].slice(-(state === undefined ? 3 : (LEFT[state] ?? 3)));
    const wait = await waitOf(context, proposalId, state);
    // Each step opens the way for the one after it.
    return steps.map((step, i) => {
      const waitsFor = i === 0 ? wait : "the step before it";
      return waitsFor === undefined ? step : { ...step, waitsFor };
    });
  }
}

/** Undefined where there is no such proposal. */
async function proposalState({ suite: { governor } }: Context, proposalId: bigint): Promise<ProposalState | undefined> {
  if ((await governor.proposalSnapshot(proposalId)) === 0n) return undefined;
  return STATES[Number(await governor.state(proposalId))];
}

/** What the next step of a proposal waits for; undefined where it can be sent. */
async function waitOf(
  { provider, suite: { governor } }: Context,
  proposalId: bigint,
  state: ProposalState | undefined,
): Promise<string | undefined> {
  const date = (seconds: bigint): string => new Date(Number(seconds) * 1000).toISOString();
  if (state === "Pending" || state === "Active") {
    const [from, until] = await Promise.all([
      governor.proposalSnapshot(proposalId),
      governor.proposalDeadline(proposalId),
    ]);
    return `the vote from ${date(from)} to ${date(until)}`;
  }
  if (state !== "Queued") return undefined;
  const due = await governor.proposalEta(proposalId);
  return BigInt((await provider.getBlock("latest"))?.timestamp ?? 0) < due ? date(due) : undefined;
}
