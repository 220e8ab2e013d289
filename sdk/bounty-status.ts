/** Names of the contract's `BountyStatus`, in the order of its numbers. */
export const BOUNTY_STATUSES = ["None", "Open", "Review", "Overdue", "Awarded", "Cancelled", "Expired"] as const;

export type BountyStatus = (typeof BOUNTY_STATUSES)[number];

/**
 * The name of a bounty's status as the contract returns it.
 * @throws {RangeError} for a number the contract does not have.
 */
export function bountyStatusName(status: bigint): BountyStatus {
  const name = BOUNTY_STATUSES[Number(status)];
  if (name === undefined) throw new RangeError(`bounty status ${status.toString()}`);
  return name;
}
