import { expect } from "chai";

import { firstFees, raisedFees } from "../../scripts/chain/fees.js";

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

  describe("of a replacement", () => {
    it("are a quarter more, rounded up, tip included", () => {
      expect(raisedFees({ most: 100n, tip: 4n }, { most: 10n, tip: 1n }, 1_000n)).to.deep.equal({
        most: 126n,
        tip: 6n,
      });
      expect(raisedFees({ most: 1n }, { most: 0n }, 1_000n)).to.deep.equal({ most: 2n });
    });
    it("are what the market asks where that is more", () => {
      expect(raisedFees({ most: 100n, tip: 4n }, { most: 300n, tip: 9n }, 1_000n)).to.deep.equal({
        most: 300n,
        tip: 9n,
      });
    });
    it("are the ceiling where that is a tenth more, and none where it is not", () => {
      expect(raisedFees({ most: 100n, tip: 4n }, { most: 300n, tip: 9n }, 111n)).to.deep.equal({ most: 111n, tip: 9n });
      expect(raisedFees({ most: 100n, tip: 4n }, { most: 300n, tip: 9n }, 110n)).to.equal(undefined);
    });
    it("have no greater tip than they pay", () => {
      expect(raisedFees({ most: 100n, tip: 100n }, { most: 0n, tip: 500n }, 120n)).to.deep.equal({
        most: 120n,
        tip: 120n,
      });
    });
  });
});
