import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { at } from "../../fixtures/at.js";
import { computeChannel, DAY, DELAY, now, redeem, type ComputeChannel } from "../../fixtures/compute-channel.js";
import { networkHelpers } from "../../fixtures/deployed.js";

const LIMIT = 50n;

interface WithKey extends ComputeChannel {
  until: bigint;
}

/** The user's key may sign up to 50 wei for a day. */
async function withKey(): Promise<WithKey> {
  const d = await computeChannel();
  const until = (await now()) + DAY;
  await d.compute.connect(d.user).authorizeSigner(1n, d.key, LIMIT, until);
  return { ...d, until };
}

const authorize = (d: ComputeChannel, limit: bigint, until: bigint) =>
  d.compute.connect(d.user).authorizeSigner(1n, d.key, limit, until);

describe("ComputeEscrow.authorizeSigner", () => {
  it("authorises a key for the caller, and tells of it", async () => {
    const d = await networkHelpers.loadFixture(computeChannel);
    const until = (await now()) + DAY;
    await expect(authorize(d, LIMIT, until))
      .to.emit(d.compute, "SignerAuthorized")
      .withArgs(1n, d.user, d.key, LIMIT, until);
    expect(await d.compute.getSigner(1n, d.user, d.key)).to.deep.equal([LIMIT, until]);
    expect(await d.compute.getSigner(1n, d.key, d.user)).to.deep.equal([0n, 0n]);
  });

  it("is for one provider alone", async () => {
    const d = await networkHelpers.loadFixture(withKey);
    await d.compute.connect(d.stranger).registerProvider("", d.stranger, DELAY);
    await d.compute.connect(d.user).deposit(2n, 100n);
    await expect(redeem(d, { providerId: 2n, cumulative: 1n, signer: d.key }))
      .to.be.revertedWithCustomError(d.compute, "InvalidSignature")
      .withArgs(d.user, d.key);
  });

  it("is for one user alone", async () => {
    const d = await networkHelpers.loadFixture(withKey);
    await d.nmr.connect(d.user).transfer(d.stranger, 100n);
    await d.nmr.connect(d.stranger).approve(d.compute, 100n);
    await d.compute.connect(d.stranger).deposit(1n, 100n);
    await expect(redeem(d, { user: d.stranger.address, cumulative: 1n, signer: d.key }))
      .to.be.revertedWithCustomError(d.compute, "InvalidSignature")
      .withArgs(d.stranger, d.key);
  });

  it("refuses nobody, and the caller itself, as a key", async () => {
    const d = await networkHelpers.loadFixture(computeChannel);
    for (const signer of [ZeroAddress, d.user.address]) {
      await expect(d.compute.connect(d.user).authorizeSigner(1n, signer, 1n, (await now()) + DAY))
        .to.be.revertedWithCustomError(d.compute, "InvalidSigner")
        .withArgs(signer);
    }
  });

  it("refuses a provider that is not there", async () => {
    const d = await networkHelpers.loadFixture(computeChannel);
    await expect(d.compute.connect(d.user).authorizeSigner(2n, d.key, 1n, (await now()) + DAY))
      .to.be.revertedWithCustomError(d.compute, "ProviderNotFound")
      .withArgs(2n);
  });

  it("refuses a time that does not lie ahead", async () => {
    const d = await networkHelpers.loadFixture(computeChannel);
    const second = (await now()) + 10n;
    await at(second);
    await expect(authorize(d, 1n, second))
      .to.be.revertedWithCustomError(d.compute, "InvalidTime")
      .withArgs(second + 1n, 2n ** 40n - 1n, second);
    await at(second + 1n);
    await authorize(d, 1n, second + 2n);
  });

  it("takes the last second there is", async () => {
    const d = await networkHelpers.loadFixture(computeChannel);
    await authorize(d, LIMIT, 2n ** 40n - 1n);
    expect((await d.compute.getSigner(1n, d.user, d.key)).until).to.equal(2n ** 40n - 1n);
  });

  describe("given a key that is authorised", () => {
    it("raises the limit, the time, or both", async () => {
      const d = await networkHelpers.loadFixture(withKey);
      for (const [limit, until] of [
        [LIMIT + 1n, d.until],
        [LIMIT + 1n, d.until + 1n],
        [LIMIT + 2n, d.until + 2n],
      ] as const) {
        await authorize(d, limit, until);
        expect(await d.compute.getSigner(1n, d.user, d.key)).to.deep.equal([limit, until]);
      }
    });

    it("lowers neither, so that credit extended on the key stays covered", async () => {
      const d = await networkHelpers.loadFixture(withKey);
      for (const [limit, until] of [
        [LIMIT - 1n, d.until],
        [LIMIT, d.until - 1n],
        [LIMIT - 1n, d.until + 1n],
        [LIMIT + 1n, d.until - 1n],
        [LIMIT, d.until],
      ] as const) {
        await expect(authorize(d, limit, until))
          .to.be.revertedWithCustomError(d.compute, "MayOnlyRise")
          .withArgs(LIMIT, d.until, limit, until);
      }
    });

    it("may lower the limit once the key has run out, not in its last second", async () => {
      const d = await networkHelpers.loadFixture(withKey);
      await at(d.until);
      await expect(authorize(d, LIMIT - 1n, d.until + 1n))
        .to.be.revertedWithCustomError(d.compute, "MayOnlyRise")
        .withArgs(LIMIT, d.until, LIMIT - 1n, d.until + 1n);
      await at(d.until + 1n);
      await authorize(d, LIMIT - 1n, d.until + 2n);
      expect((await d.compute.getSigner(1n, d.user, d.key)).limit).to.equal(LIMIT - 1n);
    });
  });

  describe("given a key that was revoked", () => {
    it("lowers neither until the revocation takes effect", async () => {
      const d = await networkHelpers.loadFixture(withKey);
      await d.compute.connect(d.user).revokeSigner(1n, d.key);
      const until = (await now()) + DELAY;
      await at(until);
      await expect(authorize(d, LIMIT - 1n, until + DAY))
        .to.be.revertedWithCustomError(d.compute, "MayOnlyRise")
        .withArgs(LIMIT, until, LIMIT - 1n, until + DAY);
    });

    it("authorises it anew with a lower limit, which holds for what it signed before as well", async () => {
      const d = await networkHelpers.loadFixture(withKey);
      await d.compute.connect(d.user).revokeSigner(1n, d.key);
      await networkHelpers.time.increase(DELAY + 1n);
      await authorize(d, 20n, (await now()) + DAY);
      await expect(redeem(d, { cumulative: LIMIT, signer: d.key }))
        .to.be.revertedWithCustomError(d.compute, "SignerLimitExceeded")
        .withArgs(d.key, 20n, LIMIT);
      await redeem(d, { cumulative: 20n, signer: d.key });
    });

    it("takes the revocation back by raising the time", async () => {
      const d = await networkHelpers.loadFixture(withKey);
      await d.compute.connect(d.user).revokeSigner(1n, d.key);
      await authorize(d, LIMIT, d.until);
      await at(d.until);
      await redeem(d, { cumulative: LIMIT, signer: d.key });
    });
  });
});
