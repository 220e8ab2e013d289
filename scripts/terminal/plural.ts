/** A count with its noun: "1 chunk", "2 chunks". */
export function plural(count: bigint | number, noun: string, many = `${noun}s`): string {
  return `${count.toString()} ${BigInt(count) === 1n ? noun : many}`;
}
