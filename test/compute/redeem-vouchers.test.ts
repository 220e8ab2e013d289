import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";
import { parseEther } from "ethers";

import { openBooks, type Books } from "../../scripts/compute/books.js";
import { redeemVouchers } from "../../scripts/compute/redeem-vouchers.js";
import {
  channelOf,
  computeChannel,
  DAY,
  DELAY,
  DEPOSIT,
  now,
  redeem,
  signed,
  termsOf,
  type ComputeChannel,
  type VoucherCall,
} from "../fixtures/compute-channel.js";
import { networkHelpers } from "../fixtures/deployed.js";
import { contextFor } from "../fixtures/oracle-round.js";

const LEAST = parseEther("1");

describe("redeemVouchers", () => {
  let d: ComputeChannel;
  let folder: string;
  let books: Books;

  beforeEach(async () => {
    d = await networkHelpers.loadFixture(computeChannel);
    folder = await mkdtemp(path.join(tmpdir(), "numeraire-redeem-"));
    books = await openBooks(path.join(folder, "books.jsonl"));
  });
  afterEach(async () => {
    await books.close();
    await rm(folder, { recursive: true });
  });

  const redeemAll = async () =>
    redeemVouchers({ ...contextFor(d), signer: d.provider }, books, await termsOf(d), LEAST);
  const hold = async (call: VoucherCall) => books.addVoucher(await signed(d, call));
  const paid = async () => (await redeemAll()).map((redemption) => redemption.paid);

  it("sends no transaction for dust, however often it is signed, and is paid for it with what comes later", async () => {
    await hold({ cumulative: 1n });
    expect(await redeemAll()).to.deep.equal([]);
    await hold({ cumulative: LEAST - 1n });
    expect(await redeemAll()).to.deep.equal([]);
    await hold({ cumulative: LEAST });
    expect(await paid()).to.deep.equal([LEAST]);
    // What is open counts, not what was signed in all.
    await hold({ cumulative: LEAST + 1n });
    expect(await redeemAll()).to.deep.equal([]);
    await hold({ cumulative: 2n * LEAST });
    expect(await paid()).to.deep.equal([LEAST]);
  });

  it("sends none for a balance that is dust", async () => {
    await d.compute.connect(d.provider).refund(d.user, DEPOSIT - LEAST + 1n);
    await hold({ cumulative: 5n * LEAST });
    expect(await redeemAll()).to.deep.equal([]);
    await d.compute.connect(d.user).deposit(1n, LEAST);
    expect(await paid()).to.deep.equal([2n * LEAST - 1n]);
  });

  it("sends none for what the chain would not pay: expired, of a key without the right, or paid already", async () => {
    const compute = d.compute.connect(d.user);
    await compute.authorizeSigner(1n, d.key, DEPOSIT, (await now()) + 7n * DAY);
    await hold({ cumulative: 2n * LEAST, signer: d.key });
    await compute.revokeSigner(1n, d.key);
    await networkHelpers.time.increase(DELAY + 1n);
    expect(await redeemAll()).to.deep.equal([]);
    await compute.authorizeSigner(1n, d.key, 2n * LEAST - 1n, (await now()) + 7n * DAY);
    expect(await redeemAll()).to.deep.equal([]);
    await hold({ cumulative: 3n * LEAST, validUntil: (await now()) + 60n });
    await networkHelpers.time.increase(61n);
    expect(await redeemAll()).to.deep.equal([]);
    await hold({ cumulative: 4n * LEAST });
    await redeem(d, { cumulative: 4n * LEAST });
    expect(await redeemAll()).to.deep.equal([]);
    expect((await channelOf(d)).claimed).to.equal(4n * LEAST);
  });
});
