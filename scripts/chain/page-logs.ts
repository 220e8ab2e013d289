/** Blocks a request: what public nodes commonly allow. */
const PAGE = 10_000;
/** A node that refuses fewer blocks than this has another reason. */
const LEAST_PAGE = 16;

/**
 * Asks for logs page by page; a node that refuses a page is asked for halves of it.
 * @param query Logs of the blocks `from` to `to`, both included.
 * @param range First and last block.
 * @param page Blocks a request.
 * @returns Logs in the order of the chain.
 */
export async function pageLogs<T>(
  query: (from: number, to: number) => Promise<T[]>,
  range: { from: number; to: number },
  page = PAGE,
): Promise<T[]> {
  const logs: T[] = [];
  let size = page;
  for (let from = range.from; from <= range.to;) {
    const to = Math.min(from + size - 1, range.to);
    try {
      for (const log of await query(from, to)) logs.push(log);
      from = to + 1;
    } catch (error) {
      if (size <= LEAST_PAGE) throw error;
      size = Math.ceil(size / 2);
    }
  }
  return logs;
}
