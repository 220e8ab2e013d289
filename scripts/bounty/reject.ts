import { requireSigner, type Context } from "../chain/context.js";
import type { BountyAction } from "./bounty-action.js";
import { readBounty, readSubmission } from "./bounty-state.js";
import { callBounties } from "./call-bounties.js";

/**
 * Turns a submission down for good, by the reviewer.
 * @throws {NumeraireError} when the contract would refuse.
 */
export async function planReject(
  context: Context,
  { bountyId, submissionId, reason }: { bountyId: bigint; submissionId: bigint; reason: string },
): Promise<BountyAction> {
  const { submitter, status } = await readSubmission(context, await readBounty(context, bountyId), submissionId);
  const name = `submission ${submissionId.toString()} of bounty ${bountyId.toString()}`;
  const action = {
    name: `Reject ${name}`,
    facts: { bounty: bountyId.toString(), submission: submissionId.toString(), submitter, reason },
    event: "SubmissionRejected",
    describe: () => `${name} rejected`,
  };
  if (status === "Rejected") return { ...action, idle: `${name} is rejected` };
  return {
    ...action,
    due: await callBounties(
      requireSigner(context),
      `reject ${name}`,
      context.suite.bounties.interface.encodeFunctionData("reject", [bountyId, submissionId, reason]),
    ),
  };
}
