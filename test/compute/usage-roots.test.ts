import { expect } from "chai";
import { id, ZeroHash } from "ethers";

import { usageRoot, type UsageLine } from "../../scripts/compute/usage-log.js";
import { usageRoots } from "../../scripts/compute/usage-roots.js";

const LINES: UsageLine[] = Array.from({ length: 40 }, (_, index) => ({
  jobId: id(`job ${index % 3}`),
  index,
  cpuMicros: BigInt(index * 1_000),
  byteMillis: 2n ** 40n + BigInt(index),
  cost: BigInt(index),
}));

describe("usageRoots", () => {
  it("are those of the library's trees, for logs of every length, as they grow and for earlier places", async () => {
    const roots = usageRoots();
    expect(await roots.of("user", LINES, 0)).to.equal(ZeroHash);
    for (let count = 1; count <= LINES.length; count += 1) {
      expect(await roots.of("user", LINES, count), `${count} lines`).to.equal(usageRoot(LINES.slice(0, count)));
    }
    expect(await roots.of("user", LINES, 7)).to.equal(usageRoot(LINES.slice(0, 7)));
  });

  it("keep users apart, and calls that come at once", async () => {
    const roots = usageRoots();
    const other = LINES.slice(20);
    const [first, second, third] = await Promise.all([
      roots.of("user", LINES, 40),
      roots.of("other", other, 20),
      roots.of("user", LINES, 39),
    ]);
    expect(first).to.equal(usageRoot(LINES));
    expect(second).to.equal(usageRoot(other));
    expect(third).to.equal(usageRoot(LINES.slice(0, 39)));
  });

  it("let the process do something else meanwhile", async () => {
    const lines = Array.from({ length: 1_000 }, (_, index) => ({
      jobId: id("job"),
      index,
      cpuMicros: 1n,
      byteMillis: 1n,
      cost: 1n,
    }));
    let turns = 0;
    let done = false;
    const turn = (): void => {
      turns += 1;
      if (!done) setImmediate(turn);
    };
    setImmediate(turn);
    await usageRoots().of("user", lines, lines.length);
    done = true;
    expect(turns).to.be.greaterThan(10);
  });
});
