const KEPT = 40n;
const WINDOW = 20n;
const KEPT_MASK = (1n << KEPT) - 1n;
const WINDOW_MASK = (1n << WINDOW) - 1n;

/** Which of the newest 40 resolved rounds a model qualified in. */
export interface TrackRecord {
  /** One bit a resolved round: bit 0 for `lastOrdinal`, bit i for `lastOrdinal - i`. */
  history: bigint;
  /** Newest ordinal recorded; 0 for none. */
  lastOrdinal: number;
}

/** The record of a model that was never settled in a resolved round. */
export const NO_RECORD: TrackRecord = Object.freeze({ history: 0n, lastOrdinal: 0 });

/** The record after settling the round with this ordinal; the order of settling does not change the final record. */
export function record({ history, lastOrdinal }: TrackRecord, ordinal: number, qualified: boolean): TrackRecord {
  const bit = qualified ? 1n : 0n;
  if (ordinal > lastOrdinal) {
    return { history: ((history << BigInt(ordinal - lastOrdinal)) | bit) & KEPT_MASK, lastOrdinal: ordinal };
  }
  return { history: (history | (bit << BigInt(lastOrdinal - ordinal))) & KEPT_MASK, lastOrdinal };
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
