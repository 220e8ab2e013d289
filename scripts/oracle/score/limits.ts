import type { Targets } from "./targets.js";

/** Bytes beside its rows that a prediction file may have: metadata of a Parquet file, or a long header. */
const SPARE = 1 << 20;
/** Bytes that a row may have beside its id: a probability written out in full, quotes, a column or two more. */
const ROW_SPARE = 256;

/** Most bytes that a prediction file may have, as it is and decompressed: several times what a plain one has. */
export function maxFileBytes({ rowCount, longestId }: Pick<Targets, "rowCount" | "longestId">): number {
  return SPARE + rowCount * (longestId + ROW_SPARE);
}
