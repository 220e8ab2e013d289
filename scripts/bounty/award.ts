import { requireSigner, type Context } from "../chain/context.js";
import type { BountyAction, EventArguments } from "./bounty-action.js";
import { readBounty, readSubmission } from "./bounty-state.js";
import { awardFacts, vesting, type AwardTerms } from "./award-terms.js";
import { callBounties } from "./call-bounties.js";

/**
 * Awards NMR for a submission, by the reviewer's transaction.
 * @throws {NumeraireError} when the contract would refuse the award.
 */
export async function planAward(context: Context, terms: AwardTerms): Promise<BountyAction> {
  const signing = requireSigner(context);
  const { bountyId, submissionId, payments, vestingSeconds } = terms;
  const { submitter } = await readSubmission(context, await readBounty(context, bountyId), submissionId);
  const name = `submission ${submissionId.toString()} of bounty ${bountyId.toString()}`;
  return {
    name: `Award ${name}`,
    facts: { ...awardFacts(terms), submitter },
    due: await callBounties(
      signing,
      `award ${name}`,
      context.suite.bounties.interface.encodeFunctionData("award", [
        bountyId,
        submissionId,
        payments.map(({ payee }) => payee),
        payments.map(({ amount }) => amount),
        vestingSeconds,
      ]),
    ),
    event: "SubmissionAwarded",
    describe: (args) => `${name} awarded, ${payment(vestingSeconds, args)}`,
  };
}

/** How an award is paid, with the numbers of its grants. */
export function payment(vestingSeconds: bigint, { firstGrantId, payees }: EventArguments): string {
  if (vestingSeconds === 0n) return "paid at once";
  const first = Number(firstGrantId);
  const last = first + (Array.isArray(payees) ? payees.length : 1) - 1;
  return `vests ${vesting(vestingSeconds)}: ${first === last ? `grant ${first}` : `grants ${first} to ${last}`}`;
}
