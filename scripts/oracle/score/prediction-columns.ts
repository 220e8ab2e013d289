// A few bytes of Parquet can stand for gigabytes of text: what is too long to be right is never compared or parsed.

/** Bytes of a probability as text, with all the digits of any double: a longer text is no number. */
const PROBABILITY_BYTES = 1_100;

/** Characters of a value that are shown in messages. */
export const SHOWN = 64;

/** The probability of a row in a prediction file, in SQL; null for what is no number. */
export function probabilitySql(): string {
  return `TRY_CAST(CASE WHEN typeof(probability) = 'VARCHAR' AND strlen(CAST(probability AS VARCHAR)) > ${PROBABILITY_BYTES}
    THEN NULL ELSE probability END AS DOUBLE)`;
}

/** The id of a row, in SQL; null for one longer than any of the targets. */
export function readableId(longestId: number): string {
  return `CASE WHEN strlen(CAST(id AS VARCHAR)) <= ${longestId} THEN CAST(id AS VARCHAR) END`;
}

/** The id of a row for messages, in SQL; of one longer than any of the targets the beginning. */
export function shownId(longestId: number): string {
  return `CASE WHEN strlen(CAST(id AS VARCHAR)) <= ${longestId} THEN CAST(id AS VARCHAR)
    ELSE left(CAST(id AS VARCHAR), ${SHOWN}) || '…' END`;
}
