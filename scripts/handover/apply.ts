import { requireSigner, type Context } from "../chain/context.js";
import { sendCalls } from "../chain/send-calls.js";
import { withJournal, type SendSettings } from "../chain/send.js";
import type { Difference } from "../oracle/verify/check.js";
import type { TargetStage } from "./former-holder.js";
import type { HandoverStep } from "./handover-step.js";
import { plan, type HandoverPlan } from "./plan.js";
import { verify } from "./verify.js";

export interface ApplyOptions extends SendSettings {
  stage: TargetStage;
}

/** What apply would do now. */
export interface ApplyPreview extends HandoverPlan {
  /** Steps that the context's account can send now; of all accounts where it has none. */
  due: HandoverStep[];
}

export interface ApplyResult {
  stage: TargetStage;
  sent: { step: string; hash: string }[];
  /** What others have to send, or what waits; empty when the stage is reached. */
  left: HandoverStep[];
  /** What does not prove that the stage is reached; only looked for when nothing is left. */
  differences: Difference[];
}

/**
 * Finds what the account can do now; sends nothing.
 * @throws {NumeraireError} as {@link plan}.
 */
export async function previewApply(context: Context, { stage }: ApplyOptions): Promise<ApplyPreview> {
  const planned = await plan(context, stage);
  const account = await context.signer?.getAddress();
  const mine = ({ by }: HandoverStep): boolean => account === undefined || by === undefined || by === account;
  return { ...planned, due: planned.steps.filter((step) => step.waitsFor === undefined && mine(step)) };
}

/**
 * Sends what the account can send now, and says what is left. Continues where it stopped.
 * @throws {NumeraireError} as {@link plan}, or when a transaction fails.
 */
export async function apply(context: Context, options: ApplyOptions): Promise<ApplyResult> {
  const sent = await sendDue(context, options);
  const { stage } = options;
  // What may be sent only after this is another run's: it was not shown yet.
  const { steps: left } = await plan(context, stage);
  return { stage, sent, left, differences: left.length > 0 ? [] : (await verify(context, stage)).differences };
}

async function sendDue(context: Context, options: ApplyOptions): Promise<ApplyResult["sent"]> {
  const first = await previewApply(context, options);
  if (first.due.length === 0) return [];
  const signing = requireSigner(context);
  return withJournal(signing, { ...options, due: first.due }, async (held) => {
    // Looks again, now that nothing of the account is pending.
    const { due } = await previewApply(signing, options);
    const receipts = await sendCalls(signing, due, held);
    return receipts.map(({ hash }, i) => ({ step: due[i]?.step ?? "", hash }));
  });
}
