const KEPT = 40n;
const WINDOW = 20n;
const KEPT_MASK = (1n << KEPT) - 1n;
const WINDOW_MASK = (1n << WINDOW) - 1n;

/** Which of the newest 40 resolved rounds a model qualified in. */
export interface TrackRecord {
  /** One bit a resolved round: bit 0 for `lastOrdinal`, bit i for `lastOrdinal - i`. */
  history: bigint;
  /** Ordinal of the newest settled round the model qualified in; 0 for none. */
  lastOrdinal: number;
}

/** The record of a model that never qualified. */
export const NO_RECORD: TrackRecord = Object.freeze({ history: 0n, lastOrdinal: 0 });

/**
 * The record after settling the round with this ordinal: a round the model did not qualify in, or missed, is a zero and
 * changes nothing. The order of settling does not change the final record.
 */
export function record(before: TrackRecord, ordinal: number, qualified: boolean): TrackRecord {
  if (!qualified) return before;
  const { history, lastOrdinal } = before;
  if (ordinal > lastOrdinal) {
    return { history: ((history << BigInt(ordinal - lastOrdinal)) | 1n) & KEPT_MASK, lastOrdinal: ordinal };
  }
  return { history: (history | (1n << BigInt(lastOrdinal - ordinal))) & KEPT_MASK, lastOrdinal };
}

/**
 * Rounds the model qualified in among the ordinals `ordinal - 20` to `ordinal - 1`, as recorded so far.
 * @returns Reputation, 0–20.
 */
export function reputationBefore({ history, lastOrdinal }: TrackRecord, ordinal: number): number {
  const shift = BigInt(ordinal - 1 - lastOrdinal);
  const window = (shift >= 0n ? history << shift : history >> -shift) & WINDOW_MASK;
  return window.toString(2).replaceAll("0", "").length;
}
