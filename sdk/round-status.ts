/** Names of the contract's `RoundStatus`, in the order of its numbers. */
export const ROUND_STATUSES = ["None", "Open", "Closed", "Resolved", "Void"] as const;

export type RoundStatus = (typeof ROUND_STATUSES)[number];

/**
 * The name of a round status as the contract returns it.
 * @throws {RangeError} for a number the contract does not have.
 */
export function roundStatusName(status: bigint): RoundStatus {
  const name = ROUND_STATUSES[Number(status)];
  if (name === undefined) throw new RangeError(`round status ${status.toString()}`);
  return name;
}
