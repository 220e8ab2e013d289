import { bountyStatusName, type BountyStatus } from "../../sdk/bounty-status.js";
import { NumeraireError } from "../../sdk/numeraire-error.js";
import { submissionStatusName, type SubmissionStatus } from "../../sdk/submission-status.js";
import type { Context } from "../chain/context.js";

/** A bounty as the contract has it now. */
export interface BountyState {
  bountyId: bigint;
  status: BountyStatus;
  issuer: string;
  reviewer: string;
  termsHash: string;
  /** Unix seconds. */
  postedAt: number;
  /** Last second to submit, in Unix seconds. */
  deadline: number;
  /** NMR ever put in, in wei. */
  funded: bigint;
  /** NMR neither awarded nor given back, in wei. */
  unawarded: bigint;
  /** NMR that was unawarded at closing, in wei; zero before. */
  remainder: bigint;
  submissionCount: number;
  /** Submissions neither awarded nor rejected. */
  pendingCount: number;
  /** First second in which it can be cancelled with a submission pending, in Unix seconds; zero without a notice. */
  cancellableFrom: number;
}

export interface SubmissionState {
  submissionId: bigint;
  submitter: string;
  /** Unix seconds. */
  submittedAt: number;
  status: SubmissionStatus;
  contentHash: string;
}

/**
 * Reads a bounty.
 * @throws {NumeraireError} when there is none with the number.
 */
export async function readBounty({ suite: { bounties } }: Context, bountyId: bigint): Promise<BountyState> {
  const bounty = await bounties.getBounty(bountyId);
  const status = bountyStatusName(bounty.status);
  if (status === "None") {
    const count = await bounties.bountyCount();
    throw new NumeraireError(
      `bounty ${bountyId.toString()}: found ${count.toString()} bounties, expected one with this number`,
      {
        hint: "Look the bounties up with list.",
      },
    );
  }
  const { issuer, reviewer, termsHash, funded, unawarded, remainder } = bounty;
  return {
    bountyId,
    status,
    issuer,
    reviewer,
    termsHash,
    postedAt: Number(bounty.postedAt),
    deadline: Number(bounty.deadline),
    funded,
    unawarded,
    remainder,
    submissionCount: Number(bounty.submissionCount),
    pendingCount: Number(bounty.pendingCount),
    cancellableFrom: Number(bounty.cancellableFrom),
  };
}

/**
 * Reads a submission of a bounty.
 * @throws {NumeraireError} when there is none with the number.
 */
export async function readSubmission(
  { suite: { bounties } }: Context,
  { bountyId, submissionCount }: BountyState,
  submissionId: bigint,
): Promise<SubmissionState> {
  const { submitter, submittedAt, status, contentHash } = await bounties.getSubmission(bountyId, submissionId);
  if (status === 0n) {
    throw new NumeraireError(
      `bounty ${bountyId.toString()}: found ${submissionCount} submissions, expected one numbered ${submissionId.toString()}`,
      { hint: "Look the submissions up with show." },
    );
  }
  return {
    submissionId,
    submitter,
    submittedAt: Number(submittedAt),
    status: submissionStatusName(status),
    contentHash,
  };
}
