/** Calls that ethers puts into one request: all of one moment, up to a hundred. */
const AT_ONCE = 100;

/**
 * Asks the same of many items: of a hundred at once, which take one request a question, and then of the next.
 * @returns The answers in the order of the items.
 */
export async function askInBatches<T, R>(items: readonly T[], ask: (item: T) => Promise<R>): Promise<R[]> {
  const answers: R[] = [];
  for (let from = 0; from < items.length; from += AT_ONCE) {
    answers.push(...(await Promise.all(items.slice(from, from + AT_ONCE).map(ask))));
  }
  return answers;
}
