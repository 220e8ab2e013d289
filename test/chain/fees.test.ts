import { expect } from "chai";

import { boundedCeiling, boundedFees, firstFees, raisedFees } from "../../scripts/chain/fees.js";

describe("fees", () => {
  describe("of the first offer", () => {
    const suggested = { most: 41n, tip: 1n };

    it("are the node's below the ceiling", () => {
      expect(firstFees(suggested, 20n, 41n)).to.equal(suggested);
    });
    it("are the ceiling where the next block takes it", () => {
      expect(firstFees(suggested, 20n, 40n)).to.deep.equal({ most: 40n, tip: 1n });
      expect(firstFees(suggested, 20n, 21n)).to.deep.equal({ most: 21n, tip: 1n });
    });
    it("are none where it does not", () => {
      expect(firstFees(suggested, 20n, 20n)).to.equal(undefined);
      expect(firstFees({ most: 41n }, 0n, 40n)).to.equal(undefined);
    });
  });

  describe("without a ceiling", () => {
    const gwei = 10n ** 9n;

    it("are the node's, with a tip of 100 gwei at most", () => {
      const modest = { most: 300n * gwei, tip: 100n * gwei };
      expect(boundedFees(modest)).to.deep.equal(modest);
      expect(boundedFees({ most: 9_040n * gwei, tip: 9_000n * gwei })).to.deep.equal({
        most: 140n * gwei,
        tip: 100n * gwei,
      });
    });
    it("are 100 gwei at most where the whole price is paid", () => {
      expect(boundedFees({ most: 20n * gwei })).to.deep.equal({ most: 20n * gwei });
      expect(boundedFees({ most: 9_000n * gwei })).to.deep.equal({ most: 100n * gwei });
    });
    it("rise to four times the first, and the tip to 400 gwei", () => {
      const ceiling = boundedCeiling({ most: 9_000n * gwei, tip: 100n * gwei });
      expect(ceiling).to.deep.equal({ most: 36_000n * gwei, tip: 400n * gwei });
      const raised = raisedFees(
        { most: 9_000n * gwei, tip: 300n * gwei },
        { most: 20_000n * gwei, tip: 9_000n * gwei },
        ceiling,
      );
      expect(raised).to.deep.equal({ most: 20_000n * gwei, tip: 400n * gwei });
      expect(raisedFees({ most: 9_000n * gwei, tip: 400n * gwei }, { most: 0n }, ceiling)).to.equal(undefined);
    });
  });

  describe("of a replacement", () => {
    const upTo = (ceiling: bigint) => ({ most: ceiling, tip: ceiling });

    it("are a quarter more, rounded up, tip included", () => {
      expect(raisedFees({ most: 100n, tip: 4n }, { most: 10n, tip: 1n }, upTo(1_000n))).to.deep.equal({
        most: 126n,
        tip: 6n,
      });
      expect(raisedFees({ most: 1n }, { most: 0n }, upTo(1_000n))).to.deep.equal({ most: 2n });
    });
    it("are what the market asks where that is more", () => {
      expect(raisedFees({ most: 100n, tip: 4n }, { most: 300n, tip: 9n }, upTo(1_000n))).to.deep.equal({
        most: 300n,
        tip: 9n,
      });
    });
    it("are the ceiling where that is a tenth more, and none where it is not", () => {
      expect(raisedFees({ most: 100n, tip: 4n }, { most: 300n, tip: 9n }, upTo(111n))).to.deep.equal({
        most: 111n,
        tip: 9n,
      });
      expect(raisedFees({ most: 100n, tip: 4n }, { most: 300n, tip: 9n }, upTo(110n))).to.equal(undefined);
    });
    it("have no greater tip than they pay", () => {
      expect(raisedFees({ most: 100n, tip: 100n }, { most: 0n, tip: 500n }, upTo(120n))).to.deep.equal({
        most: 120n,
        tip: 120n,
      });
    });
  });
});
