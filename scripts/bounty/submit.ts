import { requireSigner, type Context } from "../chain/context.js";
import type { BountyAction } from "./bounty-action.js";
import { readBounty } from "./bounty-state.js";
import { callBounties } from "./call-bounties.js";
import { showTime } from "./show-time.js";

export interface SubmitRequest {
  bountyId: bigint;
  /** Hash of the work, 32 bytes as hex. */
  contentHash: string;
  /** Where the work can be found. */
  uri: string;
}

/**
 * Submits work of the account.
 * @throws {NumeraireError} when the bounty takes none, or this work of the account was submitted before.
 */
export async function planSubmit(
  context: Context,
  { bountyId, contentHash, uri }: SubmitRequest,
): Promise<BountyAction> {
  const signing = requireSigner(context);
  const { deadline, reviewer } = await readBounty(context, bountyId);
  const name = `bounty ${bountyId.toString()}`;
  return {
    name: `Submit work for ${name}`,
    facts: {
      bounty: bountyId.toString(),
      work: `${contentHash} at ${uri === "" ? "no place" : uri}`,
      deadline: showTime(deadline),
      reviewer,
    },
    due: await callBounties(
      signing,
      `submit work for ${name}`,
      context.suite.bounties.interface.encodeFunctionData("submit", [bountyId, contentHash, uri]),
    ),
    event: "WorkSubmitted",
    describe: ({ submissionId }) => `submission ${String(submissionId)} made for ${name}`,
  };
}
