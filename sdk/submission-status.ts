/** Names of the contract's `SubmissionStatus`, in the order of its numbers. */
export const SUBMISSION_STATUSES = ["None", "Pending", "Awarded", "Rejected"] as const;

export type SubmissionStatus = (typeof SUBMISSION_STATUSES)[number];

/**
 * The name of a submission's status as the contract returns it.
 * @throws {RangeError} for a number the contract does not have.
 */
export function submissionStatusName(status: bigint): SubmissionStatus {
  const name = SUBMISSION_STATUSES[Number(status)];
  if (name === undefined) throw new RangeError(`submission status ${status.toString()}`);
  return name;
}
