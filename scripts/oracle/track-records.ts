import { NO_RECORD, record, reputationBefore, type TrackRecord } from "../../sdk/track-record.js";

/** A settlement as its event tells it. */
export interface Settlement {
  roundId: bigint;
  modelId: bigint;
  qualified: boolean;
}

/** Reputations as the settlements of every round made them. */
export interface Replay {
  /** Record of each model after the last settlement. */
  records: Map<bigint, TrackRecord>;
  /** Reputation each settlement was paid by, in the order of the settlements; 0 in void rounds. */
  reputations: number[];
}

/**
 * Replays the track records of all models.
 * @param settlements Settlements of all rounds in the order of the chain.
 * @param ordinals Ordinal of every resolved round; a round that is not among them is void.
 */
export function replayTrackRecords(settlements: readonly Settlement[], ordinals: ReadonlyMap<bigint, number>): Replay {
  const records = new Map<bigint, TrackRecord>();
  const reputations = settlements.map(({ roundId, modelId, qualified }) => {
    const ordinal = ordinals.get(roundId);
    if (ordinal === undefined) return 0;
    const before = records.get(modelId) ?? NO_RECORD;
    records.set(modelId, record(before, ordinal, qualified));
    return reputationBefore(before, ordinal);
  });
  return { records, reputations };
}
