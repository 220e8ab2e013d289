import { writeFile } from "node:fs/promises";

import {
  AWARD_APPROVAL_TYPES,
  awardApprovalDomain,
  awardApprovalHash,
  type AwardApproval,
} from "../../sdk/award-approval.js";
import { toNumeraireError } from "../../sdk/decode-error.js";
import { NumeraireError } from "../../sdk/numeraire-error.js";
import { requireSigner, type Context } from "../chain/context.js";
import { awardFacts, type AwardTerms } from "./award-terms.js";
import { typedData, type ApprovalFile } from "./approval-file.js";
import { readBounty } from "./bounty-state.js";
import { showTime } from "./show-time.js";

export interface SignRequest extends AwardTerms {
  /** Any number the reviewer has not used. */
  nonce: bigint;
  /** Last second to redeem, in Unix seconds. */
  deadline: number;
  /** Leave the signature to the reviewer's own wallet, for example a Safe. */
  unsigned: boolean;
}

/** An approval before it is signed. */
export interface DraftApproval {
  reviewer: string;
  approval: AwardApproval;
  facts: Record<string, string>;
  file: ApprovalFile;
}

/**
 * Draws up the approval of an award, once the contract would take it from the reviewer now.
 * @throws {NumeraireError} when it would not, the nonce is used, or the account that is to sign is not the reviewer.
 */
export async function draftApproval(context: Context, request: SignRequest): Promise<DraftApproval> {
  const { bounties } = context.suite;
  const { bountyId, submissionId, payments, vestingSeconds, nonce, deadline, unsigned } = request;
  const { reviewer } = await readBounty(context, bountyId);
  if (!unsigned) await requireReviewer(context, bountyId, reviewer);
  if (await bounties.isNonceUsed(reviewer, nonce)) {
    throw new NumeraireError(`nonce ${nonce.toString()}: found it used by ${reviewer}, expected an unused one`, {
      hint: "Choose another --nonce, or leave it out.",
    });
  }
  const payees = payments.map(({ payee }) => payee);
  const amounts = payments.map(({ amount }) => amount);
  const args = [bountyId, submissionId, payees, amounts, vestingSeconds] as const;
  await bounties.award.staticCall(...args, { from: reviewer }).catch((error: unknown) => {
    throw toNumeraireError(error, `award submission ${submissionId.toString()} of bounty ${bountyId.toString()}`);
  });
  const approval = { bountyId, submissionId, payees, amounts, vestingSeconds, nonce, deadline: BigInt(deadline) };
  const domain = awardApprovalDomain(context.chainId, await bounties.getAddress());
  const hash = awardApprovalHash(domain, approval);
  return {
    reviewer,
    approval,
    facts: { ...awardFacts(request), reviewer, nonce: nonce.toString(), "good until": showTime(deadline), hash },
    file: { reviewer, typedData: typedData(domain, approval), hash, signature: "" },
  };
}

/** Signs an approval with the account of the context. */
export async function signApproval(context: Context, { approval, file }: DraftApproval): Promise<ApprovalFile> {
  const { signer, suite, chainId } = requireSigner(context);
  const domain = awardApprovalDomain(chainId, await suite.bounties.getAddress());
  return { ...file, signature: await signer.signTypedData(domain, AWARD_APPROVAL_TYPES, approval) };
}

/** @throws {NumeraireError} when the file cannot be written, or is there already. */
export async function writeApprovalFile(path: string, file: ApprovalFile): Promise<void> {
  await writeFile(path, `${JSON.stringify(file, null, 2)}\n`, { flag: "wx" }).catch((cause: unknown) => {
    throw new NumeraireError(`${path}: could not be written, expected a new file in a folder that exists`, {
      hint: "Choose another --out; an approval is never overwritten.",
      cause,
    });
  });
}

async function requireReviewer(context: Context, bountyId: bigint, reviewer: string): Promise<void> {
  const account = await requireSigner(context).signer.getAddress();
  if (account === reviewer) return;
  throw new NumeraireError(
    `bounty ${bountyId.toString()}: found account ${account}, expected the reviewer ${reviewer}`,
    {
      hint: "Sign from the reviewer's account; with --unsigned the reviewer's own wallet signs what is written.",
    },
  );
}
