import { NumeraireError } from "../../sdk/numeraire-error.js";
import type { Context } from "../chain/context.js";
import { readApprovalFile, type ReadApproval } from "./approval-file.js";
import { payment } from "./award.js";
import { awardFacts } from "./award-terms.js";
import type { BountyAction } from "./bounty-action.js";
import { readBounty, readSubmission } from "./bounty-state.js";
import { callBounties } from "./call-bounties.js";
import { showTime } from "./show-time.js";

export interface RedeemRequest {
  /** Path of the file that sign-award wrote. */
  approvalFile: string;
  /** The reviewer's signature, before that in the file; "0x" where a Safe approved the hash on chain. */
  signature?: string | undefined;
}

/**
 * Redeems an award that the reviewer signed; anybody may.
 * @throws {NumeraireError} when the file is none, is for another deployment or has no signature, or the contract would
 * refuse the award.
 */
export async function planRedeem(context: Context, request: RedeemRequest): Promise<BountyAction> {
  const { bounties } = context.suite;
  const read = await readApprovalFile(request.approvalFile);
  await requireDeployment(context, request.approvalFile, read);
  const { approval } = read;
  const { bountyId, submissionId, payees, amounts, vestingSeconds, nonce, deadline } = approval;
  const bounty = await readBounty(context, bountyId);
  const { status, submitter } = await readSubmission(context, bounty, submissionId);
  const name = `submission ${submissionId.toString()} of bounty ${bountyId.toString()}`;
  const payments = payees.map((payee, i) => ({ payee, amount: amounts[i] ?? 0n }));
  const action: BountyAction = {
    name: `Redeem the award of ${name}`,
    facts: {
      ...awardFacts({ bountyId, submissionId, payments, vestingSeconds }),
      submitter,
      reviewer: bounty.reviewer,
      "good until": showTime(Number(deadline)),
    },
    event: "SubmissionAwarded",
    describe: (args) => `${name} awarded by signature, ${payment(vestingSeconds, args)}`,
  };
  if (status === "Awarded" && (await bounties.isNonceUsed(bounty.reviewer, nonce))) {
    return { ...action, idle: `${name} is awarded, and the approval's nonce used` };
  }
  const signature = request.signature ?? read.signature;
  if (signature === "") {
    throw new NumeraireError(`${request.approvalFile}: found no signature, expected that of ${bounty.reviewer}`, {
      hint: 'Let the reviewer sign the file\'s "typedData", and give the signature with --signature.',
    });
  }
  const due = await callBounties(
    context,
    `redeem the award of ${name}`,
    context.suite.bounties.interface.encodeFunctionData("awardBySig", [approval, signature]),
  );
  return { ...action, due };
}

async function requireDeployment(
  { chainId, network, suite }: Context,
  path: string,
  read: ReadApproval,
): Promise<void> {
  const address = await suite.bounties.getAddress();
  if (read.chainId === chainId && read.bounties.toLowerCase() === address.toLowerCase()) return;
  throw new NumeraireError(
    `${path}: found an approval for ${read.bounties} on chain ${read.chainId.toString()}, expected ${address} on chain ${chainId.toString()}`,
    { hint: `Give the --network it was signed for; this is ${network}.` },
  );
}
