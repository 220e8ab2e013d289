import { expect } from "chai";

import { Uploads } from "../../scripts/compute/uploads.js";

describe("Uploads", () => {
  it("have room until all of it is taken, and again when some is given back", () => {
    const uploads = new Uploads({ total: 10, user: 6 });
    expect(uploads.take("a", 6)).to.be.a("function");
    expect(uploads.take("b", 5)).to.equal(undefined);
    const giveBack = uploads.take("b", 4);
    expect(uploads.take("c", 1)).to.equal(undefined);
    giveBack?.();
    expect(uploads.take("c", 4)).to.be.a("function");
  });

  it("of one user leave room for others", () => {
    const uploads = new Uploads({ total: 10, user: 6 });
    const giveBack = uploads.take("a", 4);
    expect(uploads.take("a", 3)).to.equal(undefined);
    expect(uploads.take("a", 2)).to.be.a("function");
    expect(uploads.take("b", 4)).to.be.a("function");
    giveBack?.();
    expect(uploads.take("a", 4)).to.be.a("function");
  });
});
