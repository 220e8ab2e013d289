import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";
import { id, parseEther } from "ethers";

import { openBooks, type Books } from "../../scripts/compute/books.js";
import { redeemVouchers } from "../../scripts/compute/redeem-vouchers.js";
import { voucherDesk, type VoucherDesk } from "../../scripts/compute/vouchers.js";
import {
  computeChannel,
  DAY,
  DELAY,
  DEPOSIT,
  now,
  limitOwner,
  signed,
  termsOf,
  withWallet,
  type ComputeChannel,
  type VoucherCall,
} from "../fixtures/compute-channel.js";
import { addressOf } from "../fixtures/address-of.js";
import { networkHelpers } from "../fixtures/deployed.js";
import { failure } from "../fixtures/failure.js";
import { contextFor } from "../fixtures/oracle-round.js";

const COST = parseEther("2");

describe("A desk for vouchers", () => {
  let d: ComputeChannel;
  let folder: string;
  let books: Books;
  let desk: VoucherDesk;
  let user: string;

  beforeEach(async () => {
    d = await networkHelpers.loadFixture(computeChannel);
    user = d.user.address;
    folder = await mkdtemp(path.join(tmpdir(), "numeraire-desk-"));
    books = await openBooks(path.join(folder, "books.jsonl"));
    desk = voucherDesk(books, await termsOf(d));
    await use();
  });
  afterEach(async () => {
    await books.close();
    await rm(folder, { recursive: true });
  });

  /** A line more of what the user's job used. */
  const use = async () => {
    const index = books.linesOf(user).length;
    await books.addLine(user, { jobId: id("job"), index, cpuMicros: 1n, byteMillis: 1n, cost: COST });
  };
  /** Signs what is demanded, with changes. */
  const sign = async (changes: VoucherCall = {}) => {
    const demand = await desk.demandOf(user, false);
    if (demand === undefined) throw new Error("nothing is demanded");
    const { lines, cumulative, usageRoot } = demand;
    return { lines, voucher: await signed(d, { cumulative, usageRoot, validUntil: (await now()) + DAY, ...changes }) };
  };
  const give = async (changes: VoucherCall = {}) => {
    const { lines, voucher } = await sign(changes);
    await desk.accept(voucher, lines);
  };
  const cover = async () => (await desk.standingOf(user)).signed;

  it("counts a voucher as cover until it might end before it is redeemed, and then asks for it again", async () => {
    await give();
    expect(await cover()).to.equal(COST);
    expect(await desk.demandOf(user, false)).to.equal(undefined);
    const validUntil = books.voucherOf(user)?.voucher.validUntil ?? 0n;
    const { redeemEvery } = await termsOf(d);
    await networkHelpers.time.increaseTo(validUntil - redeemEvery - 1n);
    expect(await cover()).to.equal(COST);
    await networkHelpers.time.increaseTo(validUntil - redeemEvery);
    expect(await cover()).to.equal(0n);
    expect(await desk.demandOf(user, false)).to.include({ lines: 1, cumulative: COST });
    await give();
    expect(await cover()).to.equal(COST);
    expect((books.voucherOf(user)?.voucher.validUntil ?? 0n) > validUntil).to.equal(true);
  });

  it("asks for nothing again that was paid in time, and counts it as paid", async () => {
    await give();
    await redeemVouchers({ ...contextFor(d), signer: d.provider }, books, await termsOf(d), 1n);
    await networkHelpers.time.increase(2n * DAY);
    expect(await desk.demandOf(user, false)).to.equal(undefined);
    expect(await desk.standingOf(user)).to.deep.equal({ claimed: COST, available: DEPOSIT - COST, signed: 0n });
  });

  it("counts a session key's voucher as cover no longer than the key lasts, also once it is revoked", async () => {
    const compute = d.compute.connect(d.user);
    await compute.authorizeSigner(1n, d.key, DEPOSIT, (await now()) + 30n * DAY);
    await give({ signer: d.key, validUntil: (await now()) + 30n * DAY });
    expect(await cover()).to.equal(COST);
    await compute.revokeSigner(1n, d.key);
    const { redeemEvery } = await termsOf(d);
    await networkHelpers.time.increase(DELAY - redeemEvery + 1n);
    expect(await cover()).to.equal(0n);
    // The key is good again, but not for what it signed before.
    await networkHelpers.time.increase(redeemEvery);
    await compute.authorizeSigner(1n, d.key, COST - 1n, (await now()) + 30n * DAY);
    expect(await cover()).to.equal(0n);
    expect((await desk.demandOf(user, false))?.cumulative).to.equal(COST);
    await give();
    expect(await cover()).to.equal(COST);
  });

  it("takes no wallet's word beyond the limit of its session key, since it can be taken back", async () => {
    const channel = await withWallet(d);
    await limitOwner(channel, COST - 1n);
    user = await addressOf(channel.wallet);
    await use();
    const { lines, voucher } = await sign({ user });
    expect(await d.compute.redeem.staticCall(voucher.voucher, voucher.signature), "now").to.equal(COST);
    expect((await failure(desk.accept(voucher, lines))).message).to.contain(`session key's limit: found ${COST - 1n}`);
    await limitOwner(channel, COST);
    await desk.accept(voucher, lines);
    expect(await cover()).to.equal(COST);
  });

  it("counts what is being withdrawn as no balance", async () => {
    await d.compute.connect(d.user).startWithdrawal(1n, DEPOSIT - 5n);
    expect(await desk.standingOf(user)).to.deep.equal({ claimed: 0n, available: 5n, signed: 0n });
  });

  it("refuses the same voucher again, and an earlier one after a later one", async () => {
    const early = await sign();
    await use();
    const late = await sign();
    await desk.accept(late.voucher, late.lines);
    expect((await failure(desk.accept(late.voucher, late.lines))).message).to.contain("cumulative: found");
    expect((await failure(desk.accept(early.voucher, early.lines))).message).to.contain("cumulative: found");
    expect(books.voucherOf(user)).to.deep.equal(late.voucher);
  });

  it("keeps the higher of two that come at once, whichever is written first", async () => {
    for (const order of [0, 1]) {
      const early = await sign();
      await use();
      const late = await sign();
      const both = order === 0 ? [early, late] : [late, early];
      await Promise.allSettled(both.map(({ voucher, lines }) => desk.accept(voucher, lines)));
      expect(books.voucherOf(user)).to.deep.equal(late.voucher);
      await use();
    }
  });

  it("refuses one that has expired, or ends before it is redeemed", async () => {
    expect((await failure(give({ validUntil: (await now()) - 1n }))).message).to.contain("validUntil: found");
    expect((await failure(give({ validUntil: (await now()) + DELAY - 60n }))).message).to.contain("validUntil: found");
  });

  it("refuses one for lines that were never demanded, without hashing them", async () => {
    const { voucher } = await sign();
    const other = voucherDesk(books, await termsOf(d));
    expect((await failure(other.accept(voucher, 1))).message).to.contain("expected as many as were demanded just now");
  });

  it("answers from memory while a log is growing, and exactly once it is not", async () => {
    for (let i = 0; i < 200; i += 1) await use();
    const first = await desk.demandOf(user, true);
    expect(first?.lines).to.equal(201);
    await use();
    expect(await desk.demandOf(user, true)).to.equal(first);
    expect((await desk.demandOf(user, false))?.lines).to.equal(202);
  });
});
