import { expect } from "chai";

import { pageLogs } from "../../scripts/chain/page-logs.js";

describe("pageLogs", () => {
  /** A node that holds one log a block and answers at most so many blocks at once. */
  const node = (limit: number) => {
    const asked: [number, number][] = [];
    const query = (from: number, to: number): Promise<number[]> => {
      asked.push([from, to]);
      if (to - from + 1 > limit) return Promise.reject(new Error("too many blocks"));
      return Promise.resolve(Array.from({ length: to - from + 1 }, (_, i) => from + i));
    };
    return { asked, query };
  };

  it("asks page by page, each block once", async () => {
    const { asked, query } = node(10_000);
    expect(await pageLogs(query, { from: 5, to: 30 }, 10)).to.deep.equal(Array.from({ length: 26 }, (_, i) => i + 5));
    expect(asked).to.deep.equal([
      [5, 14],
      [15, 24],
      [25, 30],
    ]);
  });

  it("asks for less where the node refuses, and loses nothing", async () => {
    const { query } = node(30);
    expect(await pageLogs(query, { from: 0, to: 199 }, 100)).to.deep.equal(Array.from({ length: 200 }, (_, i) => i));
  });

  it("gives up where the node refuses a few blocks as well", async () => {
    const { query } = node(0);
    let message = "";
    await pageLogs(query, { from: 0, to: 199 }).catch((error: unknown) => {
      message = String(error);
    });
    expect(message).to.equal("Error: too many blocks");
  });

  it("asks nothing for an empty range", async () => {
    const { asked, query } = node(10);
    expect(await pageLogs(query, { from: 3, to: 2 })).to.deep.equal([]);
    expect(asked).to.deep.equal([]);
  });
});
