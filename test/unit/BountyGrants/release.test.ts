import { expect } from "chai";
import { parseEther } from "ethers";

import { at } from "../../fixtures/at.js";
import { award, submittedBounty, type OpenBounty } from "../../fixtures/bounties.js";
import { ethers, networkHelpers } from "../../fixtures/deployed.js";

/** 1,000 wei for the author over 300 seconds, and 10 NMR for the colleague. */
const AMOUNT = 1_000n;
const DURATION = 300n;

interface VestingBounty extends OpenBounty {
  /** When vesting began. */
  startsAt: bigint;
}

async function vestingBounty(): Promise<VestingBounty> {
  const d = await submittedBounty();
  await award(d, { amounts: [AMOUNT, parseEther("10")], vestingSeconds: DURATION });
  return { ...d, startsAt: BigInt(await networkHelpers.time.latest()) };
}

describe("BountyGrants.release", () => {
  describe("given a grant that vests", () => {
    for (const [elapsed, vested] of [
      [1n, 3n],
      [100n, 333n],
      [299n, 996n],
      [300n, 1_000n],
      [301n, 1_000n],
      [100_000_000n, 1_000n],
    ] as const) {
      it(`has vested ${vested} of 1,000 wei after ${elapsed} of 300 seconds`, async () => {
        const d = await networkHelpers.loadFixture(vestingBounty);
        await at(d.startsAt + elapsed);
        const releasing = d.bounties.connect(d.stranger).release(1n);
        await expect(releasing).to.changeTokenBalances(
          ethers,
          d.nmr,
          [d.bounties, d.author, d.stranger],
          [-vested, vested, 0n],
        );
        await expect(releasing).to.emit(d.bounties, "GrantReleased").withArgs(1n, d.author, vested);
        expect((await d.bounties.getGrant(1n)).released).to.equal(vested);
      });
    }

    it("pays only what vested since the last time, and all of it in the end", async () => {
      const d = await networkHelpers.loadFixture(vestingBounty);
      await at(d.startsAt + 100n);
      await d.bounties.release(1n);
      await at(d.startsAt + 101n);
      await expect(d.bounties.release(1n)).to.changeTokenBalance(ethers, d.nmr, d.author, 3n);
      await at(d.startsAt + DURATION);
      await expect(d.bounties.release(1n)).to.changeTokenBalance(ethers, d.nmr, d.author, 664n);
    });

    it("leaves the other grants of the award alone", async () => {
      const d = await networkHelpers.loadFixture(vestingBounty);
      await at(d.startsAt + DURATION);
      await d.bounties.release(1n);
      expect((await d.bounties.getGrant(2n)).released).to.equal(0n);
      await expect(d.bounties.release(2n)).to.changeTokenBalance(ethers, d.nmr, d.colleague, parseEther("10"));
    });

    it("refuses when nothing vested since, and after the end", async () => {
      const d = await networkHelpers.loadFixture(vestingBounty);
      await at(d.startsAt + DURATION);
      await d.bounties.release(1n);
      await expect(d.bounties.release(1n)).to.be.revertedWithCustomError(d.bounties, "NothingVested").withArgs(1n);
    });

    it("refuses before the first wei has vested", async () => {
      const d = await networkHelpers.loadFixture(submittedBounty);
      await award(d, { amounts: [1n, 1n], vestingSeconds: DURATION });
      const startsAt = BigInt(await networkHelpers.time.latest());
      await at(startsAt + DURATION - 1n);
      await expect(d.bounties.release(1n)).to.be.revertedWithCustomError(d.bounties, "NothingVested").withArgs(1n);
      await at(startsAt + DURATION);
      await expect(d.bounties.release(1n)).to.changeTokenBalance(ethers, d.nmr, d.author, 1n);
    });
  });

  describe("given a view of what would be paid", () => {
    it("says what release pays in the same second", async () => {
      const d = await networkHelpers.loadFixture(vestingBounty);
      expect(await d.bounties.releasable(1n)).to.equal(0n);
      await networkHelpers.time.increaseTo(d.startsAt + 150n);
      expect(await d.bounties.releasable(1n)).to.equal(500n);
      await at(d.startsAt + 151n);
      await d.bounties.release(1n);
      expect(await d.bounties.releasable(1n)).to.equal(0n);
    });
  });

  describe("given no such grant", () => {
    it("refuses to pay, to show it and to say what it would pay", async () => {
      const d = await networkHelpers.loadFixture(vestingBounty);
      for (const grantId of [0n, 3n]) {
        for (const call of [d.bounties.release, d.bounties.getGrant, d.bounties.releasable]) {
          await expect(call(grantId)).to.be.revertedWithCustomError(d.bounties, "GrantNotFound").withArgs(grantId);
        }
      }
    });
  });
});
