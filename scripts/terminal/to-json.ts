/**
 * JSON of a result: bigints as decimal strings, two spaces, a line feed at the end; keys in the order of the object, so
 * equal results give equal bytes.
 */
export function toJson(value: unknown): string {
  const text = JSON.stringify(value, (_key, one: unknown) => (typeof one === "bigint" ? one.toString() : one), 2);
  return `${text}\n`;
}
